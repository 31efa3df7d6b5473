"""net.exe: start, stop, pause, continue and helpmsg.

Texts: the network message file (neterr.h, apperr.h: APE_Start* 3520 to 3535, NERR 2182 to
2191) as published transcripts show them. Success goes to standard output, failure to
standard error with exit code 2.
"""

from __future__ import annotations

from fakes.windows.model.services import Service, ServiceState
from fakes.windows.model.win32 import MESSAGES, Win32Error, message
from fakes.windows.shell.session import ProgramContext

_USAGE = """The syntax of this command is:

NET
    [ ACCOUNTS | COMPUTER | CONFIG | CONTINUE | FILE | GROUP | HELP |
      HELPMSG | LOCALGROUP | PAUSE | SESSION | SHARE | START |
      STATISTICS | STOP | TIME | USE | USER | VIEW ]
"""
_VERBS = frozenset((
    "accounts", "computer", "config", "continue", "file", "group", "help", "helpmsg", "localgroup", "pause", "session",
    "share", "start", "statistics", "stop", "time", "use", "user", "view",
))  # fmt: skip
# What ControlService's codes become in net's own message file.
_NET_CODES = {1052: 2191, 1056: 2182, 1060: 2185, 1061: 2189, 1062: 3521}
_DONE = "The command completed successfully.\n\n"


class NetError(Exception):
    """A failure: ``text`` goes to standard error, exit code 2."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def main(context: ProgramContext) -> int:
    """Run ``net`` with the arguments of ``context``."""
    words = context.argv[1:]
    if not words or words[0] in {"/?", "-?"}:
        context.err(f"{_USAGE}\n") if not words else context.out(f"{_USAGE}\n")
        return 1 if not words else 0
    verb = words[0].lower()
    if verb not in _VERBS:
        context.err(f"{_USAGE}\n")
        return 1
    handlers = {"start": _start, "stop": _stop, "pause": _pause, "continue": _continue, "helpmsg": _helpmsg}
    if verb not in handlers or "/?" in words:
        raise context.refuse(f"net {' '.join(words)}" if "/?" in words else f"net {verb}")
    try:
        return handlers[verb](context, words[1:])
    except NetError as error:
        context.err(f"{error.text}\n")
        return 2


def system_error(code: int) -> NetError:
    """Return ``System error N has occurred.`` with the system's sentence."""
    return NetError(f"System error {code} has occurred.\n\n{message(code)}\n")


def net_error(number: int, *inserts: str) -> NetError:
    """Return one of net's own messages with the hint to HELPMSG."""
    text = MESSAGES[number]
    for insert in inserts:
        text = text.replace("***", insert, 1)
    return NetError(f"{text}\n\nMore help is available by typing NET HELPMSG {number}.\n")


def _failure(error: Win32Error, service: Service) -> NetError:
    number = _NET_CODES.get(error.code)
    return system_error(error.code) if number is None else net_error(number, service.display_name)


def _find(context: ProgramContext, name: str) -> Service:
    service = context.host.services.by_display_name(name)
    if service is None:
        raise net_error(2185)
    return service


def _start(context: ProgramContext, words: list[str]) -> int:
    names = [word for word in words if not word.startswith("/")]
    if not names:
        running = {s.display_name for s in context.host.services.all() if s.state is not ServiceState.STOPPED}
        listed = "".join(f"   {name}\n" for name in sorted(running, key=str.lower))
        context.out(f"These Windows services are started:\n\n{listed}\n{_DONE}")
        return 0
    service = _find(context, names[0])
    try:
        context.host.services.start(service.name)
    except Win32Error as error:
        if error.code in {1053, 1066, 1067}:  # StartService itself went through; the process then failed
            context.out(f"The {service.display_name} service is starting.\n")
            context.err(f"The {service.display_name} service could not be started.\n\n")
            if error.code == 1067:
                context.err("A system error has occurred.\n\n")
        raise _failure(error, service) from error
    context.out(f"The {service.display_name} service is starting.\n")
    context.out(f"The {service.display_name} service was started successfully.\n\n")
    return 0


def _stop(context: ProgramContext, words: list[str]) -> int:
    names = [word for word in words if not word.startswith("/")]
    switches = {word.lower() for word in words if word.startswith("/")}
    if not names:
        context.err("The syntax of this command is:\n\nNET STOP\nservice\n\n")
        return 1
    for switch in switches - {"/y", "/yes", "/n", "/no"}:
        context.err(f"The option {switch.upper()} is unknown.\n\n")
        context.err("The syntax of this command is:\n\nNET STOP\nservice\n\n")
        context.err("More help is available by typing NET HELPMSG 3506.\n\n")
        return 2
    service = _find(context, names[0])
    if service.state is ServiceState.STOPPED:
        raise net_error(3521, service.display_name)
    stoppable = service.can_stop and "!" not in service.control
    dependants = [
        s
        for s in context.host.services.dependants(service.name, running=True)
        if stoppable and not s.config.is_driver
    ]
    if dependants:
        listed = "".join(f"   {dependant.display_name}\n" for dependant in dependants)
        context.out(
            f"The following services are dependent on the {service.display_name} service.\n"
            f"Stopping the {service.display_name} service will also stop these services.\n\n{listed}\n"
        )
        if not switches & {"/y", "/yes"} and not _agrees(context, no=bool(switches)):
            return 2 if not switches else 0
    for each in [*dependants, service]:
        _stop_one(context, each)
    return 0


def _agrees(context: ProgramContext, *, no: bool) -> bool:
    """Ask whether to stop the dependants too; the default is no."""
    question = "Do you want to continue this operation? (Y/N) [N]: "
    if no:
        return False
    context.out(question)
    for _ in range(3):
        line = context.stdin.readline()
        if line is None:
            context.out("\n")
            raise NetError("No valid response was provided.\n")
        answer = line.strip().lower()
        if answer in {"y", "yes"}:
            return True
        if answer in {"", "n", "no"}:
            context.out("\n")
            return False
        context.out(question)
    raise NetError("No valid response was provided.\n")


def _stop_one(context: ProgramContext, service: Service) -> None:
    try:
        context.host.services.stop(service.name)
    except Win32Error as error:
        if error.code == 1051:
            raise NetError(f"The {service.display_name} service could not be stopped.\n") from error
        raise _failure(error, service) from error
    context.out(f"The {service.display_name} service is stopping.\n")
    context.out(f"The {service.display_name} service was stopped successfully.\n\n")


def _pause(context: ProgramContext, words: list[str]) -> int:
    return _controlled(context, words, pause=True)


def _continue(context: ProgramContext, words: list[str]) -> int:
    return _controlled(context, words, pause=False)


def _controlled(context: ProgramContext, words: list[str], *, pause: bool) -> int:
    if not words:
        context.err(f"The syntax of this command is:\n\nNET {'PAUSE' if pause else 'CONTINUE'}\nservice\n\n")
        return 1
    service = _find(context, words[0])
    try:
        (context.host.services.pause if pause else context.host.services.resume)(service.name)
    except Win32Error as error:
        raise _failure(error, service) from error
    done = "paused" if pause else "continued"
    context.out(f"The {service.display_name} service was {done} successfully.\n\n")
    return 0


def _helpmsg(context: ProgramContext, words: list[str]) -> int:
    if len(words) != 1:
        context.err("The syntax of this command is:\n\nNET HELPMSG\nmessage#\n\n")
        return 1
    number = int(words[0]) if words[0].isdigit() else -1
    if number not in MESSAGES:
        known = number >= 0
        text = f"{words[0]} is not a valid Windows network message number.\n"
        if known:
            raise context.refuse(f"net helpmsg {number}")
        raise NetError(f"{text}\nMore help is available by typing NET HELPMSG 3871.\n")
    context.out(f"\n{MESSAGES[number]}\n\n")
    return 0
