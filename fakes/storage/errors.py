"""What can go wrong with the lab's storage, as opposed to what storage answers."""

from __future__ import annotations


class StorageSetupError(Exception):
    """Azurite cannot be fetched or started; one line: what, where, what to do."""


class StorageError(Exception):
    """The blob service refused a request.

    Attributes:
        status: HTTP status.
        code: ``x-ms-error-code``, or an empty string when the answer carries none.
        operation: What was asked for, as ``METHOD path``, without any signature.
    """

    def __init__(self, status: int, code: str, operation: str, message: str = "") -> None:
        super().__init__(f"{operation}: {status} {code} {message}".rstrip())
        self.status = status
        self.code = code
        self.operation = operation
