"""The order of a run's phases."""

from __future__ import annotations

from lab.engine import proofs
from lab.engine.cure import Cure
from lab.engine.parts import Parts
from lab.engine.run import Run
from lab.errors import HostUnreachable


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
    if cure.endless:
        proofs.endless(run, cure)
        return
    try:
        held = _break(run)
    except proofs.NotHeld as error:
        if not cure.traces:
            raise
        # The script was tried on this machine; nothing of its state differs, and yet it is not as new.
        harmless = f"what the cure leaves on a healthy machine hides the fault: {error.text}"
        run.fresh_world()
        with run.phase("baseline"):
            run.before = run.capture()
        held = _break(run)
    if not held:
        return
    if parts.stays_broken and not proofs.controls(run):
        return
    proofs.remediate(run, cure)
    healed = proofs.verify(run, cure)
    if not healed:
        if parts.compare and not cure.last.lost:
            try:
                proofs.compare(run, restarted=False, verdict=False)
            except HostUnreachable as error:  # nothing hangs on it: the verdict is reached
                run.note(f"what else changed cannot be told: {error.message}")
        return
    if parts.second_time:
        proofs.second_time(run, cure, harmless)
    if parts.restart:
        proofs.restart(run)
    if parts.compare:
        proofs.compare(run, restarted=parts.restart, verdict=True)


def _break(run: Run) -> bool:
    proofs.inject(run)
    return proofs.confirm(run) and proofs.detect(run)


def break_world(run: Run) -> bool:
    """Make a world, break it and see that it is broken; False where the scenario did not hold."""
    run.provision()
    if proofs.baseline(run, Cure(run), Parts(*[False] * 6)) is None:
        return False
    proofs.inject(run)
    return proofs.confirm(run)
