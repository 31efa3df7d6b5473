"""Select-Object."""

from __future__ import annotations

from collections import deque
from typing import Any

from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet
from fakes.windows.powershell.cmdlets.wildcard import matches
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord
from fakes.windows.powershell.formatting.display import elements
from fakes.windows.powershell.formatting.expressions import Expression
from fakes.windows.powershell.values import PSHashtable, PSObject, custom_object, type_names

_PARTIAL = ("DefaultParameter", "SkipLastParameter")


@cmdlet("Select-Object", aliases=["select"], module=UTILITY, default_set="DefaultParameter")
class SelectObject(PSCmdlet):
    """Selects objects by position and properties by name."""

    InputObject = Param("psobject", value_from_pipeline=True, allow_null=True)
    Property = Param("object[]", position=0, sets=_PARTIAL)
    ExcludeProperty = Param("string[]", sets=_PARTIAL)
    ExpandProperty = Param("string", sets=_PARTIAL)
    Unique = Param("switch")
    Last = Param("int", sets="DefaultParameter")
    First = Param("int", sets="DefaultParameter")
    Skip = Param("int", sets="DefaultParameter")
    SkipLast = Param("int", mandatory=True, sets="SkipLastParameter")
    Wait = Param("switch", sets=("DefaultParameter", "IndexParameter"))
    Index = Param("int[]", mandatory=True, sets="IndexParameter")

    def begin(self) -> None:
        self._columns = self.expressions(self.Property, "select")
        self._count = 0
        self._skip = int(self.Skip or 0)
        self._tail: deque[Any] = deque()
        self._seen: list[Any] = []

    def process(self) -> None:
        if self.InputObject is None:
            return
        value, position = self.InputObject, self._count
        self._count += 1
        if self.Index is not None:
            if position in self.Index:
                self._emit(value)
        elif "SkipLast" in self.bound:
            self._tail.append(value)
            if len(self._tail) > int(self.SkipLast or 0):
                self._emit(self._tail.popleft())
        else:
            self._positional(value, position)

    def _positional(self, value: Any, position: int) -> None:
        last, first = self.bound.get("Last"), self.bound.get("First")
        if first is not None and position >= self._skip and position < self._skip + first:
            self._emit(value)
            if position + 1 == self._skip + first and last is None and not self.Wait:
                raise self.stop_upstream()
            return
        if last is not None:
            self._tail.append(value)
            if len(self._tail) > last + (self._skip if first is None else 0):
                self._tail.popleft()
        elif first is None and position >= self._skip:
            self._emit(value)
        elif first == 0:
            raise self.stop_upstream()

    def end(self) -> None:
        last = self.bound.get("Last")
        if last is not None:
            kept = list(self._tail)
            if self._skip and "First" not in self.bound:
                kept = kept[: max(len(kept) - self._skip, 0)]
            for value in kept[max(len(kept) - last, 0) :]:
                self._emit(value)
        if self.Unique:
            self.write_all(self._seen)

    def _emit(self, value: Any) -> None:
        if self.ExpandProperty:
            self._expand(value, str(self.ExpandProperty))
        elif self._columns or self.ExcludeProperty:
            self._deliver(self._shape(value))
        else:
            self._deliver(value)

    def _deliver(self, value: Any) -> None:
        """-Unique compares by text and property values, and answers at the end."""
        if not self.Unique:
            self.write(value)
            return
        key = self._key(value)
        if all(self._key(other) != key for other in self._seen):
            self._seen.append(value)

    def _key(self, value: Any) -> Any:
        if isinstance(value, PSObject) and value.base is None:
            return [(name, self.text(item)) for name, item in value.items()]
        return (type_names(value)[:1], self.text(value))

    def _shape(self, value: Any) -> PSObject:
        names = type_names(value)
        kind = names[0] if names else "System.Object"
        result = custom_object({}, f"Selected.{kind}" if not kind.startswith("Selected.") else kind)
        for expression in self._columns or [Expression("*")]:
            for found in self._resolved(expression, value):
                name = found.name
                if any(matches(pattern, name) for pattern in self.ExcludeProperty or []):
                    continue
                if result.has(name):
                    self.error(
                        ErrorRecord(
                            f'The property cannot be processed because the property "{name}" already exists.',
                            "AlreadyExistingUserSpecifiedPropertyNoExpand",
                            "InvalidOperation",
                            value,
                            exception_type=AUTOMATION + "PSArgumentException",
                        )
                    )
                    continue
                result.add(name, self._value(found, value))
        return result

    def _resolved(self, expression: Expression, value: Any) -> list[Expression]:
        """A name nobody has becomes an empty property; dictionaries offer their keys."""
        if (
            isinstance(expression.source, str)
            and isinstance(value, PSHashtable)
            and expression.source in value
        ):
            return [expression]
        found = expression.resolve(value, self.reader)
        if found or not isinstance(expression.source, str) or set(expression.source) & set("*?["):
            return found
        return [expression]

    def _value(self, expression: Expression, value: Any) -> Any:
        if (
            isinstance(expression.source, str)
            and isinstance(value, PSHashtable)
            and expression.source in value
        ):
            return value[expression.source]
        return expression.evaluate(value, self.reader)

    def _expand(self, value: Any, pattern: str) -> None:
        reader = self.reader
        found = (
            [pattern] if isinstance(value, PSHashtable) and pattern in value else reader.match(value, pattern)
        )
        if not found:
            self.error(
                ErrorRecord(
                    f'Property "{pattern}" cannot be found.',
                    "ExpandPropertyNotFound",
                    "InvalidArgument",
                    value,
                    exception_type=AUTOMATION + "PSArgumentException",
                )
            )
            return
        content = (
            value[pattern]
            if isinstance(value, PSHashtable) and pattern in value
            else reader.get(value, found[0])
        )
        items = elements(content) if isinstance(content, list) else None
        for item in [content] if items is None else items:
            self._deliver(self._with_properties(item, value) if self._columns else item)

    def _with_properties(self, item: Any, source: Any) -> Any:
        result = item if isinstance(item, PSObject) else PSObject(type_names(item), {}, base=item)
        for expression in self._columns:
            for found in self._resolved(expression, source):
                result.add(found.name, self._value(found, source))
        return result
