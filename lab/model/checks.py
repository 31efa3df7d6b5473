"""The checks of a scenario, in the vocabulary of testinfra and goss."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from lab.model.base import Patterns, Strict
from lab.model.steps import HostStep, Step

JobStatus = Literal["Completed", "CompletedWithWarnings", "Failed", "Cancelled"]


class BackupExpectation(Strict):
    """How an on-demand backup must end."""

    status: JobStatus
    error: str | None = Field(default=None, description="The documented error code of the job.")
    message: Patterns | None = Field(
        default=None, description="Regular expressions the job's message must match."
    )

    @model_validator(mode="after")
    def _error_only_when_failed(self) -> BackupExpectation:
        if self.error is not None and self.status == "Completed":
            raise ValueError("a backup with status Completed has no error")
        return self


def _status_alone(value: Any) -> Any:
    return {"status": value} if isinstance(value, str) else value


class BackupCheck(Step):
    """Take an on-demand backup of the protected item and see how it ends."""

    backup: Annotated[BackupExpectation, BeforeValidator(_status_alone)]


class ServiceCheck(HostStep):
    """State of a Windows service or a systemd unit."""

    service: str
    exists: bool | None = None
    running: bool | None = None
    enabled: bool | None = Field(default=None, description="Whether it starts with the machine.")

    @model_validator(mode="after")
    def _says_something(self) -> ServiceCheck:
        if self.exists is None and self.running is None and self.enabled is None:
            raise ValueError("needs exists:, running: or enabled:")
        return self


class FileCheck(HostStep):
    """A file or folder: whether it is there, and what is in it."""

    file: str
    exists: bool = True
    finds: Patterns | None = None
    lacks: Patterns | None = None

    @model_validator(mode="after")
    def _contents_need_a_file(self) -> FileCheck:
        if not self.exists and (self.finds or self.lacks):
            raise ValueError("a file that must not exist has no contents to look at")
        return self


class ProcessCheck(HostStep):
    """A process by its image name (Windows) or command name (Linux)."""

    process: str
    running: bool = True


class PackageCheck(HostStep):
    """A package of the distribution."""

    package: str
    installed: bool = True


class PortCheck(HostStep):
    """A TCP port of the host itself."""

    port: Annotated[int, Field(ge=1, le=65535)]
    listening: bool = True


class RegistryCheck(HostStep):
    """A key or a value of the Windows registry."""

    registry: str = Field(description="Key, such as HKLM\\SOFTWARE\\Microsoft\\BcdrAgentPersistentKeys.")
    value: str | None = Field(default=None, description="Name of a value; the key itself if left out.")
    exists: bool = True
    equals: str | int | None = None

    @model_validator(mode="after")
    def _equals_needs_a_value(self) -> RegistryCheck:
        if self.equals is not None and (self.value is None or not self.exists):
            raise ValueError("equals: needs value: and exists: true")
        return self


class AclCheck(HostStep):
    """The access control list of a file or folder."""

    acl: str
    finds: Patterns | None = None
    lacks: Patterns | None = None


class EventCheck(HostStep):
    """An event of a Windows log or of the journal."""

    event: Any
