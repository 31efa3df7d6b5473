"""Checks on a Linux guest, answered by pytest-testinfra through the guest's own backend.

testinfra knows the ways of the distributions (systemd, dpkg or rpm, ss or netstat); this
module only says which of its answers a check asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.engine.expect import judge_text
from lab.errors import InfrastructureError
from lab.model.checks import FileCheck, PackageCheck, PortCheck, ProcessCheck, ServiceCheck
from lab.model.steps import HostStep

if TYPE_CHECKING:
    from testinfra.host import Host

_COMM = 15  # the kernel cuts a command name to this many characters


def command_of(check: HostStep) -> str:
    """Return what is asked, in testinfra's words, for plans and journals.

    >>> command_of(ServiceCheck(service="walinuxagent", running=True))
    "host.service('walinuxagent')"

    Raises:
        NotImplementedError: The loader lets no such check through.
    """
    match check:
        case ServiceCheck(service=name):
            return f"host.service({name!r})"
        case FileCheck(file=path):
            return f"host.file({path!r})"
        case ProcessCheck(process=name):
            return f"host.process.filter(comm={name[:_COMM]!r})"
        case PackageCheck(package=name):
            return f"host.package({name!r})"
        case PortCheck(port=port):
            return f"tcp port {port} of host.socket.get_listening_sockets()"
    raise NotImplementedError(f"{type(check).__name__} on linux")


def judge(check: HostStep, host: Host) -> str | None:
    """Return why a check does not hold on a guest, ``None`` when it does.

    Args:
        check: One of the checks that Linux guests know.
        host: testinfra's view of the guest.

    Raises:
        InfrastructureError: testinfra met an answer that it does not know.
    """
    try:
        return _judge(check, host)
    except (AssertionError, RuntimeError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InfrastructureError(f"{command_of(check)} could not be answered: {reason}") from error


def _judge(check: HostStep, host: Host) -> str | None:
    match check:
        case ServiceCheck():
            return _service(check, host)
        case FileCheck():
            return _file(check, host)
        case ProcessCheck():
            found = bool(host.process.filter(comm=check.process[:_COMM]))
            return differs(check.process, check.running, found, "running")
        case PackageCheck():
            found = host.package(check.package).is_installed
            return differs(check.package, check.installed, found, "installed")
        case PortCheck():
            sockets = host.socket.get_listening_sockets()  # whatever address they are bound to
            found = any(one.startswith("tcp://") and one.endswith(f":{check.port}") for one in sockets)
            return differs(f"port {check.port}", check.listening, found, "listening")
    raise NotImplementedError(f"{type(check).__name__} on linux")


def _service(check: ServiceCheck, host: Host) -> str | None:
    service = host.service(check.service)
    wrong = differs(check.service, check.exists, service.exists, "installed")
    if wrong is None and check.running is not None:
        wrong = differs(check.service, check.running, service.is_running, "running")
    if wrong is None and check.enabled is not None:
        wrong = differs(check.service, check.enabled, service.is_enabled, "started with the machine")
    return wrong


def _file(check: FileCheck, host: Host) -> str | None:
    file = host.file(check.file)
    wrong = differs(check.file, check.exists, file.exists, "there")
    if wrong is None and (check.finds is not None or check.lacks is not None):
        wrong = judge_text(file.content_string, check.finds, check.lacks)
    return wrong


def differs(what: str, wanted: bool | None, found: bool, word: str) -> str | None:
    """Return in words how what was found differs from what was wanted, ``None`` where it does not.

    >>> differs("VSS", True, False, "running")
    'VSS is not running'
    """
    if wanted is None or wanted == found:
        return None
    return f"{what} is {'' if found else 'not '}{word}"
