"""``System.ServiceProcess.ServiceController`` over the host's service control manager.

Like the .NET class, an object keeps the status it has read until ``Refresh()``; its failures are
InvalidOperationException around a Win32Exception with the texts of System.ServiceProcess.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.windows.model.service_config import StartType
from fakes.windows.model.services import Service, ServiceState
from fakes.windows.model.win32 import Win32Error, message
from fakes.windows.powershell.conversion import convert
from fakes.windows.powershell.current import required_interpreter
from fakes.windows.powershell.dotnet.enum_types import SERVICE_START_MODE, SERVICE_STATUS
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.errors import net_exception
from fakes.windows.powershell.values import EnumValue, PropertyGetter, PSObject, TypedArray, define_enum

CONTROLLER = "System.ServiceProcess.ServiceController"
STATUS = SERVICE_STATUS
START_MODE = SERVICE_START_MODE
SERVICE_TYPE = define_enum(
    "System.ServiceProcess.ServiceType",
    {
        "KernelDriver": 1,
        "FileSystemDriver": 2,
        "Adapter": 4,
        "RecognizerDriver": 8,
        "Win32OwnProcess": 16,
        "Win32ShareProcess": 32,
        "InteractiveProcess": 256,
    },
    flags=True,
)
_PENDING = {
    ServiceState.START_PENDING,
    ServiceState.STOP_PENDING,
    ServiceState.CONTINUE_PENDING,
    ServiceState.PAUSE_PENDING,
}


class ServiceController(PSObject):
    """One service as scripts hold it.

    Args:
        host: the simulated host.
        service: what the service control manager said of it.
    """

    __slots__ = ("host", "service")

    def __init__(self, host: Any, service: Service) -> None:
        self.host = host
        self.service = service
        names = [CONTROLLER, "System.ComponentModel.Component", "System.MarshalByRefObject", "System.Object"]
        methods: dict[str, Callable[..., Any]] = {
            "Start": self.start,
            "Stop": self.stop,
            "Pause": self.pause,
            "Continue": self.resume,
            "Refresh": self.refresh,
            "Close": lambda: None,
            "Dispose": lambda: None,
            "WaitForStatus": self.wait_for,
        }
        super().__init__(names, _PROPERTIES, methods, text=service.name)

    @property
    def state(self) -> ServiceState:
        """The status last read."""
        return self.service.state

    def refresh(self) -> None:
        """Reads the service again; one that is gone keeps its last status."""
        self.service = self.host.services.find(self.service.name) or self.service

    def related(self, names: list[Service]) -> TypedArray:
        """Controllers of other services, as the .NET arrays hold them."""
        return TypedArray([ServiceController(self.host, service) for service in names], CONTROLLER)

    def start(self, *_args: Any) -> None:
        """Starts the service; raises PowerShellError with the .NET exception."""
        self._do(
            lambda: self.host.services.start(self.service.name), "Cannot start service {0} on computer '.'."
        )

    def stop(self) -> None:
        """Stops the running dependants, then the service."""

        def work() -> None:
            for other in self.host.services.dependants(self.service.name, running=True):
                self.host.services.stop(other.name)
            self.host.services.stop(self.service.name)

        self._do(work, "Cannot stop {0} service on computer '.'.")

    def pause(self) -> None:
        """Pauses the service."""
        self._do(
            lambda: self.host.services.pause(self.service.name), "Cannot pause {0} service on computer '.'."
        )

    def resume(self) -> None:
        """Continues the paused service."""
        self._do(
            lambda: self.host.services.resume(self.service.name), "Cannot resume {0} service on computer '.'."
        )

    def wait(
        self, target: ServiceState, limit: float | None = None, every: Callable[[], None] | None = None
    ) -> bool:
        """Waits on the host's clock while the service is on its way.

        Args:
            target: the state waited for.
            limit: virtual seconds, None for ever.
            every: called after each two seconds without the target.

        Returns:
            Whether the target was reached.
        """
        waited = 0.0
        self.refresh()
        while self.state is not target:
            if limit is not None and waited >= limit:
                return False
            if limit is None and self.state not in _PENDING:
                return False
            self.host.clock.advance(2)
            waited += 2
            self.refresh()
            if every is not None and self.state is not target:
                every()
        return True

    def wait_for(self, status: Any, timeout: Any = None) -> None:
        """``WaitForStatus``: TimeoutException when the status does not come in time."""
        target: EnumValue = convert(status, STATUS.name)
        limit: float | None = convert(timeout, "timespan").total_seconds() if timeout is not None else None
        if limit is None and self.wait(ServiceState(target.number)):
            return
        if limit is None:
            raise NetError("System.InvalidOperationException", f"the service would never be {target.name}")
        if not self.wait(ServiceState(target.number), limit):
            text = "Time out has expired and the operation has not been completed."
            raise NetError("System.ServiceProcess.TimeoutException", text)

    def _do(self, work: Callable[[], None], text: str) -> None:
        try:
            work()
        except Win32Error as error:
            cause = net_exception(
                "System.ComponentModel.Win32Exception",
                message(error.code).rstrip(". \r\n"),  # as Win32Exception of .NET Framework trims it
                properties={"NativeErrorCode": error.code},
            )
            raise ServiceFailure(error.code, text.format(self.service.name), cause) from error


class ServiceFailure(NetError):
    """InvalidOperationException of a ServiceController method; `code` is the Win32 error."""

    def __init__(self, code: int, text: str, cause: PSObject) -> None:
        super().__init__("System.InvalidOperationException", text)
        self.code = code
        self.exception = net_exception("System.InvalidOperationException", text, cause)


def controllers(host: Any) -> list[ServiceController]:
    """Every service that is not a driver, by name."""
    return [ServiceController(host, service) for service in host.services.all()]


def start_mode(start: StartType) -> EnumValue:
    """A start type as .NET names it."""
    return START_MODE.from_number(int(start))


def _get(read: Callable[[Any], Any], kind: str = "Property") -> PropertyGetter:
    return PropertyGetter(read, kind=kind)


def _needs(item: Any) -> TypedArray:
    return item.related(item.host.services.dependencies(item.service.name))  # type: ignore[no-any-return]


_PROPERTIES: dict[str, Any] = {
    "Name": _get(lambda item: item.service.name, "AliasProperty"),
    "RequiredServices": _get(_needs, "AliasProperty"),
    "CanPauseAndContinue": _get(lambda item: item.service.can_pause),
    "CanShutdown": _get(lambda item: item.service.hears_shutdown),
    "CanStop": _get(lambda item: item.service.can_stop),
    "DisplayName": _get(lambda item: item.service.display_name),
    "DependentServices": _get(lambda item: item.related(item.host.services.dependants(item.service.name))),
    "MachineName": _get(lambda _: "."),
    "ServiceName": _get(lambda item: item.service.name),
    "ServicesDependedOn": _get(_needs),
    "ServiceHandle": _get(lambda _: "SafeServiceHandle"),
    "Status": _get(lambda item: STATUS.from_number(int(item.state))),
    "ServiceType": _get(lambda item: SERVICE_TYPE.from_number(item.service.config.type)),
    "StartType": _get(lambda item: start_mode(item.service.config.start)),
    "Site": _get(lambda _: None),
    "Container": _get(lambda _: None),
}


def _as_controller(value: Any) -> ServiceController:
    """A cast: only controllers are controllers (the binder prefers names for strings)."""
    if isinstance(value, ServiceController):
        return value
    raise ValueError("it is no service")


_CLASS = net_class(
    CONTROLLER, bases=("System.ComponentModel.Component", "System.Object"), convert=_as_controller
)


@_CLASS.constructor(("System.String",))
def _new(name: str) -> ServiceController:
    host = required_interpreter(f"[{CONTROLLER}]").host
    service = host.services.by_display_name(name)
    if service is None:
        raise NetError("System.InvalidOperationException", f"Service {name} was not found on computer '.'.")
    return ServiceController(host, service)


@_CLASS.static("GetServices", ())
def _get_services() -> TypedArray:
    return TypedArray(controllers(required_interpreter(f"[{CONTROLLER}]").host), CONTROLLER)
