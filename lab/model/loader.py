"""Loads scenario files and refuses bad ones with file, line, field and what was expected."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from lab.errors import UsageError
from lab.model import complaints, facts, yamltext
from lab.model.rules import check_rules
from lab.model.scenario import ScenarioFile

if TYPE_CHECKING:
    from lab.model.yamltext import SourceMap


@dataclass(frozen=True)
class Scenario:
    """A loaded scenario.

    Attributes:
        id: Name of its folder.
        folder: Where its file and scripts are.
        spec: The validated file.
        source: Where its parts stand in the file.
        data: The plain data, for placeholders.
    """

    id: str
    folder: Path
    spec: ScenarioFile
    source: SourceMap = field(repr=False)
    data: Any = field(repr=False)

    def resolved(self, known: Mapping[str, str], *, partial: bool = False) -> Scenario:
        """Return the scenario with ``${facts}`` replaced.

        Raises:
            UsageError: A fact is missing and ``partial`` is false; names file and line.
        """
        data = facts.resolve(self.data, known, self.source, partial=partial)
        spec = _validate(data, self.folder, self.source)
        return Scenario(self.id, self.folder, spec, self.source, data)

    def script(self, value: str) -> Path | None:
        """Return the script file a step's value names, None when it is an inline command."""
        from lab.model.base import looks_like_script

        return self.folder / value.strip() if looks_like_script(value) else None


def load(path: Path) -> Scenario:
    """Load ``scenario.yaml`` (or the folder that holds one).

    Raises:
        UsageError: The file is missing or wrong; one line per complaint.
    """
    file = path / "scenario.yaml" if path.is_dir() else path
    name = _shown(file)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"{name}: there is no such file") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: not UTF-8 at byte {error.start}") from None
    data, source = yamltext.parse(text, name)
    if not isinstance(data, dict):
        raise UsageError(f"{name}:1: expected a mapping with title:, hosts:, inject: and so on")
    spec = _validate(data, file.parent, source)
    facts.check(data, source)
    check_rules(spec, source)
    return Scenario(file.parent.resolve().name, file.parent, spec, source, data)


def _validate(data: Any, folder: Path, source: SourceMap) -> ScenarioFile:
    try:
        return ScenarioFile.model_validate(data, context={"folder": folder})
    except ValidationError as error:
        raise UsageError("\n".join(complaints.lines(error, data, source))) from None


def _shown(file: Path) -> str:
    """Path as the user would type it: relative where it is below the current folder."""
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(file)


@functools.cache
def schema() -> dict[str, Any]:
    """JSON Schema of ``scenario.yaml``, for editors."""
    made = ScenarioFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
