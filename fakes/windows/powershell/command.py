"""What a cmdlet is: a class with declared parameters, registered under a name.

.. code-block:: python

    @cmdlet("Get-Widget", aliases=["gw"], default_set="Default")
    class GetWidget(Cmdlet):
        \"\"\"Get-Widget.\"\"\"

        Name = Param("string[]", position=0, value_from_pipeline=True, aliases=["WidgetName"])
        All = Param("switch")

        def process(self) -> None:
            for name in self.Name or ["*"]:
                self.write(name)

The binder converts arguments to the declared types and sets them as attributes of the
instance; a parameter that was not given reads as its default (False for a switch).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from fakes.windows.powershell.errors import ErrorRecord, PowerShellError
from fakes.windows.powershell.flow import StopUpstream

if TYPE_CHECKING:
    from fakes.windows.powershell.runtime import Runspace

ALL_SETS = "__AllParameterSets"


@dataclass
class Param:
    """A parameter's declaration.

    Args:
        type: a PowerShell type without brackets: ``string``, ``string[]``, ``int``, ``switch``,
            ``scriptblock``, ``hashtable``, ``datetime``, ``object``...
        position: 0-based position, or None for a named-only parameter.
        mandatory: must be given.
        value_from_pipeline: bound from each pipeline object.
        from_pipeline_by_property_name: bound from the pipeline object's property of the
            parameter's name or of an alias.
        aliases: further names.
        sets: the parameter sets it belongs to: None for all, a name, names, or a mapping
            ``{set: {"position": 0, "mandatory": True, ...}}`` that overrides per set.
        validate_set: allowed values, compared without case.
        validate: further checks (ValidateRange...), each called with the converted value and
            raising :class:`ValueError` with PowerShell's text when the value is refused.
        remaining: takes all positional arguments that are left over.
        default: the value when not given; for a switch always False.
        allow_null: a mandatory parameter takes $null.
        allow_empty: a mandatory parameter takes an empty string or collection.
        name: set by the class it stands in.
    """

    type: str = "object"
    position: int | None = None
    mandatory: bool = False
    value_from_pipeline: bool = False
    from_pipeline_by_property_name: bool = False
    aliases: Sequence[str] = ()
    sets: str | Sequence[str] | Mapping[str, Mapping[str, Any]] | None = None
    validate_set: Sequence[str] | None = None
    validate: Sequence[Callable[[Any], None]] = ()
    remaining: bool = False
    default: Any = None
    allow_null: bool = False
    allow_empty: bool = False
    not_null_or_empty: bool = False
    not_null: bool = False
    name: str = ""

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: Any = None) -> Any:
            """An instance reads the bound value where its class declares the parameter."""

    def __post_init__(self) -> None:
        """Normalise ``sets`` once: name -> overrides."""
        if self.sets is None:
            self._sets: dict[str, dict[str, Any]] = {ALL_SETS: {}}
        elif isinstance(self.sets, str):
            self._sets = {self.sets: {}}
        elif isinstance(self.sets, Mapping):
            self._sets = {name: dict(overrides) for name, overrides in self.sets.items()}
        else:
            self._sets = {name: {} for name in self.sets}

    def set_names(self) -> list[str]:
        """Names of its parameter sets; ``[ALL_SETS]`` for a parameter of every set."""
        return list(self._sets)

    def in_set(self, name: str) -> bool:
        """Whether it belongs to a parameter set."""
        return ALL_SETS in self._sets or name in self._sets

    def attribute(self, name: str, parameter_set: str | None) -> Any:
        """An attribute (position, mandatory...) as that parameter set sees it."""
        if parameter_set is not None and parameter_set in self._sets:
            return self._sets[parameter_set].get(name, getattr(self, name))
        if ALL_SETS in self._sets:
            return self._sets[ALL_SETS].get(name, getattr(self, name))
        return getattr(self, name)

    @property
    def is_switch(self) -> bool:
        """Whether it is a ``[switch]``."""
        return self.type.lower() in {
            "switch",
            "switchparameter",
            "system.management.automation.switchparameter",
        }


@dataclass(frozen=True)
class CmdletInfo:
    """A registered cmdlet.

    ``class_name`` is the .NET class that ends a FullyQualifiedErrorId; ``module`` is what
    Get-Command shows as Source.
    """

    name: str
    factory: type[Cmdlet]
    class_name: str
    module: str
    aliases: tuple[str, ...]


_CMDLETS: dict[str, CmdletInfo] = {}
_ALIASES: dict[str, str] = {}

C = TypeVar("C", bound="Cmdlet")


def cmdlet(
    name: str,
    *,
    aliases: Iterable[str] = (),
    default_set: str | None = None,
    class_name: str | None = None,
    module: str = "Microsoft.PowerShell.Management",
    supports_should_process: bool = False,
) -> Callable[[type[C]], type[C]]:
    """Register a cmdlet class under its name and aliases.

    Args:
        name: ``Verb-Noun`` in the spelling Get-Command shows.
        aliases: the aliases 5.1 defines for it.
        default_set: the default parameter set.
        class_name: the .NET class, when it is not ``Microsoft.PowerShell.Commands.<VerbNoun>Command``.
        module: its module.
        supports_should_process: it has -WhatIf and -Confirm.
    """

    def register(factory: type[C]) -> type[C]:
        names = tuple(aliases)
        full = class_name or f"Microsoft.PowerShell.Commands.{name.replace('-', '')}Command"
        factory.cmdlet_name = name
        factory.class_name = full
        factory.default_set = default_set
        factory.supports_should_process = supports_should_process
        factory.parameters = _declared(factory)
        _CMDLETS[name.lower()] = CmdletInfo(name, factory, full, module, names)
        for alias in names:
            _ALIASES[alias.lower()] = name
        return factory

    return register


def _declared(factory: type[Cmdlet]) -> dict[str, Param]:
    found: dict[str, Param] = {}
    for base in reversed(factory.__mro__):
        for key, value in vars(base).items():
            if isinstance(value, Param):
                declared = copy.copy(value)
                declared.name = value.name or key.rstrip("_")
                found[key] = declared
    return {param.name: param for param in found.values()}


def find_cmdlet(name: str) -> CmdletInfo | None:
    """The cmdlet registered under that name, in any case (module-qualified names too)."""
    return _CMDLETS.get(name.rpartition("\\")[2].lower())


def cmdlet_alias(name: str) -> str | None:
    """The name of the cmdlet that a built-in alias stands for."""
    return _ALIASES.get(name.lower())


def all_cmdlets() -> list[CmdletInfo]:
    """Every registered cmdlet, by name."""
    return sorted(_CMDLETS.values(), key=lambda info: info.name)


def all_aliases() -> dict[str, str]:
    """Every built-in alias in lower case -> the cmdlet's name."""
    return dict(_ALIASES)


class Cmdlet:
    """Base of all cmdlets. Override :meth:`begin`, :meth:`process`, :meth:`end`.

    Attributes:
        context: the runspace: ``host``, ``session``, ``clock``, ``invoke(...)``, variables.
        bound: names and values of the parameters that were given (or came from the pipeline).
        parameter_set: the name of the chosen parameter set, or None.
        expecting_input: whether the command stands after another one in a pipeline.
    """

    cmdlet_name: ClassVar[str] = ""
    class_name: ClassVar[str] = ""
    default_set: ClassVar[str | None] = None
    supports_should_process: ClassVar[bool] = False
    parameters: ClassVar[dict[str, Param]] = {}

    context: Runspace
    bound: dict[str, Any]
    parameter_set: str | None
    expecting_input: bool
    runtime: CommandRuntime

    def begin(self) -> None:
        """Called once, before any input."""

    def process(self) -> None:
        """Called for each pipeline object with the parameters bound; once when there is no pipeline."""

    def end(self) -> None:
        """Called once, after the last input."""

    def write(self, value: Any) -> None:
        """Write one object to the output. A list is one object here: see :meth:`write_all`."""
        self.runtime.write(value)

    def write_all(self, values: Iterable[Any]) -> None:
        """Write each element to the output."""
        for value in values:
            self.runtime.write(value)

    def error(self, record: ErrorRecord) -> None:
        """Report a non-terminating error; the cmdlet goes on (unless -ErrorAction Stop)."""
        self._sign(record)
        self.runtime.error(record)

    def throw(self, record: ErrorRecord) -> PowerShellError:
        """A statement-terminating error: ``raise self.throw(record)``."""
        self._sign(record)
        self.runtime.locate(record)
        return PowerShellError(record)

    def _sign(self, record: ErrorRecord) -> None:
        """Append the cmdlet's class to the id, as ``ErrorRecord.SetInvocationInfo`` does."""
        if self.class_name and not record.fqid.endswith(self.class_name):
            record.fqid = f"{record.fqid},{self.class_name}"

    def warning(self, message: str) -> None:
        """Write to the warning stream."""
        self.runtime.warning(message)

    def verbose(self, message: str) -> None:
        """Write to the verbose stream; shown with -Verbose or $VerbosePreference."""
        self.runtime.verbose(message)

    def debug(self, message: str) -> None:
        """Write to the debug stream."""
        self.runtime.debug(message)

    def information(self, value: Any, tags: Sequence[str] = ()) -> None:
        """Write to the information stream. Write-Host is ``tags=("PSHOST",)``."""
        self.runtime.information(value, tags)

    def should_process(self, target: str, action: str | None = None) -> bool:
        """Ask -WhatIf and -Confirm; True when the action is to be done.

        ``action`` defaults to the cmdlet's name, as in 5.1.
        """
        return self.runtime.should_process(target, action or self.cmdlet_name)

    def stop_upstream(self) -> StopUpstream:
        """``raise self.stop_upstream()``: enough input, the commands before this one stop."""
        return StopUpstream(self.runtime)


class CommandRuntime:
    """The streams of one running command; the pipeline processor implements it."""

    def write(self, value: Any) -> None:
        """Send one object down the pipeline."""
        raise NotImplementedError

    def error(self, record: ErrorRecord) -> None:
        """Apply the error preference: show, collect, ignore or stop."""
        raise NotImplementedError

    def locate(self, record: ErrorRecord, place: tuple[int, int] | None = None) -> None:
        """Fill the record's invocation (command name and position) if it has none."""
        raise NotImplementedError

    def warning(self, message: str) -> None:
        """Apply the warning preference."""
        raise NotImplementedError

    def verbose(self, message: str) -> None:
        """Apply the verbose preference."""
        raise NotImplementedError

    def debug(self, message: str) -> None:
        """Apply the debug preference."""
        raise NotImplementedError

    def information(self, value: Any, tags: Sequence[str]) -> None:
        """Write an InformationRecord."""
        raise NotImplementedError

    def should_process(self, target: str, action: str) -> bool:
        """-WhatIf and -Confirm."""
        raise NotImplementedError
