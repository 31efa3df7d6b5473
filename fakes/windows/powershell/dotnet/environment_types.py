"""``Environment`` and ``Console``: the host's machine, the session's user and streams."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.current import required_interpreter
from fakes.windows.powershell.dotnet.formatting import composite
from fakes.windows.powershell.dotnet.registry import net_class
from fakes.windows.powershell.dotnet.version import Version
from fakes.windows.powershell.flow import ExitFlow
from fakes.windows.powershell.values import EnumValue, PSObject, define_enum

SPECIAL_FOLDER = define_enum(
    "System.Environment+SpecialFolder",
    {
        "Desktop": 0, "Programs": 2, "MyDocuments": 5, "Personal": 5, "StartMenu": 11, "ApplicationData": 26,
        "LocalApplicationData": 28, "CommonApplicationData": 35, "Windows": 36, "System": 37, "ProgramFiles": 38,
        "UserProfile": 40, "SystemX86": 41, "ProgramFilesX86": 42, "CommonProgramFiles": 43, "CommonProgramFilesX86": 44,
    },
)  # fmt: skip
TARGET = define_enum("System.EnvironmentVariableTarget", {"Process": 0, "User": 1, "Machine": 2})
environment = net_class("System.Environment")
environment.exists(
    "CommandLine WorkingSet StackTrace FailFast GetLogicalDrives HasShutdownStarted SystemPageSize"
)


def _session(name: str) -> Any:
    return required_interpreter(f"[Environment]::{name}").session


def _variable(name: str) -> str | None:
    env = _session("GetEnvironmentVariable").env
    return next((value for key, value in dict(env).items() if key.lower() == name.lower()), None)


environment.static_property("MachineName")(
    lambda: required_interpreter("[Environment]::MachineName").host.name
)
environment.static_property("UserName")(lambda: _session("UserName").user)
environment.static_property("UserDomainName")(lambda: required_interpreter("[Environment]").host.name)
environment.static_property("NewLine")(lambda: "\r\n")
environment.static_property("ProcessorCount")(lambda: int(_variable("NUMBER_OF_PROCESSORS") or 2))
environment.static_property("SystemDirectory")(lambda: "C:\\Windows\\system32")
environment.static_property("Is64BitOperatingSystem")(lambda: True)
environment.static_property("Is64BitProcess")(lambda: True)
environment.static_property("UserInteractive")(lambda: False)
environment.static_property("Version")(lambda: Version(4, 0, 30319, 42000))
environment.static_property("ExitCode")(lambda: 0)


def _set_directory(value: Any) -> None:
    required_interpreter("[Environment]::CurrentDirectory").session.cwd = to_string(value)


environment.static_property("CurrentDirectory", _set_directory)(lambda: _session("CurrentDirectory").cwd)


@environment.static_property("TickCount")
def _tick_count() -> int:
    interpreter = required_interpreter("[Environment]::TickCount")
    started = getattr(interpreter.host, "boot_time", None)
    now = interpreter.clock.now()
    return int((now - started).total_seconds() * 1000) % 2**31 if started is not None else 600_000


@environment.static_property("OSVersion")
def _os_version() -> PSObject:
    host = required_interpreter("[Environment]::OSVersion").host
    build = getattr(host, "build", 17763)
    number = Version(10, 0, build if isinstance(build, int) else 17763, 0)
    return PSObject(
        ["System.OperatingSystem", "System.Object"],
        {
            "Platform": "Win32NT",
            "ServicePack": "",
            "Version": number,
            "VersionString": f"Microsoft Windows NT {number.text}",
        },
        text=f"Microsoft Windows NT {number.text}",
    )


@environment.static("GetEnvironmentVariable", ("string",), ("string", "System.EnvironmentVariableTarget"))
def _get_variable(name: str, target: EnumValue | None = None) -> str | None:
    if target is not None and target.name == "Machine":
        return _machine_value(name)
    return _variable(name)


_MACHINE = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"


def _machine_value(name: str) -> str | None:
    registry = required_interpreter("[Environment]::GetEnvironmentVariable").host.registry
    key = registry.find(_MACHINE)
    value = key.get(name) if key is not None and hasattr(key, "get") else None
    if value is None:
        return _variable(name)
    host = required_interpreter("[Environment]::GetEnvironmentVariable").host
    return str(
        host.expand(to_string(getattr(value, "data", value)))
    )  # as RegistryKey.GetValue reads REG_EXPAND_SZ


@environment.static(
    "SetEnvironmentVariable", ("string", "string"), ("string", "string", "System.EnvironmentVariableTarget")
)
def _set_variable(name: str, value: str | None, target: EnumValue | None = None) -> None:
    interpreter = required_interpreter("[Environment]::SetEnvironmentVariable")
    if target is not None and target.name != "Process":
        raise interpreter.refuse(f"[Environment]::SetEnvironmentVariable with target {target.name}")
    env = interpreter.session.env
    known = next((key for key in dict(env) if key.lower() == name.lower()), name)
    if value:
        env[known] = value
    else:
        env.pop(known, None)


@environment.static("GetEnvironmentVariables", ())
def _all_variables() -> Any:
    from fakes.windows.powershell.containers import PSHashtable

    return PSHashtable(dict(_session("GetEnvironmentVariables").env))


@environment.static("ExpandEnvironmentVariables", ("string",))
def _expand(text: str) -> str:
    import re

    def one(found: Any) -> str:
        value = _variable(found.group(1))
        return found.group() if value is None else value

    return re.sub(r"%([^%]+)%", one, text)


@environment.static("GetFolderPath", ("System.Environment+SpecialFolder",))
def _folder(folder: EnumValue) -> str:
    profile = _variable("USERPROFILE") or "C:\\Users\\Default"
    return {
        "Desktop": f"{profile}\\Desktop",
        "MyDocuments": f"{profile}\\Documents",
        "Personal": f"{profile}\\Documents",
        "ApplicationData": f"{profile}\\AppData\\Roaming",
        "LocalApplicationData": f"{profile}\\AppData\\Local",
        "CommonApplicationData": "C:\\ProgramData",
        "Windows": "C:\\Windows",
        "System": "C:\\Windows\\system32",
        "SystemX86": "C:\\Windows\\SysWOW64",
        "ProgramFiles": "C:\\Program Files",
        "ProgramFilesX86": "C:\\Program Files (x86)",
        "CommonProgramFiles": "C:\\Program Files\\Common Files",
        "CommonProgramFilesX86": "C:\\Program Files (x86)\\Common Files",
        "UserProfile": profile,
        "StartMenu": f"{profile}\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu",
        "Programs": f"{profile}\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs",
    }[folder.name]


@environment.static("Exit", ("int",))
def _exit(code: int) -> None:
    interpreter = required_interpreter("[Environment]::Exit")
    interpreter.exiting_process = True
    raise ExitFlow(code)


# --- Console ---------------------------------------------------------------------------

console = net_class("System.Console")
console.exists(
    "ReadKey Beep Clear SetCursorPosition SetWindowSize KeyAvailable CursorVisible Title TreatControlCAsInput ResetColor"
)


def _write(text: str) -> None:
    interpreter = required_interpreter("[Console]::Out")
    interpreter.streams.console(text)


def _write_error(text: str) -> None:
    required_interpreter("[Console]::Error").streams.native_error(text)


def _text(arguments: tuple[Any, ...]) -> str:
    if len(arguments) > 1:
        return composite(to_string(arguments[0]), list(arguments[1:]))
    value = arguments[0] if arguments else ""
    return (
        "".join(value)
        if isinstance(value, list) and all(isinstance(one, str) for one in value)
        else to_string(value)
    )


def _writer(sink: Any) -> PSObject:
    return PSObject(
        ["System.IO.TextWriter+SyncTextWriter", "System.IO.TextWriter", "System.Object"],
        {"NewLine": "\r\n", "AutoFlush": True},
        {
            "Write": lambda *values: sink(_text(values)),
            "WriteLine": lambda *values: sink(_text(values) + "\r\n"),
            "Flush": lambda: None,
            "Close": lambda: None,
        },
    )


def _reader() -> PSObject:
    interpreter = required_interpreter("[Console]::In")
    stdin = interpreter.stdin

    def read_line() -> str | None:
        return stdin.readline() if stdin is not None else None

    def read_to_end() -> str:
        return str(stdin.read()).replace("\n", "\r\n") if stdin is not None else ""

    def refuse_peek() -> None:
        raise interpreter.refuse("[Console]::In.Peek()")

    return PSObject(
        ["System.IO.TextReader+SyncTextReader", "System.IO.TextReader", "System.Object"],
        {},
        {"ReadLine": read_line, "ReadToEnd": read_to_end, "Peek": refuse_peek, "Close": lambda: None},
    )


console.static_property("In")(_reader)
console.static_property("Out")(lambda: _writer(_write))
console.static_property("Error")(lambda: _writer(_write_error))
console.static("WriteLine", ("object...",))(lambda *values: _write(_text(values) + "\r\n"))
console.static("Write", ("object...",))(lambda *values: _write(_text(values)))
console.static("ReadLine", ())(lambda: _reader().method("ReadLine")())  # type: ignore[misc]  # noqa: PLW0108
console.static_property("IsInputRedirected")(lambda: True)
console.static_property("IsOutputRedirected")(lambda: True)
console.static_property("IsErrorRedirected")(lambda: True)


def _encoding() -> Any:
    from fakes.windows.powershell.dotnet.encoding_types import encoding_of_page

    return encoding_of_page(required_interpreter("[Console]::OutputEncoding").session.codepage)


def _ignore_encoding(value: Any) -> None:
    """Changing the console's encoding changes the code page of what follows; UTF-8 and the own page are known."""
    from fakes.windows.powershell.dotnet.encoding_types import Encoding

    interpreter = required_interpreter("[Console]::OutputEncoding")
    if not isinstance(value, Encoding) or value.page not in {interpreter.session.codepage, 65001}:
        raise interpreter.refuse("[Console]::OutputEncoding = another code page")
    interpreter.output_code_page = value.page


console.static_property("OutputEncoding", _ignore_encoding)(_encoding)
console.static_property("InputEncoding", _ignore_encoding)(_encoding)
