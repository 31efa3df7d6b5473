"""sc.exe: query, queryex, qc, qdescription, config, description, start, stop, pause, continue, delete.

The layout is that of published transcripts from build 17763; the exit code is the Win32
error (facts: ``[SC] StartService FAILED 1058``). Everything goes to standard output.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fakes.windows.model.service_config import KERNEL_DRIVER, OWN_PROCESS, SHARE_PROCESS, StartType
from fakes.windows.model.services import Service, ServiceState
from fakes.windows.model.win32 import Win32Error, message
from fakes.windows.shell.session import ProgramContext
from fakes.windows.tools.sc_usage import INVALID_COMMAND_LINE, PARTIAL, USAGE

_TYPES = {
    0x1: "KERNEL_DRIVER", 0x2: "FILE_SYSTEM_DRIVER", 0x10: "WIN32_OWN_PROCESS", 0x20: "WIN32_SHARE_PROCESS",
    0x30: "WIN32", 0x110: "WIN32_OWN_PROCESS (interactive)",
}  # fmt: skip
_STARTS = ("BOOT_START", "SYSTEM_START", "AUTO_START", "DEMAND_START", "DISABLED")
_ERROR_CONTROLS = ("IGNORE", "NORMAL", "SEVERE", "CRITICAL")
_START_WORDS = {
    "boot": StartType.BOOT, "system": StartType.SYSTEM, "auto": StartType.AUTO, "demand": StartType.DEMAND,
    "disabled": StartType.DISABLED, "delayed-auto": StartType.AUTO,
}  # fmt: skip
_NOT_HERE = frozenset((
    "interrogate", "control", "failure", "failureflag", "sidtype", "privs", "managedaccount", "create", "qfailure",
    "qfailureflag", "qsidtype", "qprivs", "qtriggerinfo", "qpreferrednode", "qmanagedaccount", "qprotection",
    "quserservice", "sdshow", "sdset", "showsid", "triggerinfo", "preferrednode", "getnotify", "boot", "lock",
    "querylock",
))  # fmt: skip
_USAGE_START = """DESCRIPTION:
        SC is a command line program used for communicating with the
        Service Control Manager and services.
USAGE:
        sc <server> [command] [service name] <option1> <option2>...


        The option <server> has the form "\\\\ServerName"
        Further help on commands can be obtained by typing: "sc [command]"
"""


class Usage(Exception):
    """A command without what it needs; its usage text goes out."""

    def __init__(self, verb: str) -> None:
        super().__init__(USAGE[verb])
        self.verb = verb


class ScError(Exception):
    """A failure with what it prints and the exit code."""

    def __init__(self, call: str, code: int) -> None:
        super().__init__(f"[SC] {call} FAILED {code}:\n\n{message(code)}\n\n")
        self.code = code


def main(context: ProgramContext) -> int:
    """Run ``sc`` with the arguments of ``context``."""
    words = context.argv[1:]
    if words and words[0].startswith("\\\\"):
        raise context.refuse("sc with a server name")
    if not words or words[0] == "/?":
        context.out(_USAGE_START)
        return 1639 if not words else 0
    verb, rest = words[0].lower(), words[1:]
    handlers = {
        "query": _query, "queryex": _query, "qc": _qc, "qdescription": _qdescription, "config": _config,
        "description": _description, "start": _start, "stop": _stop, "pause": _pause, "continue": _continue,
        "delete": _delete, "getdisplayname": _getdisplayname, "getkeyname": _getkeyname, "enumdepend": _enumdepend,
    }  # fmt: skip
    if verb in _NOT_HERE:
        raise context.refuse(f"sc {verb}")
    if verb not in handlers:
        context.out("\n*** Unrecognized Command ***\n")
        context.out(_USAGE_START)
        return 1639
    try:
        return handlers[verb](context, verb, rest)
    except Usage as usage:
        if usage.verb in PARTIAL:
            raise context.refuse(f"sc {usage.verb} without a service: its usage text") from None
        context.out(str(usage))
        return INVALID_COMMAND_LINE
    except ScError as error:
        context.out(str(error))
        return error.code


def _named(context: ProgramContext, call: str, verb: str, rest: list[str]) -> Service:
    if not rest:
        raise Usage(verb)
    service = context.host.services.find(rest[0])
    if service is None:
        raise ScError(f"{call}OpenService", 1060)
    return service


# -- query -------------------------------------------------------------------------
@dataclass
class _Filter:
    kind: str = "service"
    state: str = "active"
    buffer: int = 1024
    resume: int = 0
    names: list[str] = field(default_factory=list)


def _options(rest: list[str]) -> tuple[list[str], dict[str, str]]:
    """Split ``name type= own`` into names and options; ``type=own`` is one word, which sc accepts too."""
    names: list[str] = []
    options: dict[str, str] = {}
    words = iter(rest)
    for word in words:
        key, equals, value = word.partition("=")
        if equals and key.lower() in {"type", "state", "bufsize", "ri", "group"}:
            options[key.lower()] = value or next(words, "")
        else:
            names.append(word)
    return names, options


def _query(context: ProgramContext, verb: str, rest: list[str]) -> int:
    names, options = _options(rest)
    extended = verb == "queryex"
    if names:
        service = context.host.services.find(names[0])
        if service is None:
            raise ScError("EnumQueryServicesStatus:OpenService", 1060)
        context.out("\n" + status_text(service, display=False, extended=extended, typed=names[0]))
        return 0
    for name in set(options) - {"type", "state"}:
        raise context.refuse(f"sc {verb} {name}=")
    kind, state = options.get("type", "service").lower(), options.get("state", "active").lower()
    if kind not in {
        "driver",
        "service",
        "all",
        "own",
        "share",
        "kernel",
        "filesys",
        "interact",
        "userservice",
    }:
        context.out("\nERROR:  Invalid Option\n")
        return 1639
    if state not in {"active", "inactive", "all"}:
        context.out("\nERROR:  Invalid Option\n")
        return 1639
    for service in context.host.services.all(drivers=True):
        if _of_kind(service, kind) and (
            state == "all" or (service.state is ServiceState.STOPPED) == (state == "inactive")
        ):
            context.out("\n" + status_text(service, display=True, extended=extended))
    return 0


def _of_kind(service: Service, kind: str) -> bool:
    masks = {
        "service": OWN_PROCESS | SHARE_PROCESS, "driver": KERNEL_DRIVER | 0x2, "own": OWN_PROCESS,
        "share": SHARE_PROCESS, "kernel": KERNEL_DRIVER, "filesys": 0x2, "interact": 0x100, "userservice": 0x40,
        "all": 0x33,
    }  # fmt: skip
    return bool(service.config.type & masks[kind])


def shown_type(service: Service) -> int:
    """Return the type a status shows: a shared service that has a svchost.exe of its own runs as 30 WIN32."""
    kind = service.config.type
    alone = "svchost" in service.config.image_path.lower() and kind == SHARE_PROCESS
    return 0x30 if alone else kind


def status_text(
    service: Service,
    *,
    display: bool,
    extended: bool = False,
    state: ServiceState | None = None,
    hint: int = 0,
    typed: str = "",
) -> str:
    """Return the block that query, start and stop print.

    Args:
        service: Which, with its status.
        display: Show DISPLAY_NAME, as an enumeration does.
        extended: Show PID and FLAGS.
        state: Show this state in place of its own: the pending one right after a control.
        hint: WAIT_HINT in milliseconds.
        typed: The name as the user typed it, which sc repeats.
    """
    shown = state or service.state
    flags = [
        "STOPPABLE" if service.can_stop and not state else "NOT_STOPPABLE",
        "PAUSABLE" if service.can_pause and not state else "NOT_PAUSABLE",
        "ACCEPTS_SHUTDOWN" if service.hears_shutdown and not state else "IGNORES_SHUTDOWN",
    ]
    kind, status = shown_type(service), service.status
    lines = [f"SERVICE_NAME: {typed or service.name} "] + (
        [f"DISPLAY_NAME: {service.display_name}"] if display else []
    )
    lines += [
        f"        TYPE               : {kind:x}  {_TYPES.get(kind, 'ERROR')}  ",
        f"        STATE              : {int(shown)}  {shown.name} ",
    ]
    if shown is not ServiceState.STOPPED:
        lines.append(f"                                ({', '.join(flags)})")
    lines += [
        f"        WIN32_EXIT_CODE    : {status.exit_code}  ({status.exit_code:#x})",
        f"        SERVICE_EXIT_CODE  : {status.specific_code}  ({status.specific_code:#x})",
        "        CHECKPOINT         : 0x0",
        f"        WAIT_HINT          : {hint:#x}",
    ]
    if extended:
        lines += [f"        PID                : {status.pid}", "        FLAGS              : "]
    return "\n".join(lines) + "\n"


# -- configuration ---------------------------------------------------------------------
def _qc(context: ProgramContext, verb: str, rest: list[str]) -> int:
    if not rest:
        raise Usage(verb)
    service = context.host.services.find(rest[0])
    if service is None:
        raise ScError("OpenService", 1060)
    config = service.config
    depends = config.dependencies or ("",)
    delayed = "  (DELAYED)" if config.delayed else ""
    lines = [
        "[SC] QueryServiceConfig SUCCESS",
        "",
        f"SERVICE_NAME: {rest[0]}",
        f"        TYPE               : {config.type:x}  {_TYPES.get(config.type, 'ERROR')} ",
        f"        START_TYPE         : {int(config.start)}   {_STARTS[config.start]}{delayed}",
        f"        ERROR_CONTROL      : {config.error_control}   {_ERROR_CONTROLS[config.error_control]}",
        f"        BINARY_PATH_NAME   : {context.host.expand(config.image_path)}",
        f"        LOAD_ORDER_GROUP   : {config.group}",
        "        TAG                : 0",
        f"        DISPLAY_NAME       : {config.display_name}",
        f"        DEPENDENCIES       : {depends[0]}",
        *(f"                           : {name}" for name in depends[1:]),
        f"        SERVICE_START_NAME : {config.account}",
    ]
    context.out("\n".join(lines) + "\n")
    return 0


def _qdescription(context: ProgramContext, verb: str, rest: list[str]) -> int:
    service = _named(context, "", verb, rest)
    text = f"SERVICE_NAME: {rest[0]}\nDESCRIPTION:  {service.config.description}\n"
    context.out(f"[SC] QueryServiceConfig2 SUCCESS\n\n{text}")
    return 0


def _config(context: ProgramContext, verb: str, rest: list[str]) -> int:
    if len(rest) < 2:
        raise Usage(verb)
    service = _named(context, "", verb, rest)
    options: dict[str, str] = {}
    words = iter(rest[1:])
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key.lower() not in {"start", "obj", "password", "binpath", "displayname", "depend", "type", "error",
                                             "group", "tag"}:  # fmt: skip
            raise Usage(verb)
        options[key.lower()] = value or next(words, "")
    for key in set(options) & {"type", "error", "group", "tag"}:
        raise context.refuse(f"sc config {key}=")
    start = options.get("start", "").lower()
    if "start" in options and start not in _START_WORDS:
        raise context.refuse(f"sc config start= {start}: its usage text")
    depend = options.get("depend")
    names = tuple(name for name in depend.split("/") if name) if depend is not None else None
    try:
        context.host.services.configure(
            service.name,
            start=_START_WORDS.get(start),
            delayed=(start == "delayed-auto") if start and (start == "delayed-auto" or service.config.delayed) else None,
            account=options.get("obj"), password=options.get("password"), image_path=options.get("binpath"),
            display_name=options.get("displayname"), dependencies=names,
        )  # fmt: skip
    except Win32Error as error:
        raise ScError("ChangeServiceConfig", error.code) from error
    context.out("[SC] ChangeServiceConfig SUCCESS\n")
    return 0


def _description(context: ProgramContext, verb: str, rest: list[str]) -> int:
    service = _named(context, "", verb, rest)
    context.host.services.configure(service.name, description=" ".join(rest[1:]))
    context.out("[SC] ChangeServiceConfig2 SUCCESS\n")
    return 0


def _delete(context: ProgramContext, verb: str, rest: list[str]) -> int:
    service = _named(context, "", verb, rest)
    context.host.services.delete(service.name)
    context.out("[SC] DeleteService SUCCESS\n")
    return 0


# -- control -----------------------------------------------------------------------------
def _start(context: ProgramContext, verb: str, rest: list[str]) -> int:
    service = _named(context, "StartService: ", verb, rest)
    try:
        context.host.services.start(service.name)
    except Win32Error as error:
        raise ScError("StartService", error.code) from error
    running = context.host.services.get(service.name)
    pending = status_text(
        running, display=False, extended=True, state=ServiceState.START_PENDING, hint=0x7D0, typed=rest[0]
    )
    context.out(f"\n{pending}")
    return 0


def _stop(context: ProgramContext, verb: str, rest: list[str]) -> int:
    return _control(context, verb, rest, ServiceState.STOP_PENDING)


def _pause(context: ProgramContext, verb: str, rest: list[str]) -> int:
    return _control(context, verb, rest, ServiceState.PAUSE_PENDING)


def _continue(context: ProgramContext, verb: str, rest: list[str]) -> int:
    return _control(context, verb, rest, ServiceState.CONTINUE_PENDING)


def _control(context: ProgramContext, verb: str, rest: list[str], pending: ServiceState) -> int:
    service = _named(context, "", verb, rest)
    services = context.host.services
    action = {"stop": services.stop, "pause": services.pause, "continue": services.resume}[verb]
    try:
        action(service.name)
    except Win32Error as error:
        call = "OpenService" if error.code == 5 else "ControlService"
        raise ScError(call, error.code) from error
    context.out(f"\n{status_text(service, display=False, state=pending, typed=rest[0])}")
    return 0


# -- names -----------------------------------------------------------------------------------
def _getdisplayname(context: ProgramContext, verb: str, rest: list[str]) -> int:
    if not rest:
        raise Usage(verb)
    if context.host.services.find(rest[0]) is None:
        raise ScError("GetServiceDisplayName", 1060)
    context.out(
        f"[SC] GetServiceDisplayName SUCCESS\nName = {context.host.services.get(rest[0]).display_name}\n"
    )
    return 0


def _getkeyname(context: ProgramContext, verb: str, rest: list[str]) -> int:
    if not rest:
        raise Usage(verb)
    service = context.host.services.by_display_name(rest[0])
    if service is None:
        raise ScError("GetServiceKeyName", 1060)
    context.out(f"[SC] GetServiceKeyName SUCCESS\nName = {service.name}\n")
    return 0


def _enumdepend(context: ProgramContext, verb: str, rest: list[str]) -> int:
    service = _named(context, "EnumDependentServices:", verb, rest)
    found = context.host.services.dependants(service.name)
    context.out(f"[SC] EnumDependentServices: entriesread = {len(found)}\n")
    for each in found:
        context.out("\n" + status_text(each, display=True))
    return 0
