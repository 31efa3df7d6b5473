"""Errors of PowerShell: records, exceptions as .NET objects, and terminating errors.

Three things are told apart, as in PowerShell itself:

* an :class:`ErrorRecord` is a value (``$_`` in catch, an element of ``$Error``);
* :class:`PowerShellError` is a terminating error on its way up; the interpreter decides
  at each statement whether it ends the script (``fatal``: throw, or Stop) or only the
  statement;
* ``NotSimulated`` (``fakes.notsimulated``) is never caught by a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fakes.windows.powershell.exception_types import exception_bases
from fakes.windows.powershell.position import Extent
from fakes.windows.powershell.values import PropertyGetter, PSObject, define_enum, type_names

AUTOMATION = "System.Management.Automation."

# fmt: off
CATEGORIES = [
    "NotSpecified", "OpenError", "CloseError", "DeviceError", "DeadlockDetected", "InvalidArgument",
    "InvalidData", "InvalidOperation", "InvalidResult", "InvalidType", "MetadataError", "NotImplemented",
    "NotInstalled", "ObjectNotFound", "OperationStopped", "OperationTimeout", "SyntaxError", "ParserError",
    "PermissionDenied", "ResourceBusy", "ResourceExists", "ResourceUnavailable", "ReadError", "WriteError",
    "FromStdErr", "SecurityError", "ProtocolError", "ConnectionError", "AuthenticationError",
    "LimitsExceeded", "QuotaExceeded", "NotEnabled",
]
# fmt: on
ERROR_CATEGORY = define_enum(
    AUTOMATION + "ErrorCategory", {name: number for number, name in enumerate(CATEGORIES)}
)


def net_exception(
    type_name: str,
    message: str,
    inner: PSObject | None = None,
    properties: Mapping[str, Any] | None = None,
) -> PSObject:
    """A .NET exception object as scripts see it: ``$_.Exception``.

    Args:
        type_name: full name, ``System.IO.FileNotFoundException``; its base classes come from
            the table in ``exception_types.py``.
        message: what ``.Message`` gives.
        inner: the ``InnerException``.
        properties: further properties of that type (``ServiceName``, ``HResult``...).
    """
    shown: dict[str, Any] = {
        "Message": message,
        "Data": None,
        "InnerException": inner,
        "TargetSite": None,
        "StackTrace": None,
        "HelpLink": None,
        "Source": None,
        "HResult": -2146233087,
    }
    shown.update(properties or {})
    return PSObject(exception_bases(type_name), shown, text=f"{type_name}: {message}")


@dataclass
class CategoryInfo:
    """``CategoryInfo``: shown as ``Category: (TargetName:TargetType) [Activity], Reason``."""

    category: str = "NotSpecified"
    activity: str = ""
    reason: str = ""
    target_name: str = ""
    target_type: str = ""

    def message(self) -> str:
        """What ``GetMessage()`` and the error view print."""
        target = f"({_shorten(self.target_name)}:{_shorten(self.target_type)})"
        return f"{self.category}: {target} [{_shorten(self.activity)}], {_shorten(self.reason)}"


def _shorten(text: str, limit: int = 40) -> str:
    """Beyond 40 characters only the first and the last 15 stay (``ErrorCategoryInfo.Ellipsize``)."""
    return text if len(text) <= limit else f"{text[:15]}...{text[-15:]}"


@dataclass
class Invocation:
    """Which command was running, and where it stands (``InvocationInfo``)."""

    command: str = ""
    extent: Extent | None = None
    name: str = ""
    line: str = field(default="", repr=False)


class ErrorRecord(PSObject):
    """``System.Management.Automation.ErrorRecord``.

    Args:
        message: the exception's message, or the exception object itself.
        fqid: the FullyQualifiedErrorId; a cmdlet's class name is appended by the cmdlet base
            class, so give ``"NoServiceFoundForGivenName"`` there.
        category: a name of ``ErrorCategory``.
        target: the target object.
        exception_type: full .NET name, used when ``message`` is a string.
        inner: the inner exception, used likewise.
    """

    __slots__ = ("category", "details", "exception", "fqid", "invocation", "stack_trace", "target")

    def __init__(
        self,
        message: str | PSObject,
        fqid: str,
        category: str = "NotSpecified",
        target: Any = None,
        *,
        exception_type: str = AUTOMATION + "RuntimeException",
        inner: PSObject | None = None,
        reason: str | None = None,
    ) -> None:
        if category not in CATEGORIES:
            raise ValueError(f"{category!r} is not an ErrorCategory")
        self.exception: PSObject = (
            message if isinstance(message, PSObject) else net_exception(exception_type, message, inner)
        )
        self.fqid = fqid
        self.target = target
        self.details: str | None = None
        self.invocation = Invocation()
        self.stack_trace = ""
        self.category = CategoryInfo(
            category=category,
            reason=reason or self.exception.type_names[0].rpartition(".")[2],
            target_name=_target_name(target),
            target_type="" if target is None else type_names(target)[0].rpartition(".")[2],
        )
        super().__init__([AUTOMATION + "ErrorRecord", "System.Object"], _RECORD_PROPERTIES)
        self.text = lambda: self.details or self.message

    @property
    def message(self) -> str:
        """The exception's message."""
        return str(self.exception.get("Message", ""))


def _target_name(target: Any) -> str:
    if target is None:
        return ""
    from fakes.windows.powershell.conversion import to_string

    return to_string(target)


def _invocation_object(record: ErrorRecord) -> PSObject | None:
    info = record.invocation
    extent = info.extent
    if extent is None and not info.command:
        return None
    line, column = (extent.line, extent.column) if extent else (0, 0)
    command = None
    if info.command:
        command = PSObject(
            [AUTOMATION + "CommandInfo", "System.Object"], {"Name": info.command}, text=info.command
        )
    return PSObject(
        [AUTOMATION + "InvocationInfo", "System.Object"],
        {
            "MyCommand": command,
            "BoundParameters": None,
            "UnboundArguments": None,
            "ScriptLineNumber": line,
            "OffsetInLine": column,
            "HistoryId": 1,
            "ScriptName": (extent.source.file if extent else "") or "",
            "Line": extent.line_text + "\n" if extent else "",
            "PositionMessage": extent.message() if extent else "",
            "PSScriptRoot": (extent.source.file if extent else "").rpartition("\\")[0],
            "PSCommandPath": (extent.source.file if extent else "") or None,
            "InvocationName": info.name,
            "PipelineLength": 0,
            "PipelinePosition": 0,
            "ExpectingInput": False,
            "CommandOrigin": "Internal",
        },
    )


def _category_object(record: ErrorRecord) -> PSObject:
    info = record.category
    return PSObject(
        [AUTOMATION + "ErrorCategoryInfo", "System.Object"],
        {
            "Category": ERROR_CATEGORY(info.category),
            "Activity": info.activity,
            "Reason": info.reason,
            "TargetName": info.target_name,
            "TargetType": info.target_type,
        },
        {"GetMessage": info.message},
        text=info.message,
    )


def _details_object(record: ErrorRecord) -> PSObject | None:
    if record.details is None:
        return None
    return PSObject(
        [AUTOMATION + "ErrorDetails", "System.Object"],
        {"Message": record.details, "RecommendedAction": ""},
        text=record.details,
    )


def _of_record(function: Any) -> PropertyGetter:
    return PropertyGetter(function)


def _set_details(record: PSObject, value: Any) -> None:
    assert isinstance(record, ErrorRecord)
    record.details = None if value is None else str(value)


_RECORD_PROPERTIES: dict[str, Any] = {
    "Exception": _of_record(lambda r: r.exception),
    "TargetObject": _of_record(lambda r: r.target),
    "CategoryInfo": _of_record(_category_object),
    "FullyQualifiedErrorId": _of_record(lambda r: r.fqid),
    "ErrorDetails": PropertyGetter(_details_object, _set_details),  # type: ignore[arg-type]
    "InvocationInfo": _of_record(_invocation_object),
    "ScriptStackTrace": _of_record(lambda r: r.stack_trace),
    "PipelineIterationInfo": _of_record(lambda _: []),
}


class PowerShellError(Exception):
    """A terminating error on its way up.

    Args:
        record: what went wrong.
        fatal: True for ``throw`` and for errors stopped by a Stop preference: it ends the
            script when nothing catches it. False: it ends only the statement.

    Attributes:
        place: Offsets of the one argument of a command that is at fault, when there is one.
    """

    place: tuple[int, int] | None = None

    def __init__(self, record: ErrorRecord, *, fatal: bool = False) -> None:
        super().__init__(record.message)
        self.record = record
        self.fatal = fatal


class ParseError(PowerShellError):
    """The script does not parse; nothing of it runs.

    Args:
        message: the parser's words.
        error_id: the FullyQualifiedErrorId, such as ``MissingEndCurlyBrace``.
        extent: where.
        incomplete: True when more text could complete the script.
    """

    def __init__(self, message: str, error_id: str, extent: Extent, *, incomplete: bool = False) -> None:
        # The exception's message begins with the position: 5.1 prints it before the words.
        record = ErrorRecord(
            net_exception(AUTOMATION + "ParseException", f"{extent.message()}\n{message}"),
            error_id,
            "ParserError",
        )
        record.category.reason = "ParentContainsErrorRecordException"
        super().__init__(record)
        self.words = message
        self.extent = extent
        self.error_id = error_id
        self.incomplete = incomplete


def runtime_error(
    message: str,
    fqid: str,
    category: str = "InvalidOperation",
    target: Any = None,
    *,
    exception_type: str = AUTOMATION + "RuntimeException",
    inner: PSObject | None = None,
) -> PowerShellError:
    """A statement-terminating error, ready to raise."""
    return PowerShellError(
        ErrorRecord(message, fqid, category, target, exception_type=exception_type, inner=inner)
    )


def format_error(record: ErrorRecord, view: str = "NormalView", width: int = 80) -> str:
    """The text 5.1 prints for an error, lines joined by a line feed, with the last ``" "`` line.

    ``view`` is ``$ErrorView``: NormalView or CategoryView. The category and id lines are cut
    to ``width`` minus the indent, as the error view of PowerShellCore.format.ps1xml does; the
    pieces are joined without a line end there, so a long line wraps later, in the host.
    """
    if view == "CategoryView":
        return record.category.message()
    if record.fqid == "NativeCommandErrorMessage":
        return record.message
    name = record.invocation.name or record.invocation.command
    head = f"{name} : " if name and name not in {"&", "."} else ""
    if name in {"&", "."} and record.invocation.command:
        head = f"{record.invocation.command} : "
    extent = record.invocation.extent
    position = "\n" + extent.message() if extent is not None else ""
    text = head + (record.details if record.details is not None else record.message) + position
    room = max(width - 6, 20)
    for label, value in (
        ("CategoryInfo         ", record.category.message()),
        ("FullyQualifiedErrorId", record.fqid),
    ):
        line = f"+ {label} : {value}"
        pieces = [line[at : at + room] for at in range(0, len(line), room)]
        text += "\n" + "".join("    " + piece for piece in pieces)
    return text + ("\n " if record.details is None else "")
