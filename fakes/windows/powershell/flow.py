"""Flow control of scripts as Python exceptions. None of these is an error."""

from __future__ import annotations


class FlowControl(Exception):
    """Base of everything that unwinds without being an error."""


class LoopFlow(FlowControl):
    """``break`` or ``continue`` on its way to a loop; ``label`` is "" for the nearest."""

    def __init__(self, label: str = "") -> None:
        super().__init__(label)
        self.label = label


class BreakFlow(LoopFlow):
    """``break``."""


class ContinueFlow(LoopFlow):
    """``continue``."""


class ReturnFlow(FlowControl):
    """``return``: its values were already written to the output."""


class ExitFlow(FlowControl):
    """``exit``: ends the script file, or the process."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class StopUpstream(FlowControl):
    """A command has enough (``Select-Object -First``): the commands before it stop.

    Raised by :meth:`fakes.windows.powershell.command.Cmdlet.stop_upstream`; ``origin`` is the
    processor of that command, whose own ``end`` still runs.
    """

    def __init__(self, origin: object) -> None:
        super().__init__()
        self.origin = origin


class Stopped(FlowControl):
    """The client stopped the pipeline (Ctrl+C, terminate)."""


class Unwinding(FlowControl):
    """An exception of a later command on its way through the earlier ones of its pipeline.

    The earlier commands' own try/catch must not see it.
    """

    def __init__(self, cause: BaseException, pipeline: object) -> None:
        super().__init__()
        self.cause = cause
        self.pipeline = pipeline
