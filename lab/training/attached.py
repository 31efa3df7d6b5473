"""Reaches the world of a training lab from another process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.engine.steps import Steps
from lab.fabric_config import Ready
from lab.fabric_world import LabWorld
from lab.identity import make_identity
from lab.model.loader import Scenario, load
from lab.training.state import Training
from lab.world import attach


@contextmanager
def attached(training: Training) -> Iterator[tuple[Scenario, LabWorld, Steps]]:
    """Connect to a lab's world; leaving lets go of connections only.

    Raises:
        InfrastructureError: The lab itself is gone.
        UsageError: Its scenario cannot be read any more.
    """
    training.require_alive()
    scenario = load(Path(training.scenario))
    system = next(iter(scenario.spec.hosts.values())).os
    world = attach(
        Ready.parse(training.ready),
        make_identity(training.seed, system),
        scenario,
        session=training.id,
        expires=int(training.record.expires),
    )
    try:
        resolved = scenario.resolved(world.facts)
        yield resolved, world, Steps(resolved, world)
    finally:
        world.close()
