"""Where the user and password of a Windows host come from. Never from a command line."""

from __future__ import annotations

import configparser
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lab.errors import UsageError

FILE_VARIABLE = "LAB_CREDENTIALS_FILE"


@dataclass(frozen=True)
class Credentials:
    r"""A user name (``NAME``, ``COMPUTER\NAME`` or ``NAME@DOMAIN``) and password.

    >>> Credentials("labadmin", "secret")
    Credentials(user='labadmin')
    """

    user: str
    password: str = field(repr=False)


def find_credentials(host: str, environment: Mapping[str, str], file: Path | None = None) -> Credentials:
    """Find the credentials of a host.

    Looked at in this order: the variables ``LAB_<HOST>_USER`` and ``LAB_<HOST>_PASSWORD``
    (the host's name in upper case, other characters than letters and digits as ``_``), then
    a file with mode 0600 that has a section for each host::

        [vm]
        user = labadmin
        password = ...

    Args:
        host: Name of the host in the scenario.
        environment: Usually ``os.environ``.
        file: The file; by default the one named by ``LAB_CREDENTIALS_FILE``.

    Raises:
        UsageError: None are given, only half of them, or the file is readable by others.
    """
    prefix = "LAB_" + re.sub(r"[^A-Z0-9]", "_", host.upper())
    user = environment.get(f"{prefix}_USER")
    password = environment.get(f"{prefix}_PASSWORD")
    if user and password:
        return Credentials(user, password)
    if user or password:
        missing = "PASSWORD" if user else "USER"
        raise UsageError(f"{host}: {prefix}_{missing} is not set, but its counterpart is: set both")
    if file is None and environment.get(FILE_VARIABLE):
        file = Path(environment[FILE_VARIABLE])
    if file is None:
        raise UsageError(
            f"{host}: no credentials: set {prefix}_USER and {prefix}_PASSWORD, "
            f"or name a file with a section [{host}] in {FILE_VARIABLE}"
        )
    return _from_file(host, file)


def _from_file(host: str, file: Path) -> Credentials:
    # Interpolation is off: a password may contain %.
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with file.open(encoding="utf-8") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            if mode & 0o077:
                raise UsageError(f"{file}: readable by others (mode {mode:04o}): run chmod 600 {file}")
            parser.read_file(stream)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot read the credentials of {host}: {error}") from error
    except configparser.Error as error:
        # The parser's own text quotes the line, which may hold the password.
        raise UsageError(f"{file}: no credentials file ({type(error).__name__})") from None
    user = parser.get(host, "user", fallback="")
    password = parser.get(host, "password", fallback="")
    if not user or not password:
        raise UsageError(f"{file}: section [{host}] needs both user and password")
    return Credentials(user, password)
