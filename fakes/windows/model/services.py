"""The service control manager: states, causes and effects.

Configuration lives in the registry (:mod:`fakes.windows.model.service_config`); here is
what runs. Every call fails as the Win32 service functions do, with the code that the
world's state gives: StartService and ControlService in MicrosoftDocs/sdk-api
(sdk-api-src/content/winsvc).
"""

from __future__ import annotations

import ntpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from fakes.windows.model import service_config, service_events
from fakes.windows.model.service_config import ServiceConfig, StartType
from fakes.windows.model.service_status import NEVER_STARTED, Service, ServiceState, Status
from fakes.windows.model.win32 import Win32Error

if TYPE_CHECKING:
    from fakes.windows.model.host import Host
    from fakes.windows.model.service_config import Fixture

__all__ = ["Service", "ServiceState", "Services", "Status"]
BUILT_IN_ACCOUNTS = frozenset(
    ("localsystem", r"nt authority\system", r"nt authority\localservice", r"nt authority\local service",
     r"nt authority\networkservice", r"nt authority\network service")
)  # fmt: skip


_STOPPED = Status(ServiceState.STOPPED, exit_code=NEVER_STARTED)
Observer = Callable[[str, bool], None]


class Services:
    """All services of a host, by key name in any case.

    Args:
        host: Whose services.
        fixtures: What the table says of each, by lower-case name.
    """

    def __init__(self, host: Host, fixtures: dict[str, Fixture]) -> None:
        self._host = host
        self._fixtures = fixtures
        self._status: dict[str, Status] = {}
        self._passwords: dict[str, str] = {}
        self._start_errors: dict[str, int] = {}
        self.observers: list[Observer] = []
        """Called with (name, started) after a service started or stopped."""

    # -- reading ---------------------------------------------------------------
    def find(self, name: str) -> Service | None:
        """Return the service with this key name, or None."""
        key = self._host.registry.find(f"{service_config.ROOT}\\{name}") if _plain(name) else None
        config = service_config.read(key) if key else None
        if config is None:
            return None
        fixture = self._fixtures.get(name.lower())
        status = self._status.get(name.lower(), _STOPPED)
        return Service(config, status, fixture.control if fixture else "")

    def get(self, name: str) -> Service:
        """Return the service with this key name.

        Raises:
            Win32Error: 1060, when there is none.
        """
        found = self.find(name)
        if found is None:
            raise Win32Error(1060, name)
        return found

    def by_display_name(self, name: str) -> Service | None:
        """Return the service with this key or display name, as ``net`` looks it up."""
        found = self.find(name)
        if found:
            return found
        return next((s for s in self.all(drivers=True) if s.display_name.lower() == name.lower()), None)

    def all(self, *, drivers: bool = False) -> list[Service]:
        """Return the services (and drivers, if wanted) in order of their key names."""
        return [s for s in self._each() if drivers or not s.config.is_driver]

    def dependencies(self, name: str) -> list[Service]:
        """Return the existing services that this one needs directly."""
        found = (self.find(need) for need in self.get(name).config.dependencies)
        return [service for service in found if service]

    def dependants(self, name: str, *, running: bool = False) -> list[Service]:
        """Return the services that need this one, directly or not, in the order to stop them.

        Args:
            name: Key name.
            running: Leave out the stopped ones.
        """
        needed: dict[str, list[Service]] = {}
        for service in self._each():
            for need in service.config.dependencies:
                needed.setdefault(need.lower(), []).append(service)
        order: list[Service] = []

        def visit(lower: str) -> None:
            for service in needed.get(lower, ()):
                if all(service.name != seen.name for seen in order):
                    visit(service.name.lower())
                    order.append(service)

        visit(self.get(name).name.lower())
        return [s for s in order if s.state is not ServiceState.STOPPED] if running else order

    # -- changing --------------------------------------------------------------
    def start(self, name: str, *, logged: bool = True) -> None:
        """Start a service, and what it depends on.

        Args:
            name: Key name.
            logged: Write the service control manager's events.

        Raises:
            Win32Error: 1060 unknown, 1056 running, 1058 disabled, 1075 a dependency does
                not exist, 1068 a dependency did not start, 1069 the account cannot log
                on, 2 the program is missing, or what :meth:`fail_start` set.
        """
        with self._host.lock:
            service = self.get(name)
            if service.state is not ServiceState.STOPPED:
                raise Win32Error(1056, service.name)
            if service.config.start is StartType.DISABLED:
                raise Win32Error(1058, service.name)
            self._start_dependencies(service, logged=logged)
            code = self._start_errors.get(name.lower(), 0) or self._start_refusal(service.config)
            if code:
                self._status[name.lower()] = Status(ServiceState.STOPPED, exit_code=code)
                service_events.failure(self._host.event_logs, service, code, logged=logged)
                raise Win32Error(code, service.name)
            self._run(service.config)
            if logged:
                service_events.state(self._host.event_logs, service.config, "running")

    def stop(self, name: str, *, logged: bool = True, force: bool = False) -> None:
        """Stop a running service.

        Args:
            name: Key name.
            logged: Write the service control manager's event.
            force: Stop what accepts no stop or is protected too, and let dependants be.

        Raises:
            Win32Error: 1060 unknown, 1062 not running, 5 its security descriptor forbids
                it, 1052 it does not accept stop, 1051 running services depend on it.
        """
        with self._host.lock:
            service = self.get(name)
            if "!" in service.control and not force:
                raise Win32Error(5, service.name)
            if service.state is ServiceState.STOPPED:
                raise Win32Error(1062, service.name)
            if not service.can_stop and not force:
                raise Win32Error(1052, service.name)
            if not force and self.dependants(name, running=True):
                raise Win32Error(1051, service.name)
            self._halt(service.config, 0)
            if logged:
                service_events.state(self._host.event_logs, service.config, "stopped")

    def pause(self, name: str) -> None:
        """Pause a running service.

        Raises:
            Win32Error: 1060, 1062, or 1052 when it does not accept pause.
        """
        self._control(name, ServiceState.RUNNING, ServiceState.PAUSED)

    def resume(self, name: str) -> None:
        """Continue a paused service; raises as :meth:`pause` does."""
        self._control(name, ServiceState.PAUSED, ServiceState.RUNNING)

    def configure(
        self,
        name: str,
        *,
        start: StartType | None = None,
        delayed: bool | None = None,
        account: str | None = None,
        password: str | None = None,
        image_path: str | None = None,
        display_name: str | None = None,
        description: str | None = None,
        dependencies: tuple[str, ...] | None = None,
    ) -> None:
        """Change the configuration (ChangeServiceConfig); None leaves a field alone.

        Raises:
            Win32Error: 1060 unknown, 1057 the account does not exist, 1078 the display
                name is taken.
        """
        with self._host.lock:
            service = self.get(name)
            if account is not None and not self._account_exists(account):
                raise Win32Error(1057, service.name)
            if display_name is not None:
                holder = self.by_display_name(display_name)
                if holder and holder.name != service.name:
                    raise Win32Error(1078, service.name)
            if start is not None and start is not service.config.start:
                service_events.start_type(self._host.event_logs, service.config, start)
            self._write(
                service.name, start, delayed, account, image_path, display_name, description, dependencies
            )
            if password is not None:
                self._passwords[name.lower()] = password

    def delete(self, name: str) -> None:
        """Delete a service (DeleteService); a running one is stopped first.

        Raises:
            Win32Error: 1060 unknown.
        """
        with self._host.lock:
            service = self.get(name)
            if service.state is not ServiceState.STOPPED:
                self._halt(service.config, 0)
            self._host.registry.delete_key(f"{service_config.ROOT}\\{service.name}")
            self._status.pop(name.lower(), None)

    def fail_start(self, name: str, code: int) -> None:
        """Make every start of this service fail with ``code``; 0 mends it. Part of the host's state."""
        self.get(name)
        self._start_errors[name.lower()] = code
        if not code:
            del self._start_errors[name.lower()]

    def process_ended(self, pid: int) -> None:
        """Let the services of a process that died stop, with event 7034 for each."""
        for service in self._each():
            if service.status.pid == pid and service.state is not ServiceState.STOPPED:
                self._halt(service.config, 1067, keep_process=True)
                service_events.terminated(self._host.event_logs, service)

    def crash(self, name: str) -> None:
        """Let a running service's process die, with event 7034; everything in that process goes with it."""
        with self._host.lock:
            service = self.get(name)
            if service.status.pid == 0:
                raise Win32Error(1062, service.name)
            self._host.processes.end(service.status.pid)
            self.process_ended(service.status.pid)

    # -- start-up --------------------------------------------------------------
    def boot(self) -> None:
        """Bring up what runs after start-up: automatic services and those that triggers started."""
        self._status = {}
        for service in self._each():
            fixture = self._fixtures.get(service.name.lower())
            at_start = fixture.running if fixture else service.config.start is StartType.AUTO
            started_later = service.config.start is StartType.AUTO and not service.config.triggered
            if (at_start or started_later) and service.config.start is not StartType.DISABLED:
                self._boot_one(service)

    def _boot_one(self, service: Service) -> None:
        if self._status.get(service.name.lower(), _STOPPED).state is ServiceState.STOPPED:
            try:
                self.start(service.name, logged=False)
            except Win32Error as error:
                service_events.failure(self._host.event_logs, service, error.code, logged=True)

    # -- saving ----------------------------------------------------------------
    def state(self) -> tuple[dict[str, Status], dict[str, str], dict[str, int]]:
        """Return what :meth:`restore` takes back."""
        return dict(self._status), dict(self._passwords), dict(self._start_errors)

    def restore(self, state: tuple[dict[str, Status], dict[str, str], dict[str, int]]) -> None:
        """Go back to an earlier :meth:`state`."""
        self._status, self._passwords, self._start_errors = (dict(part) for part in state)  # type: ignore[assignment]

    # -- private ---------------------------------------------------------------
    def _each(self) -> Iterator[Service]:
        for key in self._host.registry.open(service_config.ROOT).subkeys():
            service = self.find(key.name)
            if service:
                yield service

    def _start_dependencies(self, service: Service, *, logged: bool) -> None:
        for need in service.config.dependencies:
            if need.startswith(
                "+"
            ):  # a load order group: up when any member is; all of ours are boot drivers
                continue
            other = self.find(need)
            if other is None:
                service_events.failure(self._host.event_logs, service, 1075, logged=logged)
                raise Win32Error(1075, service.name)
            if other.state is ServiceState.STOPPED:
                try:
                    self.start(other.name, logged=logged)
                except Win32Error as error:
                    service_events.dependency(
                        self._host.event_logs, service, other, error.code, logged=logged
                    )
                    raise Win32Error(1068, service.name) from error

    def _start_refusal(self, config: ServiceConfig) -> int:
        """Return why the process cannot be made: 1069, 2, or 0 when it can."""
        if config.is_driver:
            return 0
        if not self._logs_on(config):
            return 1069
        return 0 if self._host.files.exists(self.program(config)) else 2

    def program(self, config: ServiceConfig) -> str:
        """Return the file that a service's image path names, expanded and without arguments."""
        line = self._host.expand(config.image_path).strip()
        if line.startswith('"'):
            return line[1:].split('"')[0]
        lower = line.lower()
        end = lower.find(".exe")
        return line if end < 0 else line[: end + 4]

    def _logs_on(self, config: ServiceConfig) -> bool:
        account = config.account.lower()
        if account in BUILT_IN_ACCOUNTS or account.startswith("nt service\\"):
            return True
        password = self._passwords.get(config.name.lower(), "")
        return self._host.users.check(config.account, password)

    def _account_exists(self, account: str) -> bool:
        lower = account.lower()
        if lower in BUILT_IN_ACCOUNTS or lower.startswith("nt service\\"):
            return True
        return self._host.users.find(account) is not None

    def _run(self, config: ServiceConfig) -> None:
        pid = 0 if config.is_driver else self._process_for(config)
        self._status[config.name.lower()] = Status(ServiceState.RUNNING, pid)
        for observer in self.observers:
            observer(config.name, True)

    def _process_for(self, config: ServiceConfig) -> int:
        """Return the process a starting service joins, or a new one."""
        fixture = self._fixtures.get(config.name.lower())
        image = config.image_path.lower()
        program = self.program(config)
        if image.endswith("lsass.exe"):
            return self._host.processes.named("lsass.exe")[0].pid
        if fixture and fixture.shared:
            for name, status in self._status.items():
                other = self._fixtures.get(name)
                if status.pid and other and other.shared:
                    mate = self.find(name)
                    if mate and mate.config.image_path.lower() == image:
                        return status.pid
        line = self._host.expand(config.image_path)
        services = self._host.processes.named("services.exe")
        return self._host.processes.start(
            ntpath.basename(program),
            line if not image.endswith(program.lower()) else program,
            now=self._host.clock.now(),
            user=_process_user(config.account),
            parent=services[0].pid if services else 4,
        )

    def _halt(self, config: ServiceConfig, code: int, *, keep_process: bool = False) -> None:
        pid = self._status.get(config.name.lower(), _STOPPED).pid
        self._status[config.name.lower()] = Status(ServiceState.STOPPED, exit_code=code)
        alone = all(status.pid != pid for status in self._status.values())
        process = self._host.processes.get(pid) if pid and not keep_process else None
        if process and alone and process.name.lower() != "lsass.exe":
            self._host.processes.end(pid)
        for observer in self.observers:
            observer(config.name, False)

    def _control(self, name: str, needs: ServiceState, then: ServiceState) -> None:
        with self._host.lock:
            service = self.get(name)
            if service.state is ServiceState.STOPPED:
                raise Win32Error(1062, service.name)
            if not service.can_pause or service.state is not needs:
                raise Win32Error(1052, service.name)
            self._status[name.lower()] = replace(service.status, state=then)

    def _write(
        self,
        name: str,
        start: StartType | None,
        delayed: bool | None,
        account: str | None,
        image_path: str | None,
        display_name: str | None,
        description: str | None,
        dependencies: tuple[str, ...] | None,
    ) -> None:
        path, registry = f"{service_config.ROOT}\\{name}", self._host.registry
        if start is not None:
            registry.set(path, "Start", "REG_DWORD", int(start))
        if delayed is not None:
            registry.set(path, "DelayedAutostart", "REG_DWORD", int(delayed))
        for value, text in (
            ("ObjectName", account),
            ("DisplayName", display_name),
            ("Description", description),
        ):
            if text is not None:
                registry.set(path, value, "REG_SZ", text)
        if image_path is not None:
            registry.set(path, "ImagePath", "REG_EXPAND_SZ", image_path)
        if dependencies is not None:
            registry.set(path, "DependOnService", "REG_MULTI_SZ", dependencies)


def _plain(name: str) -> bool:
    return bool(name) and "\\" not in name and "/" not in name


def _process_user(account: str) -> str:
    """Return how tasklist /v and Win32_Process name a service's account."""
    lower = account.lower()
    if lower in {"localsystem", ""}:
        return r"NT AUTHORITY\SYSTEM"
    if "localservice" in lower:
        return r"NT AUTHORITY\LOCAL SERVICE"
    if "networkservice" in lower:
        return r"NT AUTHORITY\NETWORK SERVICE"
    return account
