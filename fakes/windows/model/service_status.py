"""The states a service can be in, and a service as it was when it was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from fakes.windows.model.service_config import ServiceConfig

NEVER_STARTED = 1077  # ERROR_SERVICE_NEVER_STARTED, a stopped service's exit code after start-up


class ServiceState(IntEnum):
    """dwCurrentState of SERVICE_STATUS."""

    STOPPED = 1
    START_PENDING = 2
    STOP_PENDING = 3
    RUNNING = 4
    CONTINUE_PENDING = 5
    PAUSE_PENDING = 6
    PAUSED = 7


@dataclass(frozen=True, slots=True)
class Status:
    """What a service does now.

    Attributes:
        state: Its state.
        pid: The process it lives in; 0 when stopped.
        exit_code: dwWin32ExitCode.
        specific_code: dwServiceSpecificExitCode, meaningful when exit_code is 1066.
    """

    state: ServiceState
    pid: int = 0
    exit_code: int = 0
    specific_code: int = 0


@dataclass(frozen=True, slots=True)
class Service:
    """A service's configuration and status, as they were when it was asked for."""

    config: ServiceConfig
    status: Status
    control: str

    @property
    def name(self) -> str:
        """The key name."""
        return self.config.name

    @property
    def display_name(self) -> str:
        """The name people read."""
        return self.config.display_name

    @property
    def state(self) -> ServiceState:
        """The state."""
        return self.status.state

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self.status.state is ServiceState.RUNNING

    @property
    def can_stop(self) -> bool:
        """Whether it is running (or paused) and accepts the stop control."""
        return self.state in {ServiceState.RUNNING, ServiceState.PAUSED} and "^" not in self.control

    @property
    def can_pause(self) -> bool:
        """Whether it is running and accepts pause and continue."""
        return self.state in {ServiceState.RUNNING, ServiceState.PAUSED} and "p" in self.control

    @property
    def hears_shutdown(self) -> bool:
        """Whether it is running and accepts the shutdown control."""
        return self.running and "h" in self.control
