"""Scenarios as pytest items, and the `lab` fixture for teams that test their own scripts.

``pytest scenarios -n auto -k vss`` runs each ``scenario.yaml`` it is pointed at as one item.
The plugin is loaded by every pytest run of an environment the lab is installed in, so nothing
of the lab is imported before it is used.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from lab.engine.result import RunResult
    from lab.model.loader import Scenario
    from lab.testing import Lab

SCENARIO_FILE = "scenario.yaml"
_HERE = Path(__file__).parent


class NotProven(Exception):
    """A scenario failed: not healed, not proven, or inconclusive."""


class LabBroken(Exception):
    """The lab itself failed; pytest shows it as an error, not as a failure."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of scenario items."""
    group = parser.getgroup("lab", "Azure VM Backup fault lab")
    group.addoption(
        "--lab-mode",
        choices=["prove", "run"],
        default="prove",
        help="how scenario items are run (default: prove)",
    )
    group.addoption("--lab-seed", type=int, default=None, help="seed of all worlds, to repeat a run")
    group.addoption(
        "--lab-report-dir", type=Path, default=None, help="keep each scenario's journal below this folder"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers of scenario items."""
    config.addinivalue_line("markers", "engine: needs a container engine")
    config.addinivalue_line("markers", "scenario: a scenario of the lab, run as a test item")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect scenario files that belong to the lab."""
    if file_path.name != SCENARIO_FILE or "\ninject:" not in file_path.read_text(
        encoding="utf-8", errors="replace"
    ):
        return None
    return ScenarioCollector.from_parent(parent, path=file_path)


class ScenarioCollector(pytest.File):
    """One scenario.yaml."""

    def collect(self) -> Iterator[ScenarioItem]:
        """Yield its one item; a bad file is a collection error with file, line and field."""
        from lab.errors import UsageError
        from lab.model.loader import load

        try:
            scenario = load(self.path)
        except UsageError as error:
            raise self.CollectError(error.message) from None
        yield ScenarioItem.from_parent(self, name=scenario.id, scenario=scenario)


class ScenarioItem(pytest.Item):
    """One scenario, proven from start to end."""

    def __init__(self, *, scenario: Scenario, **rest: Any) -> None:
        super().__init__(**rest)
        self.scenario = scenario
        self.add_marker("scenario")
        if any(host.os == "linux" for host in scenario.spec.hosts.values()):
            self.add_marker("engine")
        self.extra_keyword_matches.update(scenario.spec.covers)

    def setup(self) -> None:
        """Skip where there is no engine for a Linux guest; in CI that is an error."""
        if self.get_closest_marker("engine") is None:
            return
        from lab.engine_setup import EngineMissing, find

        try:
            find()
        except EngineMissing as missing:
            if os.environ.get("CI", "").lower() == "true":
                raise LabBroken(missing.message) from None
            pytest.skip(f"needs a container engine: {missing.message}")

    def runtest(self) -> None:
        """Run the scenario and raise what it came to."""
        from lab.testing import explain, prove_scenario

        option = self.config.getoption
        result = prove_scenario(
            self.scenario,
            mode=option("lab_mode"),
            seed=option("lab_seed"),
            report_dir=option("lab_report_dir"),
        )
        self._tell(result)
        if result.exit_code == 0:
            return
        if result.exit_code in {1, 5}:
            raise NotProven(explain(result))
        raise LabBroken(explain(result))

    def _tell(self, result: RunResult) -> None:
        self.user_properties += [("outcome", str(result.outcome)), ("seed", result.seed)]
        seconds: dict[str, float] = {}
        for phase in result.phases:
            seconds[phase.name] = seconds.get(phase.name, 0.0) + phase.seconds
        self.user_properties += [(f"seconds.{name}", round(value, 3)) for name, value in seconds.items()]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any) -> Any:
        """Show what the run came to, without a traceback of the plugin."""
        if isinstance(excinfo.value, NotProven | LabBroken):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **options)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name of the item in headings."""
        return self.path, 0, self.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the scenarios with real guests, which take longest, begin first: workers then share them.

    Tests that are no scenarios keep their places.
    """
    places = [index for index, item in enumerate(items) if isinstance(item, ScenarioItem)]
    ordered = sorted(
        (items[index] for index in places), key=lambda item: item.get_closest_marker("engine") is None
    )
    for index, item in zip(places, ordered, strict=True):
        items[index] = item


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Report a broken lab as an error: pytest tells errors from failures by the phase of the report.

    What the lab raises on purpose is one clear line, so the way to it through the lab is left out.
    """
    raised = call.excinfo.value if call.excinfo is not None and "lab" in _fixtures(item) else None
    broken = isinstance(item, ScenarioItem) and call.excinfo and call.excinfo.errisinstance(LabBroken)
    detail = ""
    if raised is not None and call.excinfo is not None:
        from lab.errors import InfrastructureError, LabError

        if isinstance(raised, LabError):
            call.excinfo = pytest.ExceptionInfo.from_exception(_without_lab(raised))
            detail = raised.detail
        broken = isinstance(raised, InfrastructureError) and call.when == "call"
    report = yield
    if broken:
        report.when = "setup"
    if raised is not None and report.failed:
        worlds = [
            f"{name[5:]} was made with seed {seed}"
            for name, seed in item.user_properties
            if name.startswith("seed.")
        ]
        again = ["repeat with --lab-seed SEED"] if worlds else []
        untouched = ["the lab itself failed; this says nothing about your script"] if broken else []
        report.sections.append(("lab", "\n".join([*untouched, *worlds, *again, detail.rstrip()]).rstrip()))
    return report


def _without_lab(error: BaseException) -> BaseException:
    """Leave the lab's own frames out of an error's traceback, where others remain."""
    entries = []
    entry = error.__traceback__
    while entry is not None:
        file = entry.tb_frame.f_code.co_filename
        if file != contextlib.__file__ and not Path(file).is_relative_to(_HERE):
            entries.append(entry)
        entry = entry.tb_next
    kept: TracebackType | None = None
    for entry in reversed(entries):
        kept = TracebackType(kept, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    error.__cause__, error.__suppress_context__ = None, True
    return error.with_traceback(kept) if kept else error


def _fixtures(item: pytest.Item) -> Sequence[str]:
    return getattr(item, "fixturenames", ())


@pytest.fixture
def lab(request: pytest.FixtureRequest) -> Lab:
    """Broken worlds for a test of your own script.

    >>> def test_fix(lab):
    ...     with lab.scenario("vss_bad_state") as broken:
    ...         broken.host("vm").run_script("fix.ps1")
    ...         broken.assert_healed()
    """
    from lab.testing import Lab

    return Lab(
        request.path.parent,
        seed=request.config.getoption("lab_seed"),
        note=lambda name, seed: request.node.user_properties.append((f"seed.{name}", seed)),
    )
