"""Plays the Windows guest agent: acts only while the host's own agent could.

Azure's Windows agent cannot be installed off Azure, so its work is done from outside: each
round asks the host whether its agent's service runs and has a way to the fabric. If not,
the courier is silent, as that agent would be, and the fabric misses its heartbeat. If so,
it speaks the real protocol to the real ports and runs extensions on the host.
"""

from __future__ import annotations

import asyncio
import logging

from fakes.clock import Clock
from fakes.courier import handlers, status
from fakes.courier.handlers import Handler, PackageError
from fakes.courier.questions import HostAnswerError, PathQuestion, ask
from fakes.courier.winrm_shell import HostShell, HostUnreachable, LogonRefused, WinRmShell
from fakes.courier.wire import ExtensionGoal, Goal, WireClient, WireError
from fakes.notsimulated import NotSimulatedLog

log = logging.getLogger(__name__)

# Virtual seconds between two rounds: short after something new, longer and longer while nothing
# happens. The longest is well below the five minutes after which an agent counts as silent, and
# keeps an hour that passes in a moment cheap: each round is real work on the host.
PERIOD = 15.0
LONGEST_PERIOD = 200.0


class Courier:
    """The guest agent of one Windows host.

    Args:
        url: The host's WinRM endpoint.
        user: Account on it.
        password: Its password.
        wire: Base URL of the VM's wire server.
        hostga: Base URL of its HostGAPlugin.
        clock: The fabric's clock.
        path: How the host is asked for its way to the fabric.
        not_simulated: Where a defect of the lab is recorded, which must not pass for silence.
        shell: Replaces WinRM, in tests.
    """

    def __init__(
        self,
        *,
        url: str,
        user: str,
        password: str,
        wire: str,
        hostga: str,
        clock: Clock,
        path: PathQuestion = "network",
        not_simulated: NotSimulatedLog | None = None,
        shell: HostShell | None = None,
    ) -> None:
        self._shell: HostShell = shell or WinRmShell(url, user, password)
        self._wire = WireClient(wire, hostga)
        self._clock = clock
        self._path = path
        self._not_simulated = not_simulated or NotSimulatedLog()
        self._goal: Goal | None = None
        self._handlers: dict[str, Handler] = {}
        self._quiet_rounds = 0
        self.condition = "not asked"
        self.refused = False

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                with self._clock.busy():
                    await asyncio.to_thread(self.round)
                if self.refused:
                    return  # silent from now on, like an agent that cannot start
                await self._clock.sleep(self.period)
        finally:
            if isinstance(self._shell, WinRmShell):
                self._shell.close()

    @property
    def period(self) -> float:
        """Virtual seconds until the next round: longer while nothing happens."""
        longer: float = PERIOD * 2.0 ** min(self._quiet_rounds, 8)
        return min(longer, LONGEST_PERIOD)

    def round(self) -> None:
        """Do one round: ask the host, fetch the goal state, run what is new, report."""
        happened = False
        try:
            able, condition = self._ask()
            happened = (able and self._work()) or condition != self.condition
            self.condition = condition
        except LogonRefused as error:
            log.warning("the host refuses the courier: %s", error)
            self.condition, self.refused = str(error), True
        except (HostUnreachable, WireError) as error:
            # A host that restarts, or a fabric that is going away: the agent would be silent too.
            self.condition = str(error)
        except Exception as error:
            log.exception("courier")
            self._not_simulated.record(
                f"guest agent round failed by a defect of the lab: {error!r}", "courier"
            )
            self.condition = repr(error)
        self._quiet_rounds = 0 if happened else self._quiet_rounds + 1

    # -- private ------------------------------------------------------------------
    def _ask(self) -> tuple[bool, str]:
        try:
            found = ask(self._shell, self._path)
        except HostAnswerError as error:
            self._not_simulated.record(f"questions of the guest agent: {error}", "courier")
            return False, str(error)
        return found.able, found.reason

    def _work(self) -> bool:
        """Do what the goal state asks for and report; return whether it asked for something new."""
        goal = self._wire.goal_state(self._goal)
        new = goal is not self._goal
        self._goal = goal
        for extension in goal.extensions:
            if extension.state == "uninstall":
                self._handlers.pop(extension.name.lower(), None)
            elif self._is_new(extension):
                self._handlers[extension.name.lower()] = self._enable(extension)
        self._wire.report(goal, status.document(self._clock.now(), self._handlers.values()))
        return new

    def _is_new(self, extension: ExtensionGoal) -> bool:
        known = self._handlers.get(extension.name.lower())
        return known is None or (known.version, known.sequence) != (extension.version, extension.sequence)

    def _enable(self, extension: ExtensionGoal) -> Handler:
        try:
            script = handlers.script_of(self._wire.package(extension))
        except (WireError, PackageError) as error:
            return handlers.broken(extension, str(error))
        return handlers.enable(self._shell, script, extension)
