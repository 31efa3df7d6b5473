"""Get-, Start-, Stop-, Restart-, Suspend- and Resume-Service.

Texts: ``ServiceResources.resx``; behaviour: ``Service.cs`` of PowerShell's Commands.Management.
"""

from __future__ import annotations

from typing import Any

from fakes.windows.model.services import ServiceState
from fakes.windows.powershell.cmdlets.service_objects import (
    CONTROLLER,
    ServiceController,
    ServiceFailure,
    controllers,
)
from fakes.windows.powershell.cmdlets.support import PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import has_wildcard, matches, matches_any
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord

EXCEPTION = "Microsoft.PowerShell.Commands.ServiceCommandException"
ALREADY_RUNNING, NOT_ACTIVE = 1056, 1062


class ServiceCmdlet(PSCmdlet):
    """Finds services by name, display name or object."""

    def matching(self) -> list[ServiceController]:
        """The services asked for, sorted by name; an error for each that is not there."""
        given: Any = self.bound.get("InputObject")
        if given is not None:
            found = [item for item in given if isinstance(item, ServiceController)]
        elif self.bound.get("DisplayName") is not None:
            found = self._by(self.texts(self.bound["DisplayName"]), "DisplayName")
        elif self.bound.get("Name") is not None:
            found = self._by(self.texts(self.bound["Name"]), "Name")
        else:
            found = controllers(self.context.host)
        include, exclude = self.bound.get("Include"), self.bound.get("Exclude")
        kept = [
            item
            for item in found
            if (not include or matches_any(include, item.service.name))
            and not matches_any(exclude, item.service.name)
        ]
        return sorted(kept, key=lambda item: item.service.name.lower()) if given is None else kept

    def _by(self, patterns: list[str], key: str) -> list[ServiceController]:
        host = self.context.host
        found: dict[str, ServiceController] = {}
        for pattern in patterns:
            if key == "Name" and not has_wildcard(pattern):
                service = host.services.find(pattern)  # drivers too answer to their exact name
                hits = [ServiceController(host, service)] if service else []
            else:
                hits = [item for item in controllers(host) if matches(pattern, str(item.get(key)))]
            found.update({item.service.name: item for item in hits})
            if not hits and not has_wildcard(pattern):
                label, which = ("service", "Name") if key == "Name" else ("display", "DisplayName")
                self.error(
                    ErrorRecord(
                        f"Cannot find any service with {label} name '{pattern}'.",
                        f"NoServiceFoundForGiven{which}",
                        "ObjectNotFound",
                        pattern,
                        exception_type=EXCEPTION,
                    )
                )
        return list(found.values())

    def complain(
        self,
        item: ServiceController,
        text: str,
        fqid: str,
        category: str,
        cause: ServiceFailure | None = None,
    ) -> None:
        """A non-terminating error about a service; ``{0}`` is its name, ``{1}`` its display name."""
        shown = text.format(item.service.name, item.service.display_name, cause.message if cause else "")
        record = ErrorRecord(
            shown, fqid, category, item, exception_type=EXCEPTION, inner=cause.exception if cause else None
        )
        record.category.target_name = CONTROLLER
        self.error(record)

    def start_one(self, item: ServiceController) -> bool:
        """Starts a service and waits for it."""
        try:
            item.start()
        except ServiceFailure as failure:
            if failure.code != ALREADY_RUNNING:
                self.complain(
                    item,
                    "Service '{1} ({0})' cannot be started due to the following error: {2}",
                    "CouldNotStartService",
                    "OpenError",
                    failure,
                )
                return False
        return self._settle(
            item, ServiceState.RUNNING, "start", "StartServiceFailed", "Failed to start service '{1} ({0})'."
        )

    def stop_one(self, item: ServiceController, *, force: bool, wait: bool = True) -> list[ServiceController]:
        """Stops a service; returns what was stopped, dependants first."""
        dependants = [
            ServiceController(item.host, service)
            for service in item.host.services.dependants(item.service.name)
        ]
        if not force and any(other.state is not ServiceState.STOPPED for other in dependants):
            self.complain(
                item,
                "Cannot stop service '{1} ({0})' because it has dependent services. It can only be stopped "
                "if the Force flag is set.",
                "ServiceHasDependentServices",
                "InvalidOperation",
            )
            return []
        stopped = [
            other
            for other in dependants
            if other.state in {ServiceState.RUNNING, ServiceState.START_PENDING} and other.service.can_stop
        ]
        failed: ServiceFailure | None = None
        try:
            item.stop()
        except ServiceFailure as failure:
            failed = failure if failure.code != NOT_ACTIVE else None
        if failed is not None:
            self.complain(
                item,
                "Service '{1} ({0})' cannot be stopped due to the following error: {2}",
                "CouldNotStopService",
                "CloseError",
                failed,
            )
        elif wait:
            self._settle(
                item, ServiceState.STOPPED, "stop", "StopServiceFailed", "Service '{1} ({0})' stop failed."
            )
        for other in (*stopped, item):
            other.refresh()
        down = {ServiceState.STOPPED, ServiceState.STOP_PENDING}
        return [other for other in (*stopped, item) if other.state in down]

    def _settle(self, item: ServiceController, target: ServiceState, verb: str, fqid: str, text: str) -> bool:
        notice = f"Waiting for service '{item.service.display_name} ({item.service.name})' to {verb}..."
        if item.wait(target, every=lambda: self.warning(notice)):
            return True
        self.complain(item, text, fqid, "OpenError")
        return False


@cmdlet("Get-Service", aliases=["gsv"], default_set="Default")
class GetService(ServiceCmdlet):
    """Lists services."""

    Name = Param(
        "string[]",
        position=0,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        aliases=["ServiceName"],
        sets="Default",
    )
    DisplayName = Param("string[]", mandatory=True, sets="DisplayName")
    InputObject = Param(CONTROLLER + "[]", value_from_pipeline=True, sets="InputObject")
    Include = Param("string[]")
    Exclude = Param("string[]")
    DependentServices = Param("switch", aliases=["DS"])
    RequiredServices = Param("switch", aliases=["SDO", "ServicesDependedOn"])
    ComputerName = Unsimulated("string[]", aliases=["Cn"])

    def process(self) -> None:
        for item in self.matching():
            if self.DependentServices:
                self.write_all(item.get("DependentServices"))
            if self.RequiredServices:
                self.write_all(item.get("ServicesDependedOn"))
            if not self.DependentServices and not self.RequiredServices:
                self.write(item)


class ServiceOperation(ServiceCmdlet):
    """The parameters that Start-, Stop-, Restart-, Suspend- and Resume-Service share."""

    Name = Param(
        "string[]",
        position=0,
        mandatory=True,
        value_from_pipeline=True,
        from_pipeline_by_property_name=True,
        aliases=["ServiceName"],
        sets="Default",
    )
    DisplayName = Param("string[]", mandatory=True, sets="DisplayName")
    InputObject = Param(
        CONTROLLER + "[]", position=0, mandatory=True, value_from_pipeline=True, sets="InputObject"
    )
    Include = Param("string[]")
    Exclude = Param("string[]")
    PassThru = Param("switch")

    def process(self) -> None:
        for item in self.matching():
            if not self.should_process(f"{item.service.display_name} ({item.service.name})"):
                continue
            done = self.act(item)
            if done and self.PassThru:
                item.refresh()
                self.write_all(done)

    def act(self, item: ServiceController) -> list[ServiceController]:
        """Does the operation; returns what -PassThru writes."""
        raise NotImplementedError


@cmdlet("Start-Service", aliases=["sasv"], default_set="InputObject", supports_should_process=True)
class StartService(ServiceOperation):
    """Starts stopped services."""

    def act(self, item: ServiceController) -> list[ServiceController]:
        return [item] if self.start_one(item) else []


@cmdlet("Stop-Service", aliases=["spsv"], default_set="InputObject", supports_should_process=True)
class StopService(ServiceOperation):
    """Stops running services."""

    Force = Param("switch")
    NoWait = Param("switch")

    def act(self, item: ServiceController) -> list[ServiceController]:
        return self.stop_one(item, force=bool(self.Force), wait=not self.NoWait)


@cmdlet("Restart-Service", default_set="InputObject", supports_should_process=True)
class RestartService(ServiceOperation):
    """Stops and starts services, with -Force the dependants too."""

    Force = Param("switch")

    def act(self, item: ServiceController) -> list[ServiceController]:
        stopped = self.stop_one(item, force=bool(self.Force))
        return [other for other in stopped if self.start_one(other)]


@cmdlet("Suspend-Service", default_set="InputObject", supports_should_process=True)
class SuspendService(ServiceOperation):
    """Pauses running services."""

    def act(self, item: ServiceController) -> list[ServiceController]:
        try:
            item.pause()
        except ServiceFailure as failure:
            if failure.code == NOT_ACTIVE:
                self.complain(
                    item,
                    "Service '{1} ({0})' cannot be suspended because it is not currently running.",
                    "CouldNotSuspendServiceNotRunning",
                    "CloseError",
                    failure,
                )
            elif not item.service.can_pause:
                self.complain(
                    item,
                    "Service '{1} ({0})' cannot be suspended because the service does not support being "
                    "suspended or resumed.",
                    "CouldNotSuspendServiceNotSupported",
                    "CloseError",
                    failure,
                )
            self.complain(
                item,
                "Service '{1} ({0})' cannot be suspended due to the following error: {2}",
                "CouldNotSuspendService",
                "CloseError",
                failure,
            )
            return []
        item.refresh()
        return [item]


@cmdlet("Resume-Service", default_set="InputObject", supports_should_process=True)
class ResumeService(ServiceOperation):
    """Continues paused services."""

    def act(self, item: ServiceController) -> list[ServiceController]:
        try:
            item.resume()
        except ServiceFailure as failure:
            if failure.code == NOT_ACTIVE:
                self.complain(
                    item,
                    "Service '{1} ({0})' cannot be resumed because it is not currently running.",
                    "CouldNotResumeServiceNotRunning",
                    "CloseError",
                    failure,
                )
            elif not item.service.can_pause:
                self.complain(
                    item,
                    "Service '{1} ({0})' cannot be resumed because the service does not support being "
                    "suspended or resumed.",
                    "CouldNotResumeServiceNotSupported",
                    "CloseError",
                    failure,
                )
            self.complain(
                item,
                "Service '{1} ({0})' cannot be resumed due to the following error: {2}",
                "CouldNotResumeService",
                "CloseError",
                failure,
            )
            return []
        item.refresh()
        return [item]
