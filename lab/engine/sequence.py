"""The order of a run's phases."""

from __future__ import annotations

from lab.engine import proofs
from lab.engine.cure import Cure
from lab.engine.parts import Parts
from lab.engine.run import Run


def sequence(run: Run) -> None:
    """Carry a run through its phases; ends early where a failed proof makes the rest worthless."""
    parts = Parts.of(run.options)
    cure = Cure(run)
    with run.phase("plan"):
        cure.check_plan()
    run.provision()
    harmless = proofs.baseline(run, cure, parts)
    if harmless is None:
        return
    proofs.inject(run)
    if not proofs.confirm(run) or not proofs.detect(run):
        return
    if parts.stays_broken and not proofs.controls(run):
        return
    proofs.remediate(run, cure)
    healed = proofs.verify(run, cure)
    if not healed:
        if parts.compare:
            proofs.compare(run, restarted=False, verdict=False)
        return
    if parts.second_time:
        proofs.second_time(run, cure, harmless)
    if parts.restart:
        proofs.restart(run)
    if parts.compare:
        proofs.compare(run, restarted=parts.restart, verdict=True)


def break_world(run: Run) -> bool:
    """Make a world, break it and see that it is broken; False where the scenario did not hold."""
    run.provision()
    if proofs.baseline(run, Cure(run), Parts(*[False] * 6)) is None:
        return False
    proofs.inject(run)
    return proofs.confirm(run)
