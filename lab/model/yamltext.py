"""YAML with line numbers: plain data, and where in the file each part of it stands.

Differs from PyYAML's safe loader on purpose: duplicate keys are refused, and only ``true`` and
``false`` are booleans (YAML 1.2), so that the key ``on`` stays a string and not ``True``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from lab.errors import UsageError

Path = tuple[str | int, ...]

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]
    """PyYAML's safe loader with the booleans of YAML 1.2 and no timestamps."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


@dataclass
class SourceMap:
    """Where each part of a file stands: path in the data -> line, counted from 1."""

    filename: str
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Line of the longest known beginning of ``path``.

        Paths of pydantic's errors hold the tags of unions and parts that validators made; what
        the file does not have is skipped.
        """
        return self.lines.get(self.known(path), 1)

    def known(self, path: Path) -> Path:
        """Drop from ``path`` whatever the file does not have."""
        current: Path = ()
        for index, part in enumerate(path):
            following = path[index + 1 :]
            if following and (*current, following[0]) in self.lines and isinstance(following[0], str):
                continue  # a union's tag, such as 'cmd' before the field 'finds'
            if (*current, part) in self.lines:
                current = (*current, part)
        return current

    def where(self, path: Path = ()) -> str:
        """``file:line`` of a part."""
        return f"{self.filename}:{self.line(path)}"


def parse(text: str, filename: str) -> tuple[Any, SourceMap]:
    """Parse one YAML document.

    Returns:
        The plain data and its source map.

    Raises:
        UsageError: Not YAML, or a key is given twice; the message begins with ``file:line``.
    """
    source = SourceMap(filename)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return (None if node is None else _build(loader, node, (), source)), source
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise UsageError(f"{filename}:{line}: not YAML: {error.problem or error.context}") from None
    finally:
        loader.dispose()


def _build(loader: Any, node: yaml.Node, path: Path, source: SourceMap) -> Any:
    source.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if not isinstance(key, str | int):
                raise UsageError(
                    f"{source.filename}:{line}: a key must be plain text, not {type(key).__name__}"
                )
            if key in result:
                first = source.lines[*path, key]
                raise UsageError(f"{source.filename}:{line}: {key}: given twice, first in line {first}")
            source.lines[*path, key] = line
            result[key] = _build(loader, value_node, (*path, key), source)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*path, index), source) for index, item in enumerate(node.value)]
    return loader.construct_object(node, deep=True)
