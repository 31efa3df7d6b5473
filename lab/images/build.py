"""Build the images that are missing; parallel runs build each one once."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from lab.engine_setup import Engine
from lab.engine_setup.locking import exclusive
from lab.errors import InfrastructureError, UsageError
from lab.images import apt
from lab.images.base import Base, ensure_base
from lab.images.definition import DEFINITIONS, SUITE, Definition

Say = Callable[[str], None]
_STEP = re.compile(r"^Step (\d+/\d+) : (\w+)")


def _quiet(_line: str) -> None:
    """Say nothing."""


def present(engine: Engine, definition: Definition) -> bool:
    """Tell whether the engine has this image, built from exactly these inputs."""
    from docker.errors import ImageNotFound

    try:
        engine.client.images.get(definition.tag)
    except ImageNotFound:
        return False
    return True


def _follow(name: str, events: Iterable[dict[str, Any]], say: Say) -> None:
    """Turn the builder's events into progress; raises when the build failed."""
    tail: deque[str] = deque(maxlen=20)
    failure = ""
    for event in events:  # to their end, or the connection stays open
        failure = failure or str(event.get("error", "")).strip()
        for line in str(event.get("stream", "")).splitlines():
            if not line.strip():
                continue
            tail.append(line)
            step = _STEP.match(line)
            if step:
                say(f"building the {name} image, step {step[1]} ({step[2]})")
    if failure:
        raise InfrastructureError(f"building the {name} image failed: {failure}", detail="\n".join(tail))


def _build(engine: Engine, definition: Definition, base: Base, say: Say) -> None:
    context = definition.context(apt.context_files(SUITE, base_has_sources=base.has_sources))
    events = engine.client.api.build(
        fileobj=io.BytesIO(context),
        custom_context=True,
        tag=definition.tag,
        buildargs={"BASE": base.image, **apt.build_arguments()},
        labels={"lab.image": definition.name},
        network_mode="host",  # the build needs the machine's mirror; containers never do
        rm=True,
        forcerm=True,
        decode=True,
        timeout=1800,
    )
    _follow(definition.name, events, say)
    if not present(engine, definition):
        raise InfrastructureError(f"the engine built {definition.tag} but does not have it")


def ensure(engine: Engine, name: str, say: Say = _quiet) -> str:
    """Return the tag of an image, building it first if the engine lacks it.

    Args:
        engine: Where to build.
        name: ``guest`` or ``gateway``.
        say: Takes one line of progress at a time.

    Raises:
        UsageError: There is no such image.
        InfrastructureError: The build failed; the detail is the end of its log.
    """
    definition = DEFINITIONS.get(name)
    if definition is None:
        raise UsageError(f"no image is called {name!r}; there are {', '.join(DEFINITIONS)}")
    if not present(engine, definition):
        with exclusive("images", lambda: say("another run is building images: waiting")):
            if not present(engine, definition):
                _build(engine, definition, ensure_base(engine, say), say)
    return definition.tag


def ensure_all(engine: Engine, say: Say = _quiet) -> dict[str, str]:
    """Return name -> tag of every image of the lab, building those that are missing."""
    return {name: ensure(engine, name, say) for name in DEFINITIONS}
