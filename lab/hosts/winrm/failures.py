"""What pywinrm and requests raise, as errors of the lab: one clear line each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from lab.errors import HostUnreachable, InfrastructureError, LogonRefused

SHELL_NOT_FOUND = 2150858843
# The shell or its command is gone: not found, aborted, terminated.
SHELL_GONE = frozenset({SHELL_NOT_FOUND, 995, 2150859212})


class Fault(InfrastructureError):
    """WinRM answered with a fault.

    Attributes:
        number: The fault's code, a Win32 error or HRESULT.
    """

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number


@contextmanager
def translated(where: str, user: str) -> Iterator[None]:
    """Turn failures of the block into the lab's errors.

    Args:
        where: Host and address, the start of every message.
        user: Who logs on; named when that fails.

    Raises:
        LogonRefused: The user name or the password is wrong.
        HostUnreachable: No connection.
        Fault: WinRM refused the operation.
    """
    import requests
    from winrm.exceptions import (
        AuthenticationError,
        WinRMError,
        WinRMTransportError,
        WSManFaultError,
    )

    try:
        yield
    except WSManFaultError as error:
        number = error.wsman_fault_code or error.code
        raise Fault(f"{where}: WinRM fault {number}: {error.reason.strip()}", number) from error
    except AuthenticationError as error:
        raise LogonRefused(f"{where}: user {user!r} was refused: check user name and password") from error
    except WinRMTransportError as error:
        raise HostUnreachable(f"{where}: WinRM answered with HTTP status {error.code}") from error
    except requests.exceptions.SSLError as error:
        raise HostUnreachable(f"{where}: TLS failed: {innermost(error)}") from error
    except requests.exceptions.Timeout as error:
        raise HostUnreachable(f"{where}: no answer in time") from error
    except requests.exceptions.RequestException as error:
        raise HostUnreachable(f"{where}: no connection: {innermost(error)}") from error
    except (WinRMError, PermissionError) as error:
        raise HostUnreachable(f"{where}: {error}") from error


def innermost(error: BaseException) -> str:
    """Return the reason at the bottom of requests' and urllib3's nested errors."""
    seen: BaseException = error
    while True:
        inner = getattr(seen, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((arg for arg in seen.args if isinstance(arg, BaseException)), None)
        if inner is None or inner is seen:
            break
        seen = inner
    text = str(getattr(seen, "strerror", None) or str(seen).rpartition(": ")[2] or type(seen).__name__)
    return re.sub(r"^\[Errno -?\d+\] ", "", text).splitlines()[0]
