"""Collections: arrays, ArrayList, List, Dictionary, HashSet, Queue, Stack, Hashtable."""

from __future__ import annotations

import functools
from typing import Any

from fakes.windows.powershell.comparison import compare, same
from fakes.windows.powershell.containers import GrowingList, OrderedHashtable, PSHashtable, TypedArray, fold
from fakes.windows.powershell.conversion import convert, to_list, to_string
from fakes.windows.powershell.dotnet.registry import NetClass, NetError, net_class
from fakes.windows.powershell.values import PSObject

_OUT_OF_RANGE = "Index was out of range. Must be non-negative and less than the size of the collection.\r\nParameter name: index"


def _exact(left: Any, right: Any) -> bool:
    """Equality as .NET's Equals has it: strings with case."""
    if isinstance(left, str) or isinstance(right, str):
        return isinstance(left, str) and isinstance(right, str) and left == right
    return same(left, right, case=True)


def _position(values: list[Any], wanted: Any) -> int:
    return next((at for at, one in enumerate(values) if _exact(one, wanted)), -1)


def _order(left: Any, right: Any) -> int:
    return compare(left, right, case=True)


def _typed(values: GrowingList, value: Any) -> Any:
    """An element converted to the list's element type (``List[int]``)."""
    if "[" in values.type_name:
        element = values.type_name[values.type_name.index("[") + 1 : -1]
        return (
            convert(value, element)
            if element
            not in {
                "System.Object",
                "System.Management.Automation.PSObject",
                "System.Management.Automation.PSCustomObject",
            }
            else value
        )
    return value


# --- arrays ----------------------------------------------------------------------------

array = net_class("System.Array", bases=("System.Object",))
array.exists(
    "GetEnumerator SyncRoot IsSynchronized CopyTo GetLowerBound GetUpperBound GetLength Initialize ConvertAll Resize Copy"
)
array.property("Length")(len)
array.property("Count")(len)
array.property("LongLength")(len)
array.property("Rank")(lambda _: 1)
array.property("IsFixedSize")(lambda _: True)
array.property("IsReadOnly")(lambda _: False)
array.method("Contains", ("object",))(lambda values, wanted: _position(values, wanted) >= 0)
array.method("GetValue", ("int",))(lambda values, index: values[index])
array.method("SetValue", ("object", "int"))(lambda values, value, index: values.__setitem__(index, value))
array.method("Clone", ())(
    lambda values: TypedArray(values, values.element_type) if isinstance(values, TypedArray) else list(values)
)
array.method("GetLength", ("int",))(lambda values, _: len(values))
array.method("GetUpperBound", ("int",))(lambda values, _: len(values) - 1)
array.method("GetLowerBound", ("int",))(lambda _values, _: 0)
array.static("IndexOf", ("object", "object"))(lambda values, wanted: _position(values or [], wanted))
array.static("Reverse", ("object",))(lambda values: values.reverse())
array.static("Sort", ("object",))(lambda values: values.sort(key=functools.cmp_to_key(_order)))
array.static("Clear", ("object", "int", "int"))(
    lambda values, start, count: values.__setitem__(slice(start, start + count), [None] * count)
)
for _refused in ("Add", "Remove", "RemoveAt", "Insert", "Clear"):

    def _fixed(_values: list[Any], *_arguments: Any) -> None:
        raise NetError("System.NotSupportedException", "Collection was of a fixed size.")

    array.method(_refused, ("object...",))(_fixed)


# --- lists that grow -------------------------------------------------------------------


def _list_members(declared: NetClass, *, returns_index: bool) -> None:
    declared.exists(
        "GetEnumerator Capacity SyncRoot AsReadOnly TrimExcess TrimToSize CopyTo BinarySearch ConvertAll"
    )
    declared.property("Count")(len)
    declared.property("IsReadOnly")(lambda _: False)

    def add(values: GrowingList, value: Any) -> Any:
        values.append(_typed(values, value))
        return len(values) - 1 if returns_index else None

    def add_range(values: GrowingList, more: Any) -> None:
        for value in to_list(more):
            values.append(_typed(values, value))

    def insert(values: GrowingList, index: int, value: Any) -> None:
        if not 0 <= index <= len(values):
            raise NetError(
                "System.ArgumentOutOfRangeException",
                "Index must be within the bounds of the List.\r\nParameter name: index",
            )
        values.insert(index, _typed(values, value))

    def remove(values: GrowingList, value: Any) -> Any:
        at = _position(values, value)
        if at >= 0:
            del values[at]
        return None if returns_index else at >= 0

    def remove_at(values: GrowingList, index: int) -> None:
        if not 0 <= index < len(values):
            raise NetError("System.ArgumentOutOfRangeException", _OUT_OF_RANGE)
        del values[index]

    def remove_range(values: GrowingList, index: int, count: int) -> None:
        del values[index : index + count]

    def sort(values: GrowingList) -> None:
        values.sort(key=functools.cmp_to_key(_order))

    def to_array(values: GrowingList) -> list[Any]:
        if "[" in values.type_name:
            element = values.type_name[values.type_name.index("[") + 1 : -1]
            return TypedArray(values, element) if element != "System.Object" else list(values)
        return list(values)

    def item(values: GrowingList, index: int) -> Any:
        if not 0 <= index < len(values):
            raise NetError("System.ArgumentOutOfRangeException", _OUT_OF_RANGE)
        return values[index]

    declared.method("Add", ("object",))(add)
    declared.method("AddRange", ("object",))(add_range)
    declared.method("Insert", ("int", "object"))(insert)
    declared.method("Remove", ("object",))(remove)
    declared.method("RemoveAt", ("int",))(remove_at)
    declared.method("RemoveRange", ("int", "int"))(remove_range)
    declared.method("Clear", ())(lambda values: values.clear())
    declared.method("Contains", ("object",))(lambda values, wanted: _position(values, wanted) >= 0)
    declared.method("IndexOf", ("object",))(_position)
    declared.method("Reverse", ())(lambda values: values.reverse())
    declared.method("Sort", ())(sort)
    declared.method("ToArray", ())(to_array)
    declared.method("Item", ("int",))(item)
    declared.method("GetRange", ("int", "int"))(
        lambda values, at, count: GrowingList(values[at : at + count], values.type_name)
    )
    declared.method("Clone", ())(lambda values: GrowingList(values, values.type_name))
    declared.method("ToString", ())(lambda values: values.type_name)


array_list = net_class("System.Collections.ArrayList")
_list_members(array_list, returns_index=True)
array_list.convert = lambda value: (
    value
    if isinstance(value, GrowingList) and value.type_name == "System.Collections.ArrayList"
    else GrowingList(to_list(value))
)


@array_list.constructor((), ("object",))
def _new_array_list(initial: Any = None) -> GrowingList:
    return GrowingList(initial if isinstance(initial, list) else [])


generic_list = net_class("System.Collections.Generic.List`1")
_list_members(generic_list, returns_index=False)
collection = net_class("System.Collections.ObjectModel.Collection`1")
_list_members(collection, returns_index=False)


@generic_list.constructor(("object",), ("object", "object"))
def _new_list(element: str, initial: Any = None) -> GrowingList:
    made = GrowingList([], f"System.Collections.Generic.List`1[{element}]")
    for value in initial if isinstance(initial, list) else []:
        made.append(_typed(made, value))
    return made


@collection.constructor(("object",))
def _new_collection(element: str) -> GrowingList:
    return GrowingList([], f"System.Collections.ObjectModel.Collection`1[{element}]")


# --- queue, stack, set -----------------------------------------------------------------


def _taker(position: int, name: str) -> Any:
    def take(values: GrowingList) -> Any:
        if not values:
            raise NetError("System.InvalidOperationException", f"{name} empty.")
        return values.pop(position)

    return take


def _peeker(position: int, name: str) -> Any:
    def peek(values: GrowingList) -> Any:
        if not values:
            raise NetError("System.InvalidOperationException", f"{name} empty.")
        return values[position]

    return peek


def _container(full: str, *, adds: str, takes: str, stack: bool) -> None:
    for name in (full, full.replace("Collections.", "Collections.Generic.") + "`1"):
        declared = net_class(name)
        generic = name.endswith("`1")
        declared.property("Count")(len)
        declared.method("Clear", ())(lambda values: values.clear())
        declared.method("Contains", ("object",))(lambda values, wanted: _position(values, wanted) >= 0)
        declared.method("ToArray", ())(list)
        insert_at = (
            (lambda values, value: values.insert(0, _typed(values, value)))
            if stack
            else (lambda values, value: values.append(_typed(values, value)))
        )
        declared.method(adds, ("object",))(insert_at)
        declared.method(takes, ())(_taker(0, full.rpartition(".")[2]))
        declared.method("Peek", ())(_peeker(0, full.rpartition(".")[2]))
        signature: tuple[str, ...] = ("object",) if generic else ()

        def make(element: str = "", name: str = name) -> GrowingList:
            return GrowingList([], f"{name}[{element}]" if element else name)

        declared.constructor(signature)(make)


_container("System.Collections.Queue", adds="Enqueue", takes="Dequeue", stack=False)
_container("System.Collections.Stack", adds="Push", takes="Pop", stack=True)

hash_set = net_class("System.Collections.Generic.HashSet`1")
hash_set.exists(
    "UnionWith IntersectWith ExceptWith IsSubsetOf IsSupersetOf SetEquals Overlaps SymmetricExceptWith"
)
hash_set.property("Count")(len)
hash_set.method("Clear", ())(lambda values: values.clear())


@hash_set.constructor(("object",), ("object", "object"))
def _new_set(element: str, initial: Any = None) -> GrowingList:
    made = GrowingList([], f"System.Collections.Generic.HashSet`1[{element}]")
    for value in initial if isinstance(initial, list) else []:
        _set_add(made, value)
    return made


@hash_set.method("Add", ("object",))
def _set_add(values: GrowingList, value: Any) -> bool:
    value = _typed(values, value)
    if _position(values, value) >= 0:
        return False
    values.append(value)
    return True


@hash_set.method("Contains", ("object",))
def _set_contains(values: GrowingList, value: Any) -> bool:
    return _position(values, _typed(values, value)) >= 0


@hash_set.method("Remove", ("object",))
def _set_remove(values: GrowingList, value: Any) -> bool:
    at = _position(values, _typed(values, value))
    if at >= 0:
        del values[at]
    return at >= 0


# --- dictionaries ----------------------------------------------------------------------


def entry(key: Any, value: Any) -> PSObject:
    """A DictionaryEntry, as enumerating a hashtable yields it."""
    return PSObject(
        ["System.Collections.DictionaryEntry", "System.ValueType", "System.Object"],
        {"Name": key, "Key": key, "Value": value},
        text="System.Collections.DictionaryEntry",
    )


def _table_members(declared: NetClass) -> None:
    declared.exists("SyncRoot IsSynchronized CopyTo GetObjectData OnDeserialization Comparer")
    declared.property("Count")(len)
    declared.property("Keys")(lambda table: GrowingList(table.keys(), f"{table.type_name}+KeyCollection"))
    declared.property("Values")(
        lambda table: GrowingList(table.values(), f"{table.type_name}+ValueCollection")
    )
    declared.property("IsReadOnly")(lambda _: False)
    declared.property("IsFixedSize")(lambda _: False)

    def add(table: PSHashtable, key: Any, value: Any) -> None:
        if key is None:
            raise NetError("System.ArgumentNullException", "Key cannot be null.\r\nParameter name: key")
        if key in table:
            shown = to_string(key)
            raise NetError(
                "System.ArgumentException",
                f"Item has already been added. Key in dictionary: '{shown}'  Key being added: '{shown}'",
            )
        table[key] = value

    declared.method("Add", ("object", "object"))(add)
    declared.method("ContainsKey", ("object",))(lambda table, key: key in table)
    declared.method("Contains", ("object",))(lambda table, key: key in table)
    declared.method("ContainsValue", ("object",))(
        lambda table, value: any(_exact(one, value) for one in table.values())
    )
    declared.method("Clear", ())(lambda table: table.clear())
    declared.method("Clone", ())(lambda table: table.copy())
    declared.method("GetEnumerator", ())(lambda table: [entry(key, value) for key, value in table.items()])
    declared.method("Item", ("object",))(lambda table, key: table[key])
    declared.method("ToString", ())(lambda table: table.type_name)


hashtable = net_class("System.Collections.Hashtable")
_table_members(hashtable)
hashtable.method("Remove", ("object",))(lambda table, key: table.__delitem__(key))


@hashtable.constructor((), ("object",))
def _new_hashtable(initial: Any = None) -> PSHashtable:
    return PSHashtable(initial if isinstance(initial, PSHashtable) else ())


ordered = net_class("System.Collections.Specialized.OrderedDictionary")
_table_members(ordered)
ordered.constructor(())(OrderedHashtable)
ordered.method("Remove", ("object",))(lambda table, key: table.__delitem__(key))


@ordered.method("Insert", ("int", "object", "object"))
def _insert_ordered(table: OrderedHashtable, index: int, key: Any, value: Any) -> None:
    items = [one for one in table.items() if fold(one[0]) != fold(key)]
    items.insert(index, (key, value))
    table.clear()
    for one, other in items:
        table[one] = other


class Dictionary(PSHashtable):
    """``Dictionary[TKey, TValue]``. Its string keys compare without case, unlike .NET's."""

    def __init__(self, types: str) -> None:
        self.types = types.split(",")
        super().__init__()
        self.type_name = f"System.Collections.Generic.Dictionary`2[{types}]"

    def __setitem__(self, key: Any, value: Any) -> None:
        """Store an entry, key and value converted to the dictionary's types."""
        kinds = [*self.types, "System.Object", "System.Object"]
        super().__setitem__(convert(key, kinds[0]), convert(value, kinds[1]))

    def copy(self) -> Dictionary:
        """A shallow copy."""
        made = Dictionary(",".join(self.types))
        for key, value in self.items():
            made[key] = value
        return made


dictionary = net_class("System.Collections.Generic.Dictionary`2")
_table_members(dictionary)


@dictionary.method("Remove", ("object",))
def _dictionary_remove(table: Dictionary, key: Any) -> bool:
    known = key in table
    del table[key]
    return known


@dictionary.method("TryGetValue", ("object", "object"))
def _try_get_value(table: Dictionary, key: Any, result: Any) -> bool:
    result.set("Value", table[key])
    return key in table


@dictionary.constructor(("object",), ("object", "object"))
def _new_dictionary(types: str, comparer: Any = None) -> Dictionary:
    del comparer
    return Dictionary(types)
