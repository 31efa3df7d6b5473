"""The status file that the agent puts, as it is, into the VM's status blob."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

SUCCESS = "success"
ERROR = "error"
TRANSITIONING = "transitioning"


@dataclass(frozen=True)
class Result:
    """How far a request has come.

    Attributes:
        status: ``success``, ``error`` or ``transitioning``.
        code: The published extension's numbers (``ExtensionErrorCodeHelper.py`` of
            Azure/azure-linux-extensions): 1 success, 2 error, 4 under way, 11 bad
            parameters, 15 HTTP failure, 76 no network, 85 too many snapshots,
            121 freeze failed, 122 freeze timed out.
        message: For people.
        substatus: name -> (status, code, message) of each part.
    """

    status: str
    code: int
    message: str
    substatus: dict[str, tuple[str, int, str]] = field(default_factory=dict)

    @classmethod
    def working(cls, message: str) -> Result:
        """Return a result that will be followed by another."""
        return cls(TRANSITIONING, 4, message)

    @classmethod
    def failed(cls, code: int, error: str, text: str) -> Result:
        """Return a failure; ``error`` is the documented code of the backup job's error."""
        return cls(ERROR, code, text, {"error": (ERROR, code, f"{error}: {text}")})


class StatusFile:
    """``status/<sequence>.status``, replaced as a whole each time."""

    def __init__(self, folder: Path, sequence: int) -> None:
        self.path = folder / f"{sequence}.status"

    def is_final(self) -> bool:
        """Tell whether this request has ended, well or badly."""
        try:
            document = json.loads(self.path.read_text(encoding="utf-8"))
            return document[0]["status"]["status"] in {SUCCESS, ERROR}
        except (OSError, ValueError, LookupError, TypeError):
            return False

    def write(self, result: Result) -> None:
        """Write the document; its reader never sees half of it."""
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        temporary.write_text(json.dumps([self._document(result)]), encoding="utf-8")
        temporary.replace(self.path)

    @staticmethod
    def _document(result: Result) -> dict[str, Any]:
        parts = [
            {"name": name, "status": status, "code": code, "formattedMessage": _text(message)}
            for name, (status, code, message) in result.substatus.items()
        ]
        return {
            "version": 1.0,
            "timestampUTC": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),  # noqa: UP017 - guests may run older Python
            "status": {
                "name": "VMSnapshotLinux",
                "operation": "Enable",
                "status": result.status,
                "code": result.code,
                "formattedMessage": _text(result.message),
                "substatus": parts,
            },
        }


def _text(message: str) -> dict[str, str]:
    return {"lang": "en-US", "message": message}
