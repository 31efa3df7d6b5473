"""Get-CimInstance and Get-WmiObject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.windows.model.win32 import Win32Error
from fakes.windows.powershell.cmdlets.cim_classes import CLASSES, Instance, known_to_windows
from fakes.windows.powershell.cmdlets.support import PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.wildcard import matches
from fakes.windows.powershell.cmdlets.wql import Query, QueryError, parse_query, parse_where
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord
from fakes.windows.powershell.values import PSObject, UInt32

_CIM = "Microsoft.Management.Infrastructure.CimInstance"
_WMI = "System.Management.ManagementObject"
_METHOD_CODES = {
    0: 0,
    1056: 10,
    1058: 14,
    1062: 5,
    1051: 3,
    1052: 2,
    1060: 4,
    1068: 17,
    1069: 15,
    1075: 6,
    5: 2,
}
"""Win32 error of a service call -> ReturnValue of the Win32_Service method."""


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

    def rows(self, query: Query) -> tuple[str, list[Instance]]:
        """The class's own spelling, and the instances that meet the query."""
        found = CLASSES.get(query.class_name.lower())
        if found is None:
            if known_to_windows(query.class_name):
                raise self.not_simulated(f"WMI class {query.class_name}")
            raise self.throw(self.invalid_class(query.class_name))
        name, read = found
        every = read(self.context.host)
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

    Class = Param("string", position=0, mandatory=True, sets="query", aliases=["ClassName"])
    Property = Param("string[]", position=1, sets="query")
    Filter = Param("string", sets="query")
    Query = Param("string", mandatory=True, sets="WQLQuery")
    Namespace = Param("string", aliases=["NS"])
    List = Unsimulated("switch")
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
            methods = self._service_methods(str(row.get("Name"))) if name == "Win32_Service" else {}
            self.write(PSObject(names, {**head, **system, **row}, methods, text=system["__PATH"]))

    def _service_methods(self, name: str) -> dict[str, Any]:
        services = self.context.host.services

        def call(work: Any) -> PSObject:
            try:
                work()
            except Win32Error as error:
                return _result(_METHOD_CODES.get(error.code, 8))
            return _result(0)

        return {
            "StartService": lambda: call(lambda: services.start(name)),
            "StopService": lambda: call(lambda: services.stop(name)),
            "ChangeStartMode": lambda mode: call(lambda: services.configure(name, start=_start(str(mode)))),
        }

    def invalid_query(self) -> ErrorRecord:
        return ErrorRecord(
            "Invalid query ",
            "GetWMIManagementException",
            "InvalidArgument",
            exception_type="System.Management.ManagementException",
        )

    def invalid_class(self, name: str) -> ErrorRecord:
        return ErrorRecord(
            f'Invalid class "{name}"',
            "GetWMIManagementException",
            "InvalidType",
            exception_type="System.Management.ManagementException",
        )


def _start(mode: str) -> Any:
    from fakes.windows.model.service_config import StartType

    names = {"boot": 0, "system": 1, "automatic": 2, "auto": 2, "manual": 3, "disabled": 4}
    return StartType(next(number for name, number in names.items() if matches(name, mode)))


def _result(code: int) -> PSObject:
    return PSObject(
        [
            "System.Management.ManagementBaseObject#\\__PARAMETERS",
            "System.Management.ManagementBaseObject",
            "System.Object",
        ],
        {"__CLASS": "__PARAMETERS", "ReturnValue": UInt32(code)},
    )
