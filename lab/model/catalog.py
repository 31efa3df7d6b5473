"""Finds the scenarios: the folders below `scenarios/` that hold a scenario.yaml."""

from __future__ import annotations

import os
from pathlib import Path

from lab.errors import UsageError
from lab.model.loader import Scenario, load
from lab.nearest import nearest


def scenarios_folder() -> Path:
    """Folder of the scenarios: ``$LAB_SCENARIOS``, ``./scenarios``, or those of the package.

    Raises:
        UsageError: None of them exists.
    """
    told = os.environ.get("LAB_SCENARIOS")
    if told:
        if not Path(told).is_dir():
            raise UsageError(f"LAB_SCENARIOS={told}: there is no such folder")
        return Path(told)
    package = Path(__file__).resolve().parents[1]
    for candidate in (Path.cwd() / "scenarios", package.parent / "scenarios", package / "_scenarios"):
        if any(candidate.glob("*/scenario.yaml")):
            return candidate
    raise UsageError("no scenarios found; run from the project's folder or set LAB_SCENARIOS")


def names(folder: Path | None = None) -> list[str]:
    """Ids of all scenarios, sorted."""
    base = folder or scenarios_folder()
    return sorted(path.parent.name for path in base.glob("*/scenario.yaml"))


def find(name: str, folder: Path | None = None) -> Scenario:
    """Load one scenario by its id, or by the path of its folder or file.

    Raises:
        UsageError: Unknown (the message lists all and suggests the nearest), or a bad file.
    """
    path = Path(name)
    if path.name == "scenario.yaml" or (os.sep in name and (path / "scenario.yaml").is_file()):
        return load(path)
    base = folder or scenarios_folder()
    known = names(base)
    if name not in known:
        match = nearest(name, known)
        hint = f"; did you mean {match}?" if match else ""
        raise UsageError(
            f"unknown scenario {name!r}{hint}", detail="Scenarios:\n" + "\n".join(f"  {n}" for n in known)
        )
    return load(base / name)
