"""Running scripts on a simulated host and looking at every stream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from fakes.clock import Clock
from fakes.notsimulated import NotSimulated
from fakes.windows.model.host import Host
from fakes.windows.powershell.errors import ErrorRecord, PowerShellError, format_error
from fakes.windows.powershell.runtime import Runspace
from fakes.windows.powershell.streams import Streams
from fakes.windows.powershell.text_form import to_string
from fakes.windows.shell.session import Session


@dataclass
class Outcome:
    """What a script did."""

    output: list[Any] = field(default_factory=list)
    errors: list[ErrorRecord] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    verbose: list[str] = field(default_factory=list)
    information: list[str] = field(default_factory=list)
    native_errors: str = ""
    console: str = ""
    exit_code: int | None = None
    fatal: ErrorRecord | None = None
    refused: str = ""
    runspace: Runspace | None = None

    @property
    def error_ids(self) -> list[str]:
        """Ids of the shown errors and of the one that ended the script."""
        return [record.fqid for record in [*self.errors, *([self.fatal] if self.fatal else [])]]

    @property
    def text(self) -> list[str]:
        """Each output object as text."""
        return [to_string(value) for value in self.output]

    def shown(self) -> str:
        """The first error as 5.1 prints it."""
        record = self.errors[0] if self.errors else self.fatal
        assert record is not None
        return format_error(record)


Run = Callable[..., Outcome]


@pytest.fixture
def host() -> Host:
    made = Host.server_2019("SRV1", clock=Clock())
    made.users.add("labadmin", "Pass-word1", groups=["Administrators"])
    return made


@pytest.fixture
def run(host: Host) -> Run:
    """Run a script in a new runspace of one host."""
    session = Session(host, "labadmin")

    def run_script(text: str, *args: Any, **options: Any) -> Outcome:
        outcome = Outcome()

        def native_error(line: str) -> None:
            outcome.native_errors += line

        def console(line: str) -> None:
            outcome.console += line

        streams = Streams(
            output=outcome.output.append,
            error=outcome.errors.append,
            warning=outcome.warnings.append,
            verbose=outcome.verbose.append,
            information=lambda record: outcome.information.append(to_string(record.get("MessageData"))),
            native_error=native_error,
            console=console,
        )
        outcome.runspace = Runspace(host, session, streams=streams, stdin=options.pop("stdin", None))
        try:
            outcome.exit_code = outcome.runspace.run_script(text, args, **options)
        except PowerShellError as error:
            outcome.fatal = error.record
        except NotSimulated as refusal:
            if "defect" in refusal.construct:
                raise
            outcome.refused = refusal.construct
        return outcome

    return run_script


@pytest.fixture
def value(run: Run) -> Callable[[str], Any]:
    """The value of an expression; errors fail the test."""

    def evaluate(text: str) -> Any:
        outcome = run(text)
        assert not outcome.errors, outcome.shown()
        assert outcome.fatal is None, outcome.shown()
        assert not outcome.refused, outcome.refused
        return outcome.output[0] if len(outcome.output) == 1 else outcome.output

    return evaluate
