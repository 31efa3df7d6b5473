"""The whole scenario file as one model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from lab.hosts.base import HostOS
from lab.model.base import Seconds, Strict
from lab.model.checks import (
    AclCheck,
    BackupCheck,
    EventCheck,
    FileCheck,
    PackageCheck,
    PortCheck,
    ProcessCheck,
    RegistryCheck,
    ServiceCheck,
)
from lab.model.steps import (
    AzureStep,
    CmdStep,
    FaultStep,
    HostStep,
    KnobStep,
    PowershellStep,
    PythonStep,
    ShStep,
    Step,
    WaitStep,
)

Phase = Literal[
    "plan", "provision", "baseline", "inject", "confirm", "detect", "controls",
    "remediate", "verify", "restart", "compare", "teardown",
]  # fmt: skip
PHASES: tuple[Phase, ...] = Phase.__args__  # type: ignore[attr-defined]

ACTION_KINDS = ("cmd", "powershell", "sh", "azure", "python", "knob", "wait")
CHECK_KINDS = ("backup", "service", "file", "process", "package", "port", "registry", "acl", "event")
FAULT_KINDS = ("simulated", "real")


def kind_of(value: Any) -> str | None:
    """Return which kind of step a mapping (or a parsed step) is, None when it is none or several."""
    if isinstance(value, Step):
        fields = type(value).model_fields
        return next((kind for kind in (*ACTION_KINDS, *CHECK_KINDS) if kind in fields), "fault")
    if not isinstance(value, dict):
        return None
    found = [kind for kind in (*ACTION_KINDS, *CHECK_KINDS) if kind in value]
    if any(kind in value for kind in FAULT_KINDS):
        found.append("fault")
    return found[0] if len(found) == 1 else None


_Acting = (
    Annotated[CmdStep, Tag("cmd")]
    | Annotated[PowershellStep, Tag("powershell")]
    | Annotated[ShStep, Tag("sh")]
    | Annotated[AzureStep, Tag("azure")]
    | Annotated[PythonStep, Tag("python")]
    | Annotated[KnobStep, Tag("knob")]
    | Annotated[WaitStep, Tag("wait")]
)
_Looking = (
    Annotated[BackupCheck, Tag("backup")]
    | Annotated[ServiceCheck, Tag("service")]
    | Annotated[FileCheck, Tag("file")]
    | Annotated[ProcessCheck, Tag("process")]
    | Annotated[PackageCheck, Tag("package")]
    | Annotated[PortCheck, Tag("port")]
    | Annotated[RegistryCheck, Tag("registry")]
    | Annotated[AclCheck, Tag("acl")]
    | Annotated[EventCheck, Tag("event")]
)
Action = Annotated[_Acting, Discriminator(kind_of)]
Fault = Annotated[_Acting | Annotated[FaultStep, Tag("fault")], Discriminator(kind_of)]
Check = Annotated[
    _Looking
    | Annotated[CmdStep, Tag("cmd")]
    | Annotated[PowershellStep, Tag("powershell")]
    | Annotated[ShStep, Tag("sh")]
    | Annotated[AzureStep, Tag("azure")]
    | Annotated[PythonStep, Tag("python")],
    Discriminator(kind_of),
]


def _judges(step: Step) -> Step:
    if isinstance(step, CmdStep | PowershellStep | ShStep | PythonStep):
        says = step.finds is not None or step.lacks is not None or step.exit is not None
        wanted = "finds:, lacks: or exit:"
    elif isinstance(step, AzureStep):
        says = any(x is not None for x in (step.finds, step.lacks, step.equals, step.expect))
        wanted = "finds:, lacks:, equals: or expect:"
    else:
        return step
    if not says:
        raise ValueError(f"a check must be able to fail: needs {wanted}")
    return step


JudgingCheck = Annotated[Check, AfterValidator(_judges)]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) or value is None else [value]


class HostSpec(Strict):
    """One machine of the scenario."""

    os: HostOS


class WrongFix(Strict):
    """A cure that must not heal: one step, or several, with what takes their traces away again."""

    name: str
    steps: Annotated[list[Action], Field(min_length=1)]
    undo: list[Action] = Field(default=[])


def _single_step(value: Any) -> Any:
    if isinstance(value, dict) and "steps" not in value:
        undo = {"undo": value["undo"]} if "undo" in value else {}
        step = {key: item for key, item in value.items() if key != "undo"}
        return {"name": value.get("name"), "steps": [step], **undo}
    return value


class Training(Strict):
    """What a trainee sees."""

    difficulty: Annotated[int, Field(ge=1, le=5)]
    minutes: Annotated[int, Field(gt=0)]
    ticket: Annotated[
        str, Field(min_length=20, description="What the customer writes; never names the cause.")
    ]
    hints: Annotated[list[str], Field(min_length=1, description="From gentle to the solution.")]


class StaysBroken(Strict):
    """How the proof that the fault does not heal by itself is made."""

    wait: Seconds = 600


Fidelity = Literal["real", "emulated", "modelled"]


class ScenarioFile(Strict):
    """`scenario.yaml`: one documented way to break a machine, its symptom, detection and cure."""

    title: Annotated[str, Field(min_length=1)]
    covers: Annotated[list[str], Field(min_length=1, description="Ids of the catalogue's entries.")]
    error: str | None = Field(default=None, description="The documented error code, where there is one.")
    summary: str | None = Field(default=None, description="A paragraph for `lab show`.")
    sources: list[str] = Field(default=[], description="Where it is documented.")
    fidelity: dict[str, Fidelity]
    hosts: Annotated[dict[str, HostSpec], Field(min_length=1)]
    inject: Annotated[list[Fault], Field(min_length=1)]
    symptom: Annotated[list[JudgingCheck], Field(min_length=1), BeforeValidator(_as_list)]
    detect: Annotated[list[JudgingCheck], Field(min_length=1)]
    remediate: Annotated[list[Action], Field(min_length=1)]
    healthy: Annotated[list[JudgingCheck], Field(min_length=1)]
    wrong_fixes: list[Annotated[WrongFix, BeforeValidator(_single_step)]] = Field(default=[])
    stays_broken: StaysBroken = StaysBroken()
    allows: list[str] = Field(
        default=[],
        description="Patterns of the state paths the run may leave changed, such as 'vm/services/*'.",
    )
    training: Training | None = None
    timeouts: dict[Phase, Seconds] = Field(default={})

    @model_validator(mode="after")
    def _symptom_is_a_backup_or_a_check(self) -> ScenarioFile:
        if self.error is not None:
            errors = {c.backup.error for c in self.symptom if isinstance(c, BackupCheck)}
            if errors and self.error not in errors:
                raise ValueError(
                    f"error: is {self.error}, but symptom: expects {', '.join(map(str, errors))}"
                )
        return self

    def steps(self) -> Iterator[tuple[tuple[str | int, ...], Step]]:
        """Yield every step with its path in the file."""
        for field in ("inject", "symptom", "detect", "remediate", "healthy"):
            for index, step in enumerate(getattr(self, field)):
                yield (field, index), step
        for index, wrong in enumerate(self.wrong_fixes):
            for key, steps in (("steps", wrong.steps), ("undo", wrong.undo)):
                for number, step in enumerate(steps):
                    yield ("wrong_fixes", index, key, number), step

    def host_steps(self) -> Iterator[tuple[tuple[str | int, ...], HostStep]]:
        """Yield the steps that run on a host."""
        for path, step in self.steps():
            if isinstance(step, HostStep):
                yield path, step
