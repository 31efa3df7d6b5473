r"""The safety guard of real Windows hosts: only a machine marked as disposable is touched.

The mark is a registry value that nobody has by accident:
``HKLM\SOFTWARE\AzureVmBackupLab``, ``Disposable``, REG_DWORD 1.
"""

from __future__ import annotations

import re

from lab.errors import Refused

from .client import WinRmClient

KEY = r"HKLM\SOFTWARE\AzureVmBackupLab"
VALUE = "Disposable"
MARK_COMMAND = f"reg add {KEY} /v {VALUE} /t REG_DWORD /d 1 /f"
_MARKED = re.compile(rf"^\s+{VALUE}\s+REG_DWORD\s+0x1\s*$", re.MULTILINE | re.IGNORECASE)


def require_mark(client: WinRmClient) -> None:
    """Return when the host is marked.

    Raises:
        Refused: It is not. Nothing was run on it but the query.
    """
    answer = client.run(f"reg query {KEY} /v {VALUE}", timeout=30)
    if answer.exit_code == 0 and _MARKED.search(answer.stdout.decode("utf-8", "replace")):
        return
    raise Refused(
        f"{client.name}: {client.endpoint.url} is not marked as disposable, nothing was changed; "
        f"if this machine may be broken, run there as administrator: {MARK_COMMAND}"
    )
