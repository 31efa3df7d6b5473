"""One simulated Windows Server 2019: the public face of the model.

Everything that can differ between two hosts hangs on :class:`Host`; what they have in
common is shared and immutable, so that a host costs microseconds to make and a reset is
a handful of assignments.
"""

from __future__ import annotations

import hashlib
import re
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from fakes.clock import Clock
from fakes.notsimulated import NotSimulatedLog
from fakes.windows.model import event_noise, file_template, registry_template
from fakes.windows.model.event_logs import EventLogs
from fakes.windows.model.files import FileSystem, Volume
from fakes.windows.model.network import Network, Unplugged
from fakes.windows.model.processes import Processes
from fakes.windows.model.registry import Registry
from fakes.windows.model.services import Services
from fakes.windows.model.users import User, Users
from fakes.windows.model.vss import Vss
from fakes.windows.model.win32 import Win32Error

_ENVIRONMENT = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
_PERCENT = re.compile(r"%([^%]+)%")
GIB = 1024**3


class Host:
    """A simulated host. Make one with :meth:`server_2019`.

    Attributes:
        name: Computer name, NetBIOS upper case.
        clock: The world's virtual clock; the host's time zone is UTC, as on Azure.
        not_simulated: Where refusals are recorded.
        network: What its wire can do.
        lock: Held by every call that changes more than one part.
        seed: Decides all that is random about the host.
        registry: Registry; the one source of every configuration.
        files: File system.
        users: Local accounts.
        processes: Process table.
        event_logs: Event logs.
        services: Service control manager.
        vss: Volume shadow copies.
        boot_time: When it last started (UTC).
        restarts: How often it was restarted since it was made; a shell that outlived a
            restart sees the number change.
    """

    def __init__(
        self,
        name: str,
        *,
        clock: Clock,
        not_simulated: NotSimulatedLog | None,
        network: Network | None,
        seed: int,
    ) -> None:
        tree, fixtures = registry_template.template()
        self.name = name.upper()
        self.clock = clock
        self.not_simulated = not_simulated if not_simulated is not None else NotSimulatedLog()
        self.network: Network = network if network is not None else Unplugged()
        self.lock = threading.RLock()
        self.seed = seed
        self.restarts = 0
        self.boot_time = clock.now() - timedelta(minutes=20 + seed % 40)
        self.guids = 0
        self._environment: tuple[Any, dict[str, str]] | None = None
        self.registry = Registry(tree, lock=self.lock)
        self.files = FileSystem(file_template.template(), self._volumes(), clock.now, self.lock)
        self.users = Users(self.name, self._machine_sid())
        self.users.added.append(self._make_profile)
        self.processes = Processes(seed)
        self.event_logs = EventLogs(clock.now, self._noise, event_noise.lengths(seed))
        self.services = Services(self, fixtures)
        self.vss = Vss(self)
        self.restarted: list[Callable[[], None]] = []
        """Called after every restart."""

    @classmethod
    def server_2019(
        cls,
        name: str,
        *,
        clock: Clock,
        not_simulated: NotSimulatedLog | None = None,
        network: Network | None = None,
        seed: int = 0,
    ) -> Host:
        """Return a freshly started Windows Server 2019 Datacenter (10.0.17763) on Azure.

        Args:
            name: Computer name, at most 15 characters.
            clock: The world's clock.
            not_simulated: Where refusals are recorded; one of its own when left out.
            network: What its wire can do; unplugged when left out.
            seed: Decides ids, serial numbers and the past in the event logs.

        Raises:
            ValueError: The name is no NetBIOS computer name.
        """
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,14}", name):
            raise ValueError(f"{name!r} is no computer name: 1 to 15 letters, digits and dashes")
        host = cls(name, clock=clock, not_simulated=not_simulated, network=network, seed=seed)
        services, processes, vss = _booted()
        host.services.restore(services)
        host.processes.restore(processes)
        host.processes.shift(host.boot_time)
        host.vss.restore(vss)
        host.vss.renew_instances()
        host.name_itself()
        host.mark_baseline()
        return host

    # -- small facts -------------------------------------------------------------
    @property
    def environment(self) -> dict[str, str]:
        """The machine's environment, expanded; variables that a program starts with."""
        key = self.registry.open(_ENVIRONMENT)
        if self._environment is None or self._environment[0] is not key:
            self._environment = (
                key,
                self._read_environment({v.name: str(v.data) for v in key.values.values()}),
            )
        return dict(self._environment[1])

    def expand(self, text: str) -> str:
        """Return ``text`` with every %VARIABLE% of the machine's environment replaced."""
        lower = {name.lower(): value for name, value in self.environment.items()}
        return _PERCENT.sub(lambda m: lower.get(m[1].lower(), m[0]), text)

    def new_guid(self) -> str:
        """Return the next GUID of this host, lower case without braces; the seed decides it."""
        self.guids += 1
        digest = hashlib.sha256(f"{self.seed}:{self.name}:{self.guids}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))

    def now(self) -> datetime:
        """Return the host's local time, which is UTC."""
        return self.clock.now()

    def sleep(self, seconds: float, stop: threading.Event | None = None) -> None:
        """Let virtual time pass for a program that waits; costs no real time.

        Args:
            seconds: Virtual seconds.
            stop: The program's; when it is set, no time passes.
        """
        if seconds > 0 and not (stop is not None and stop.is_set()):
            self.clock.advance(seconds)

    # -- whole states --------------------------------------------------------------
    def dump(self) -> dict[str, Any]:
        """Return the whole state as JSON-able data in a stable order; see :mod:`fakes.windows.model.snapshot`."""
        from fakes.windows.model import snapshot

        with self.lock:
            return snapshot.dump(self)

    def load(self, state: dict[str, Any]) -> None:
        """Bring the host into a state that :meth:`dump` returned.

        Raises:
            ValueError: The data is no such state.
        """
        from fakes.windows.model import snapshot

        with self.lock:
            snapshot.load(self, state)

    def checkpoint(self) -> tuple[Any, ...]:
        """Return a handle of the state now, for :meth:`restore`; costs microseconds."""
        with self.lock:
            return (
                self.registry.root, self.files.root, self.users.state(), self.processes.state(),
                self.event_logs.state(), self.services.state(), self.vss.state(), self.boot_time, self.guids,
            )  # fmt: skip

    def restore(self, checkpoint: tuple[Any, ...]) -> None:
        """Go back to a :meth:`checkpoint` of this host. The clock does not go back."""
        with self.lock:
            self.registry.root, self.files.root = checkpoint[0], checkpoint[1]
            self.users.restore(checkpoint[2])
            self.processes.restore(checkpoint[3])
            self.event_logs.restore(checkpoint[4])
            self.services.restore(checkpoint[5])
            self.vss.restore(checkpoint[6])
            self.boot_time, self.guids = checkpoint[7], checkpoint[8]

    def mark_baseline(self) -> None:
        """Make the state now the one :meth:`reset` goes back to."""
        self._baseline = self.checkpoint()

    def reset(self) -> None:
        """Go back to the state at construction, or at the last :meth:`mark_baseline`."""
        self.restore(self._baseline)

    def restart(self) -> None:
        """Restart the machine: every process ends, the start-up sequence runs.

        Services start as their start types say, failed writers start anew, the registry
        and the files stay. Writes the events of a planned shutdown and a start.
        """
        with self.lock:
            write = self.event_logs.write
            write("System", "EventLog", 6006, "Information", "The Event log service was stopped.")
            self.boot_time = self.clock.now()
            self.restarts += 1
            self.processes.boot(self.boot_time)
            self.vss.boot()
            self.services.boot()
            text = (
                f"The operating system started at system time {self.boot_time:%Y-%m-%dT%H:%M:%S}.500000000Z."
            )
            write("System", "Microsoft-Windows-Kernel-General", 12, "Information", text, keywords="")
            text = "Microsoft (R) Windows (R) 10.00. 17763  Multiprocessor Free."
            write("System", "EventLog", 6009, "Information", text)
            write("System", "EventLog", 6005, "Information", "The Event log service was started.")
            write("System", "EventLog", 6013, "Information", "The system uptime is 8 seconds.")
        for callback in self.restarted:
            callback()

    def inject(self, change: dict[str, Any]) -> None:
        """Change the state as a scenario's ``simulated:`` says; see :mod:`fakes.windows.model.inject`.

        Raises:
            ValueError: One clear line that says what is wrong and names what comes nearest.
        """
        from fakes.windows.model import inject

        with self.lock:
            inject.apply(self, change)

    # -- private -------------------------------------------------------------------
    def boot(self) -> None:
        """Run the start-up sequence without leaving a trace; for the template every host starts from."""
        self.processes.boot(self.boot_time)
        self.services.boot()

    def _noise(self, log: str, count: int) -> list[Any]:
        return event_noise.make(log, count, seed=self.seed, computer=self.name, end=self._born)

    def _make_profile(self, user: User) -> None:
        """Give a new account the directories and the hive that its first logon would make."""
        home = f"C:\\Users\\{user.name}"
        for below in (r"AppData\Local\Temp", r"AppData\Roaming", "Desktop", "Documents", "Downloads"):
            if not self.files.exists(f"{home}\\{below}"):
                self.files.mkdir(f"{home}\\{below}", parents=True)
        self.files.change(f"{home}\\AppData", attributes="H")
        self.registry.create(rf"HKU\{user.sid}\Software\Microsoft\Windows\CurrentVersion\Run")
        self.registry.create(rf"HKU\{user.sid}\Environment")
        profiles = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList"
        self.registry.set(rf"{profiles}\{user.sid}", "ProfileImagePath", "REG_EXPAND_SZ", home)

    def name_itself(self) -> None:
        """Write the computer's name where Windows keeps it; part of making a host."""
        self._born = self.clock.now()
        control = r"HKLM\SYSTEM\CurrentControlSet\Control\ComputerName"
        for key in (rf"{control}\ComputerName", rf"{control}\ActiveComputerName"):
            self.registry.set(key, "ComputerName", "REG_SZ", self.name)
        parameters = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
        self.registry.set(parameters, "Hostname", "REG_SZ", self.name.lower())
        self.registry.set(parameters, "NV Hostname", "REG_SZ", self.name.lower())

    def _read_environment(self, raw: dict[str, str]) -> dict[str, str]:
        fixed = {
            "SystemDrive": "C:", "SystemRoot": r"C:\Windows", "ProgramData": r"C:\ProgramData",
            "ALLUSERSPROFILE": r"C:\ProgramData", "ProgramFiles": r"C:\Program Files",
            "ProgramFiles(x86)": r"C:\Program Files (x86)", "ProgramW6432": r"C:\Program Files",
            "CommonProgramFiles": r"C:\Program Files\Common Files",
            "CommonProgramFiles(x86)": r"C:\Program Files (x86)\Common Files",
            "CommonProgramW6432": r"C:\Program Files\Common Files", "PUBLIC": r"C:\Users\Public",
            "COMPUTERNAME": self.name,
        }  # fmt: skip
        lower = {name.lower(): value for name, value in (fixed | raw).items()}

        def expanded(text: str) -> str:
            return _PERCENT.sub(lambda m: lower.get(m[1].lower(), m[0]), text)

        return fixed | {name: expanded(value) for name, value in raw.items()}

    def _machine_sid(self) -> str:
        digest = hashlib.sha256(f"{self.seed}:{self.name}:sid".encode()).digest()
        return "S-1-5-21-" + "-".join(str(int.from_bytes(digest[i : i + 4])) for i in (0, 4, 8))

    def _volumes(self) -> dict[str, Volume]:
        digest = hashlib.sha256(f"{self.seed}:{self.name}:volumes".encode()).hexdigest()
        guids = [str(uuid.UUID(digest[i : i + 32], version=4)) for i in (0, 16)]
        serials = [f"{digest[i : i + 4]}-{digest[i + 4 : i + 8]}".upper() for i in (32, 40)]
        return {
            "c:": Volume("C:", "Windows", serials[0], guids[0], 127 * GIB - 512 * 1024**2, 112 * GIB),
            "d:": Volume("D:", "Temporary Storage", serials[1], guids[1], 16 * GIB, 13 * GIB),
        }


@cache
def _booted() -> tuple[Any, Any, Any]:
    """Start one machine up and return the states every host begins with."""
    clock = Clock(start=datetime(2019, 1, 1, tzinfo=UTC))
    host = Host("TEMPLATE", clock=clock, not_simulated=None, network=None, seed=0)
    host.name_itself()
    host.boot()
    return host.services.state(), host.processes.state(), host.vss.state()


__all__ = ["Host", "Win32Error"]
