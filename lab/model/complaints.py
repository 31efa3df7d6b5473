"""Turns pydantic's validation errors into lines a writer of scenarios can act on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lab.model.scenario import ACTION_KINDS, CHECK_KINDS, FAULT_KINDS, ScenarioFile
from lab.model.yamltext import Path, SourceMap
from lab.nearest import suggestion

_KINDS = (*ACTION_KINDS, *CHECK_KINDS, *FAULT_KINDS)


def lines(error: ValidationError, data: Any, source: SourceMap) -> Iterator[str]:
    """Yield ``file:line: field: what was expected`` for every complaint, in the file's order."""
    found = []
    for details in error.errors(include_url=False):
        path = tuple(details["loc"])
        expected = _expected(details, data, source.known(path))
        found.append((source.line(path), _field(path, source), expected))
    for line, field, expected in sorted(set(found)):
        yield f"{source.filename}:{line}: {field + ': ' if field else ''}{expected}"


def _field(path: Path, source: SourceMap) -> str:
    """Path of a field as written: detect[0].finds."""
    known = list(source.known(path))
    last = path[-1] if path else None
    if isinstance(last, str) and (not known or known[-1] != last) and last not in _KINDS:
        known.append(last)
    text = ""
    for part in known:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _expected(details: ErrorDetails, data: Any, path: Path) -> str:
    match details["type"]:
        case "extra_forbidden":
            name = str(details["loc"][-1])
            names = _names_at(details["loc"])
            return f"unknown key{suggestion(name, names)}"
        case "missing":
            return "missing, and it is needed"
        case "union_tag_invalid" | "union_tag_not_found":
            return _step_kind(_at(data, path))
        case "value_error":
            return str(details["ctx"]["error"])
        case "literal_error":
            given = str(details["input"])
            allowed = details["ctx"]["expected"]
            choices = [part.strip(" '") for part in allowed.replace(" or ", ",").split(",")]
            return f"expected {allowed}, not {given!r}{suggestion(given, choices)}"
        case _:
            message = details["msg"].replace("Input should be", "expected")
            return f"{message}, not {_brief(details['input'])}"


def _step_kind(value: Any) -> str:
    if not isinstance(value, dict):
        return f"expected a step (a mapping with one of {', '.join(_KINDS)}), not {_brief(value)}"
    kinds = [key for key in value if key in _KINDS]
    if len(kinds) > 1 and set(kinds) != set(FAULT_KINDS):
        return f"one step does one thing; this has {' and '.join(kinds)}"
    if kinds:
        return f"{kinds[0]}: is not allowed here"
    fields = {name for model in _models().values() for name in model.model_fields} - set(_KINDS)
    guesses = [s for key in value if key not in fields and (s := suggestion(str(key), _KINDS))]
    return f"no kind of step; expected one of {', '.join(_KINDS)}{guesses[0] if guesses else ''}"


def _names_at(loc: tuple[str | int, ...]) -> set[str]:
    """Names of the fields of the model an unknown key stands in."""
    parent = [part for part in loc[:-1] if isinstance(part, str)]
    if not parent:
        return set(ScenarioFile.model_fields)
    models = _models()
    for name in reversed(parent):
        if name in models:
            return set(models[name].model_fields)
    return set(_KINDS)


def _models() -> dict[str, type[BaseModel]]:
    from lab.model import checks, scenario, steps

    tagged: dict[str, type[BaseModel]] = {
        "cmd": steps.CmdStep,
        "powershell": steps.PowershellStep,
        "sh": steps.ShStep,
        "azure": steps.AzureStep,
        "python": steps.PythonStep,
        "knob": steps.KnobStep,
        "wait": steps.WaitStep,
        "fault": steps.FaultStep,
        "backup": checks.BackupExpectation,
        "service": checks.ServiceCheck,
        "file": checks.FileCheck,
        "process": checks.ProcessCheck,
        "package": checks.PackageCheck,
        "port": checks.PortCheck,
        "registry": checks.RegistryCheck,
        "acl": checks.AclCheck,
        "event": checks.EventCheck,
    }
    return {
        **tagged,
        "training": scenario.Training,
        "stays_broken": scenario.StaysBroken,
        "hosts": scenario.HostSpec,
        "wrong_fixes": scenario.WrongFix,
    }


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _brief(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
