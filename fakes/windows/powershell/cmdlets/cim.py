"""Get-CimInstance, Get-WmiObject and the cmdlets that call methods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from fakes.windows.model.services import ServiceState
from fakes.windows.model.vss import VssError
from fakes.windows.model.win32 import Win32Error, message
from fakes.windows.powershell.cmdlets.cim_classes import CLASSES, Instance, known_to_windows
from fakes.windows.powershell.cmdlets.cim_methods import (
    Results,
    cim_result,
    create_shadow,
    service_method,
    wmi_result,
)
from fakes.windows.powershell.cmdlets.support import PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.wql import Query, QueryError, parse_query, parse_where
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord
from fakes.windows.powershell.values import PSHashtable, PSObject

_CIM = "Microsoft.Management.Infrastructure.CimInstance"
_WMI = "System.Management.ManagementObject"


class WmiCmdlet(PSCmdlet):
    """Reads instances of a class."""

    def query(self) -> Query:
        """What is asked for, as a query."""
        namespace = str(self.bound.get("Namespace") or "root/cimv2").lower().replace("\\", "/").strip("/")
        if namespace != "root/cimv2":
            raise self.not_simulated(f"WMI namespace {self.bound['Namespace']}")
        try:
            if self.bound.get("Query") is not None:
                return parse_query(str(self.bound["Query"]))
            text = self.bound.get("Filter")
            test = parse_where(str(text)) if text else lambda _: True
        except QueryError:
            raise self.throw(self.invalid_query()) from None
        name = str(self.bound.get("ClassName") or self.bound.get("Class"))
        columns = tuple(text for text in self.bound.get("Property") or () if text != "*")
        return Query(name, columns, test)

    def invalid_query(self) -> ErrorRecord:
        """The error for WQL that does not parse."""
        raise NotImplementedError

    def invalid_class(self, name: str) -> ErrorRecord:
        """The error for a class that does not exist."""
        raise NotImplementedError

    def _start_winmgmt(self) -> None:
        """COM starts the service of WMI for whoever asks, unless it is disabled."""
        services = self.context.host.services
        service = services.find("Winmgmt")
        if service is not None and service.state is ServiceState.STOPPED:
            try:
                services.start("Winmgmt")
            except Win32Error as error:
                raise self.throw(self.no_service(error.code)) from None

    def no_service(self, code: int) -> ErrorRecord:
        """The error when the service of WMI cannot start."""
        raise NotImplementedError

    def provider_failure(self) -> ErrorRecord:
        """The error when the class's provider cannot start."""
        raise NotImplementedError

    def rows(self, query: Query) -> tuple[str, list[Instance]]:
        """The class's own spelling, and the instances that meet the query."""
        found = CLASSES.get(query.class_name.lower())
        if found is None:
            if known_to_windows(query.class_name):
                raise self.not_simulated(f"WMI class {query.class_name}")
            raise self.throw(self.invalid_class(query.class_name))
        name, read = found
        self._start_winmgmt()
        try:
            every = read(self.context.host)
        except VssError:
            raise self.throw(self.provider_failure()) from None
        spelling = {key.lower(): key for key in every[0]} if every else {}
        rows = [row for row in every if query.where(_property_reader(row, spelling))]
        if query.columns:
            wanted = [text.lower() for text in query.columns]
            rows = [{key: value for key, value in row.items() if key.lower() in wanted} for row in rows]
        return name, rows


def _property_reader(row: Instance, spelling: dict[str, str]) -> Callable[[str], Any]:
    def read(name: str) -> Any:
        known = spelling.get(name.lower())
        return row[known] if known is not None else None

    return read


@cmdlet(
    "Get-CimInstance",
    aliases=["gcim"],
    module="CimCmdlets",
    default_set="ClassNameComputerSet",
    class_name="Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand",
)
class GetCimInstance(WmiCmdlet):
    """Instances of a WMI class."""

    ClassName = Param(
        "string", position=0, mandatory=True, from_pipeline_by_property_name=True, sets="ClassNameComputerSet"
    )
    Query = Param("string", mandatory=True, from_pipeline_by_property_name=True, sets="QueryComputerSet")
    Filter = Param("string", from_pipeline_by_property_name=True, sets="ClassNameComputerSet")
    Property = Param("string[]", aliases=["SelectProperties"], sets="ClassNameComputerSet")
    Namespace = Param("string", from_pipeline_by_property_name=True)
    KeyOnly = Unsimulated("switch")
    QueryDialect = Unsimulated("string")
    Shallow = Unsimulated("switch")
    OperationTimeoutSec = Param("uint32", aliases=["OT"])
    ComputerName = Unsimulated("string[]", aliases=["CN", "ServerName"])
    CimSession = Unsimulated("object[]")
    ResourceUri = Unsimulated("string")
    InputObject = Unsimulated("object")

    def process(self) -> None:
        name, rows = self.rows(self.query())
        names = [f"{_CIM}#root/cimv2/{name}", f"{_CIM}#{name}", _CIM, "System.Object"]
        for row in rows:
            shown = {**row, "PSComputerName": None}
            self.write(PSObject(names, shown, text=_instance_text(name, row)))

    def invalid_query(self) -> ErrorRecord:
        return ErrorRecord(
            "Invalid query ",
            "HRESULT 0x80041017",
            "InvalidArgument",
            exception_type="Microsoft.Management.Infrastructure.CimException",
        )

    def no_service(self, code: int) -> ErrorRecord:
        return ErrorRecord(
            f"{message(code)} ",
            f"HRESULT 0x{0x80070000 | code:x}",
            "NotSpecified",
            exception_type="Microsoft.Management.Infrastructure.CimException",
        )

    def provider_failure(self) -> ErrorRecord:
        return ErrorRecord(
            "Initialization failure ",
            "HRESULT 0x80041014",
            "NotSpecified",
            exception_type="Microsoft.Management.Infrastructure.CimException",
        )

    def invalid_class(self, name: str) -> ErrorRecord:
        return ErrorRecord(
            "Invalid class ",
            "HRESULT 0x80041010",
            "MetadataError",
            f"root\\cimv2:{name}",
            exception_type="Microsoft.Management.Infrastructure.CimException",
        )


def _instance_text(name: str, row: Instance) -> str:
    key = next((key for key in ("DeviceID", "ProcessId", "ID", "Name") if key in row), None)
    return f'{name} ({key} = "{row[key]}")' if key else name


@cmdlet("Get-WmiObject", aliases=["gwmi"], default_set="query")
class GetWmiObject(WmiCmdlet):
    """Instances of a WMI class, with their methods."""

    Class = Param(
        "string", position=0, sets={"query": {"mandatory": True}, "list": {}}, aliases=["ClassName"]
    )
    Property = Param("string[]", position=1, sets="query")
    Filter = Param("string", sets="query")
    Query = Param("string", mandatory=True, sets="WQLQuery")
    Namespace = Param("string", aliases=["NS"])
    List = Param("switch", mandatory=True, sets="list")
    Recurse = Unsimulated("switch")
    Amended = Unsimulated("switch")
    DirectRead = Unsimulated("switch")
    AsJob = Unsimulated("switch")
    EnableAllPrivileges = Param("switch")
    ComputerName = Unsimulated("string[]", aliases=["Cn"])
    Credential = Unsimulated("object")
    Authentication = Unsimulated("string")
    Impersonation = Unsimulated("string")

    def process(self) -> None:
        if self.List:
            self._list_class()
            return
        name, rows = self.rows(self.query())
        names = [
            f"{_WMI}#root\\cimv2\\{name}",
            _WMI,
            "System.Management.ManagementBaseObject",
            "System.ComponentModel.Component",
            "System.MarshalByRefObject",
            "System.Object",
        ]
        for row in rows:
            head = {"PSComputerName": self.context.host.name}
            system = {
                "__CLASS": name,
                "__SERVER": self.context.host.name,
                "__NAMESPACE": r"root\cimv2",
                "__PATH": f'\\\\{self.context.host.name}\\root\\cimv2:{name}.Name="{row.get("Name", "")}"',
            }
            shown = {
                key: _to_dmtf(value) if isinstance(value, datetime) else value for key, value in row.items()
            }
            self.write(
                PSObject(names, {**head, **system, **shown}, self._methods(name, row), text=system["__PATH"])
            )

    def _list_class(self) -> None:
        """``-List Name``: the class itself, for its static methods."""
        found = CLASSES.get(str(self.Class or "").lower())
        if found is None or found[0] != "Win32_ShadowCopy":
            raise self.not_simulated(f"Get-WmiObject -List {self.Class or ''}".rstrip())
        self.write(shadow_copy_class(self.context.host))

    def _methods(self, name: str, row: Instance) -> dict[str, Any]:
        host = self.context.host
        methods: dict[str, Any] = {"ConvertToDateTime": _from_dmtf}
        if name == "Win32_Service":
            service = str(row["Name"])
            for method in ("StartService", "StopService", "PauseService", "ResumeService"):
                methods[method] = lambda method=method: wmi_result(
                    service_method(host, service, method, {}) or {}
                )
            methods["ChangeStartMode"] = lambda mode: wmi_result(
                service_method(host, service, "ChangeStartMode", {"startmode": mode}) or {}
            )
        if name == "Win32_ShadowCopy":
            methods["Delete"] = lambda: host.vss.delete([str(row["ID"]).strip("{}").lower()]) and None
        return methods

    def invalid_query(self) -> ErrorRecord:
        return ErrorRecord(
            "Invalid query ",
            "GetWMIManagementException",
            "InvalidArgument",
            exception_type="System.Management.ManagementException",
        )

    def no_service(self, code: int) -> ErrorRecord:
        return ErrorRecord(
            f"{message(code)} (Exception from HRESULT: 0x{0x80070000 | code:X})",
            "GetWMICOMException",
            "InvalidOperation",
            exception_type="System.Runtime.InteropServices.COMException",
        )

    def provider_failure(self) -> ErrorRecord:
        return ErrorRecord(
            "Initialization failure ",
            "GetWMIManagementException",
            "InvalidOperation",
            exception_type="System.Management.ManagementException",
        )

    def invalid_class(self, name: str) -> ErrorRecord:
        return ErrorRecord(
            f'Invalid class "{name}"',
            "GetWMIManagementException",
            "InvalidType",
            exception_type="System.Management.ManagementException",
        )


def _to_dmtf(value: datetime) -> str:
    """A time as WMI stores it; the host's zone is UTC."""
    return f"{value:%Y%m%d%H%M%S}.{value.microsecond:06d}+000"


def _from_dmtf(text: Any) -> datetime:
    """``ConvertToDateTime``, the script method of management objects."""
    head = str(text)
    return datetime.strptime(head[:14], "%Y%m%d%H%M%S") + timedelta(microseconds=int(head[15:21]))  # noqa: DTZ007


def shadow_copy_class(host: Any) -> PSObject:
    """``ManagementClass`` of Win32_ShadowCopy."""

    def create(volume: Any, context: Any) -> PSObject:
        return wmi_result(create_shadow(host, {"volume": volume, "context": context}))

    names = [
        "System.Management.ManagementClass#ROOT\\cimv2\\Win32_ShadowCopy",
        "System.Management.ManagementClass",
        "System.Management.ManagementObject",
        "System.Management.ManagementBaseObject",
        "System.Object",
    ]
    path = f"\\\\{host.name}\\ROOT\\cimv2:Win32_ShadowCopy"
    shown = {"Name": "Win32_ShadowCopy", "__CLASS": "Win32_ShadowCopy", "__PATH": path}
    return PSObject(names, shown, {"Create": create}, text=path)


class MethodCmdlet(WmiCmdlet):
    """Calls a method of a class or of instances."""

    def no_service(self, code: int) -> ErrorRecord:
        return ErrorRecord(
            f"{message(code)} ",
            f"HRESULT 0x{0x80070000 | code:x}",
            "NotSpecified",
            exception_type="Microsoft.Management.Infrastructure.CimException",
        )

    def invalid_class(self, name: str) -> ErrorRecord:
        return ErrorRecord(
            "Invalid class ",
            "HRESULT 0x80041010",
            "MetadataError",
            f"root\\cimv2:{name}",
            exception_type="Microsoft.Management.Infrastructure.CimException",
        )

    def call(self, class_name: str, instance: Any, method: str, arguments: dict[str, Any]) -> Results:
        """Call one method.

        Raises:
            NotSimulated: a class or method that is not implemented.
        """
        host, results = self.context.host, None
        if class_name.lower() == "win32_service" and instance is not None:
            results = service_method(host, str(instance.get("Name")), method, arguments)
        elif (class_name.lower(), method.lower()) == ("win32_shadowcopy", "create"):
            results = create_shadow(host, arguments)
        if results is None:
            raise self.not_simulated(f"WMI method {class_name}.{method}")
        return results


def class_of(instance: Any) -> str:
    """The WMI class of an instance, from its type name."""
    return str(instance.type_names[0]).replace("\\", "/").rpartition("/")[2]


@cmdlet(
    "Invoke-CimMethod",
    aliases=["icim"],
    module="CimCmdlets",
    default_set="ClassNameComputerSet",
    class_name="Microsoft.Management.Infrastructure.CimCmdlets.InvokeCimMethodCommand",
    supports_should_process=True,
)
class InvokeCimMethod(MethodCmdlet):
    """Calls a method of a CIM class or instance."""

    ClassName = Param("string", position=0, mandatory=True, aliases=["Class"], sets="ClassNameComputerSet")
    InputObject = Param(
        "object",
        position=0,
        mandatory=True,
        value_from_pipeline=True,
        aliases=["CimInstance"],
        sets="CimInstanceComputerSet",
    )
    Query = Param("string", mandatory=True, sets="QueryComputerSet")
    MethodName = Param("string", position=2, mandatory=True, aliases=["Name"])
    Arguments = Param("object", position=1)
    Namespace = Param("string")
    OperationTimeoutSec = Param("uint32", aliases=["OT"])
    ComputerName = Unsimulated("string[]", aliases=["CN", "ServerName"])
    CimSession = Unsimulated("object[]")
    CimClass = Unsimulated("object")
    QueryDialect = Unsimulated("string")
    ResourceUri = Unsimulated("string")

    def process(self) -> None:
        given = self.Arguments if isinstance(self.Arguments, PSHashtable) else PSHashtable({})
        arguments = {str(key).lower(): value for key, value in given.items()}
        targets: list[tuple[str, Any]] = [(str(self.ClassName), None)]
        if self.InputObject is not None:
            targets = [(class_of(self.InputObject), self.InputObject)]
        elif self.Query is not None:
            name, rows = self.rows(self.query())
            targets = [(name, row) for row in rows]
        for name, instance in targets:
            if self.should_process(f"{name}: {self.MethodName}", "Invoke-CimMethod"):
                self.write(cim_result(name, self.call(name, instance, str(self.MethodName), arguments)))
