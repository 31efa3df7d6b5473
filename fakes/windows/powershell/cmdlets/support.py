"""What the cmdlets of this package share: texts, property access, script blocks, common errors."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fakes.windows.powershell.command import Cmdlet, Param
from fakes.windows.powershell.conversion import to_bool, to_string
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord
from fakes.windows.powershell.formatting.access import Reader
from fakes.windows.powershell.formatting.expressions import BadKey, Expression, parse
from fakes.windows.powershell.position import Extent
from fakes.windows.powershell.values import PSObject

UTILITY = "Microsoft.PowerShell.Utility"
MANAGEMENT = "Microsoft.PowerShell.Management"
CORE = "Microsoft.PowerShell.Core"
DIAGNOSTICS = "Microsoft.PowerShell.Diagnostics"


class Unsimulated(Param):
    """A parameter the real cmdlet has and ours does not honour: using it is refused, never ignored."""


class PSCmdlet(Cmdlet):
    """Base of the cmdlets here."""

    context: Any  # the interpreter of the session

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "begin" in cls.__dict__:
            cls.begin = _checked(cls.begin)  # type: ignore[method-assign, assignment]

    def begin(self) -> None:
        self.refuse_unsimulated()

    def refuse_unsimulated(self) -> None:
        """Raises NotSimulated for a parameter that is declared but not honoured."""
        for name in self.bound:
            if isinstance(self.parameters.get(name), Unsimulated):
                raise self.not_simulated(f"{self.cmdlet_name} -{name}")

    @property
    def reader(self) -> Reader:
        """Reads values as the formatter does."""
        return Reader(self.context)

    def text(self, value: Any) -> str:
        """A value as string interpolation shows it."""
        return to_string(value)

    def texts(self, values: Iterable[Any] | None) -> list[str]:
        """Each value as a string."""
        return [to_string(value) for value in values or ()]

    def truth(self, value: Any) -> bool:
        """A value as a condition."""
        return to_bool(value)

    def expressions(self, given: Any, kind: str) -> list[Expression]:
        """Reads ``-Property``: one value or a list of names, script blocks and hashtables."""
        if given is None:
            return []
        try:
            return [
                parse(item, kind, self.reader) for item in (given if isinstance(given, list) else [given])
            ]
        except BadKey as error:
            raise self.throw(
                ErrorRecord(
                    f"The {error} key is not valid.",
                    "DictionaryKeyUnknown",
                    "InvalidArgument",
                    exception_type=AUTOMATION + "PSInvalidOperationException"
                    if kind == "select"
                    else "System.NotSupportedException",
                )
            ) from None

    def run(
        self,
        block: Any,
        *,
        item: Any = None,
        args: Iterable[Any] = (),
        write: Callable[[Any], None] | None = None,
    ) -> Any:
        """Runs a script block in the caller's scope with ``$_`` set to `item`.

        Args:
            block: the script block.
            item: the value of ``$_``.
            args: arguments of the block.
            write: receives each output object; None collects them.

        Returns:
            The list of output objects, empty when `write` is given.
        """
        return self.reader.run(block, item, args, write)

    def report_as_caller(self, record: ErrorRecord) -> None:
        """Reports an error under the invocation of the calling script or function (Write-Error).

        The call of a function is shown with its position. A script that powershell.exe runs has none: 5.1 prints
        its path, or, for -Command, its whole text.
        """
        caller = self.context.get_variable("MyInvocation")
        command = caller.get("MyCommand") if isinstance(caller, PSObject) else None
        place = self.context.extent_of(self.context.node)
        if command is None:
            name, position = place.source.file or place.source.text, ""
        else:
            name = str(command.get("Path") or caller.get("InvocationName") or command.get("Name"))
            position = str(caller.get("PositionMessage") or "")
            record.fqid = f"{record.fqid},{command.get('Name')}"
        record.invocation.command = record.invocation.name = name
        record.invocation.extent = _CallerExtent(place.source, place.start, place.end, position)
        self.runtime.error(record)

    def not_simulated(self, construct: str) -> Exception:
        """``raise self.not_simulated("Get-X -Y")``: recorded, and never taken for success."""
        error: Exception = self.context.refuse(construct)
        return error

    def set_variable(self, name: str, value: Any) -> None:
        """Assigns a variable of the caller's scope."""
        self.context.set_variable(name, value)


def _checked(begin: Callable[[Any], None]) -> Callable[[Any], None]:
    @functools.wraps(begin)
    def checked(self: PSCmdlet) -> None:
        self.refuse_unsimulated()
        begin(self)

    return checked


@dataclass(frozen=True)
class _CallerExtent(Extent):
    """A place that shows another position: that of the caller, or none."""

    shown: str = ""

    def message(self) -> str:
        return self.shown
