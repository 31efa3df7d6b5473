"""Set-Service and New-Service (``Service.cs`` of PowerShell 5.1; there is no Remove-Service in 5.1)."""

from __future__ import annotations

from typing import Any

from fakes.windows.model import service_config
from fakes.windows.model.service_config import StartType
from fakes.windows.model.services import ServiceState
from fakes.windows.model.win32 import Win32Error, message
from fakes.windows.powershell.cmdlets.service_objects import CONTROLLER, ServiceController, ServiceFailure
from fakes.windows.powershell.cmdlets.services import EXCEPTION, ServiceCmdlet
from fakes.windows.powershell.cmdlets.support import PSCmdlet, Unsimulated
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord, net_exception
from fakes.windows.powershell.values import EnumValue

_MODE = "System.ServiceProcess.ServiceStartMode"


@cmdlet("Set-Service", default_set="Name", supports_should_process=True)
class SetService(ServiceCmdlet):
    """Changes a service's configuration or state."""

    Name = Param(
        "string",
        position=0,
        mandatory=True,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        aliases=["ServiceName", "SN"],
        sets="Name",
    )
    InputObject = Param(CONTROLLER, value_from_pipeline=True, sets="InputObject")
    DisplayName = Param("string", aliases=["DN"], not_null_or_empty=True)
    Description = Param("string", not_null_or_empty=True)
    StartupType = Param(_MODE, aliases=["StartMode", "SM", "ST"])
    Status = Param("string", validate_set=["Running", "Stopped", "Paused"])
    PassThru = Param("switch")
    ComputerName = Unsimulated("string[]", aliases=["cn"])

    def process(self) -> None:
        item = self._service()
        if item is None or not self.should_process(f"{item.service.display_name} ({item.service.name})"):
            return
        mode: Any = self.StartupType
        start = (
            StartType(mode.number) if isinstance(mode, EnumValue) and mode.number >= StartType.AUTO else None
        )
        try:
            item.host.services.configure(
                item.service.name,
                start=start,
                delayed=False if start is StartType.AUTO else None,
                display_name=self.DisplayName,
                description=self.Description,
            )
        except Win32Error as error:
            self._refused(item, error.code)
            return
        item.refresh()
        if self.Status and not self._bring_to(item, str(self.Status)):
            return
        if self.PassThru:
            self.write(ServiceController(item.host, item.host.services.get(item.service.name)))

    def _service(self) -> ServiceController | None:
        given: Any = self.InputObject
        if isinstance(given, ServiceController):
            return given
        found = self.context.host.services.by_display_name(str(self.Name))
        if found is not None:
            return ServiceController(self.context.host, found)
        text = f"Service {self.Name} was not found on computer '.'."
        inner = net_exception("System.ComponentModel.Win32Exception", message(1060).rstrip("."))
        self.error(
            ErrorRecord(
                net_exception("System.InvalidOperationException", text, inner),
                "InvalidOperationException",
                "ObjectNotFound",
                ".",
            )
        )
        return None

    def _refused(self, item: ServiceController, code: int) -> None:
        text = f"Service '{item.service.display_name} ({item.service.name})' cannot be configured due to the following "
        record = ErrorRecord(
            text + f"error: {message(code)}",
            "CouldNotSetService",
            "PermissionDenied",
            item,
            exception_type=EXCEPTION,
        )
        record.category.target_name = CONTROLLER
        self.error(record)

    def _bring_to(self, item: ServiceController, wanted: str) -> bool:
        """Set-Service has no -Force: 5.1 refuses to stop a service that others need, or that needs others."""
        if wanted.lower() == "running" and item.state is not ServiceState.RUNNING:
            if item.state is ServiceState.PAUSED:
                item.resume()
            else:
                self.start_one(item)
        elif wanted.lower() == "stopped" and item.state is not ServiceState.STOPPED:
            if item.get("DependentServices"):
                self.complain(
                    item,
                    "Cannot stop service '{1} ({0})' because it has dependent services.",
                    "ServiceHasDependentServicesNoForce",
                    "InvalidOperation",
                )
                return False
            if item.get("ServicesDependedOn"):
                self.complain(
                    item,
                    "Cannot stop service '{1} ({0})' because it is dependent on other services.",
                    "ServiceIsDependentOnNoForce",
                    "InvalidOperation",
                )
                return False
            self.stop_one(item, force=True)
        elif wanted.lower() == "paused" and item.state is not ServiceState.PAUSED:
            try:
                item.pause()
            except ServiceFailure as failure:
                self.complain(
                    item,
                    "Service '{1} ({0})' cannot be suspended due to the following error: {2}",
                    "CouldNotSuspendService",
                    "CloseError",
                    failure,
                )
        return True


@cmdlet("New-Service", supports_should_process=True)
class NewService(PSCmdlet):
    r"""Creates a service: its key under HKLM\SYSTEM\CurrentControlSet\Services."""

    Name = Param("string", position=0, mandatory=True, aliases=["ServiceName"])
    BinaryPathName = Param("string", position=1, mandatory=True)
    DisplayName = Param("string")
    Description = Param("string")
    StartupType = Param(_MODE)
    DependsOn = Param("string[]")
    Credential = Unsimulated("object")

    def process(self) -> None:
        name, host = str(self.Name), self.context.host
        if not self.should_process(name):
            return
        if host.services.find(name) is not None:
            self._refuse(name, 1073)
            return
        if host.services.by_display_name(str(self.DisplayName or name)) is not None:
            self._refuse(name, 1078)
            return
        path = f"{service_config.ROOT}\\{name}"
        mode: Any = self.StartupType
        values: list[tuple[str, str, Any]] = [
            ("Type", "REG_DWORD", service_config.OWN_PROCESS),
            ("Start", "REG_DWORD", mode.number if isinstance(mode, EnumValue) else int(StartType.AUTO)),
            ("ErrorControl", "REG_DWORD", 1),
            ("ImagePath", "REG_EXPAND_SZ", str(self.BinaryPathName)),
            ("DisplayName", "REG_SZ", str(self.DisplayName or name)),
            ("ObjectName", "REG_SZ", service_config.LOCAL_SYSTEM),
        ]
        if self.DependsOn:
            values.append(("DependOnService", "REG_MULTI_SZ", tuple(self.texts(self.DependsOn))))
        if self.Description:
            values.append(("Description", "REG_SZ", str(self.Description)))
        for value, kind, data in values:
            host.registry.set(path, value, kind, data)
        self.write(ServiceController(host, host.services.get(name)))

    def _refuse(self, name: str, code: int) -> None:
        shown = self.DisplayName or name
        self.error(
            ErrorRecord(
                f"Service '{shown} ({name})' cannot be created due to the following error: {message(code)}",
                "CouldNotNewService",
                "PermissionDenied",
                name,
                exception_type=EXCEPTION,
            )
        )
