"""Sort-Object and Group-Object."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets.order import uniform_keys
from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.formatting.expressions import Expression
from fakes.windows.powershell.values import EnumValue, GrowingList, PSHashtable, PSObject, is_number

_DEFAULT_ORDER = {
    "System.ServiceProcess.ServiceController": "Name",
    "System.Diagnostics.Process": "ProcessName",
    "System.IO.FileInfo": "Name",
    "System.IO.DirectoryInfo": "Name",
}


class ComparingCmdlet(PSCmdlet):
    """Takes in every object of the pipeline before it compares them."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    Property = Param("object[]", position=0)
    CaseSensitive = Param("switch")
    Culture = Unsimulated("string")

    def begin(self) -> None:
        self._items: list[Any] = []

    def process(self) -> None:
        if self.InputObject is not None:
            self._items.append(self.InputObject)


@cmdlet("Sort-Object", aliases=["sort"], module=UTILITY)
class SortObject(ComparingCmdlet):
    """Sorts by value or by properties; equal objects keep their order."""

    Descending = Param("switch")
    Unique = Param("switch")

    def end(self) -> None:
        columns = self.expressions(self.Property, "sort") or [Expression("")]
        case = bool(self.CaseSensitive)
        keys = [
            uniform_keys([self._value(c, item) for item in self._items], case_sensitive=case) for c in columns
        ]
        order = list(range(len(self._items)))
        for column, column_keys in reversed(list(zip(columns, keys, strict=True))):
            down = bool(self.Descending) if column.descending is None else column.descending
            order.sort(key=lambda index, ks=column_keys: ks[index], reverse=down)
        previous: Any = None
        for index in order:
            key = [column_keys[index] for column_keys in keys]
            if not self.Unique or key != previous:
                self.write(self._items[index])
            previous = key

    def _value(self, column: Expression, item: Any) -> Any:
        if column.source == "":
            names = item.type_names if isinstance(item, PSObject) else []
            name = next((_DEFAULT_ORDER[n] for n in names if n in _DEFAULT_ORDER), None)
            return self.reader.get(item, name) if name else item
        if isinstance(item, PSHashtable) and column.source in item:
            return item[column.source]
        return column.evaluate(item, self.reader)


@cmdlet("Group-Object", aliases=["group"], module=UTILITY)
class GroupObject(ComparingCmdlet):
    """Groups objects that have the same values."""

    NoElement = Param("switch", sets=("__AllParameterSets", "HashTable"))
    AsHashTable = Param("switch", sets="HashTable", aliases=["AHT"])
    AsString = Param("switch", sets="HashTable")

    def end(self) -> None:
        """Groups come in the order of their values (5.1 sorts before it groups), numbers apart."""
        columns = self.expressions(self.Property, "sort")
        rows = [
            [column.evaluate(item, self.reader) for column in columns] if columns else [item]
            for item in self._items
        ]
        case = bool(self.CaseSensitive)
        keyed = (
            list(
                zip(
                    *[
                        uniform_keys([row[c] for row in rows], case_sensitive=case)
                        for c in range(len(columns) or 1)
                    ],
                    strict=True,
                )
            )
            if rows
            else []
        )
        groups: dict[Any, tuple[list[Any], list[Any]]] = {}
        for key, row, item in zip(keyed, rows, self._items, strict=True):
            groups.setdefault(key, (row, []))[1].append(item)
        if self.AsHashTable:
            self.write(self._table(groups))
            return
        for row, members in groups.values():
            self.write(self._group(row, members))

    def _table(self, groups: dict[Any, tuple[list[Any], list[Any]]]) -> PSHashtable:
        table = PSHashtable()
        for row, members in groups.values():
            key = row[0] if len(row) == 1 else list(row)
            table[self.text(key) if self.AsString else key] = GrowingList(
                members,
                "System.Collections.ObjectModel.Collection`1[[System.Management.Automation.PSObject]]",
            )
        return table

    def _group(self, row: list[Any], members: list[Any]) -> PSObject:
        kind = "Microsoft.PowerShell.Commands.GroupInfo"
        names = [kind, "System.Object"]
        properties: dict[str, Any] = {
            "Values": GrowingList(row),
            "Count": len(members),
            "Group": GrowingList(
                [] if self.NoElement else members,
                "System.Collections.ObjectModel.Collection`1[[System.Management.Automation.PSObject]]",
            ),
            "Name": ", ".join(self.text(value) for value in row),
        }
        if self.NoElement:
            names.insert(0, kind + "NoElement")
        return PSObject(names, properties)


def is_numeric(value: Any) -> bool:
    """Whether a value counts as a number here (enums do not)."""
    return is_number(value) and not isinstance(value, EnumValue)
