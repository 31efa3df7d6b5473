"""The Volume Shadow Copy Service: writers, providers, shadow copies.

A writer exists while the service it lives in runs; the writers inside VSS itself are
there as soon as somebody asks, because asking starts the VSS service (a demand start).
A writer that failed keeps its state until the service it lives in starts anew: neither
time nor another attempt mends it (MicrosoftDocs/win32, desktop-src/VSS/writers.md and
"Overview of Processing a Backup Under VSS").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from fakes.windows.model.files import Volume
from fakes.windows.model.vss_writers import BY_NAME, LAST_ERRORS, MEANINGS, WRITERS, Writer, WriterState
from fakes.windows.model.win32 import Win32Error

if TYPE_CHECKING:
    from fakes.windows.model.host import Host

PROVIDERS = r"HKLM\SYSTEM\CurrentControlSet\Services\VSS\Providers"
SOFTWARE_PROVIDER = "b5946137-7b9f-4925-af80-51abd60b20d5"

# HRESULTs of vsserror.h that a requester meets.
E_UNEXPECTED = 0x80042302
E_VOLUME_NOT_SUPPORTED = 0x8004230C
E_INSUFFICIENT_STORAGE = 0x8004231F
E_WRITER_ERROR = 0x80042336
E_OBJECT_NOT_FOUND = 0x80042308
MAX_SHADOW_COPIES = 64  # ClientAccessible copies a volume may have
_MINIMUM_STORAGE = 320 * 1024**2


class VssError(Exception):
    """A VSS call failed.

    Attributes:
        hresult: For example 0x80070422 when the service is disabled.
        writer: The writer that failed, if one did.
    """

    def __init__(self, hresult: int, writer: str = "") -> None:
        super().__init__(f"0x{hresult:08x}")
        self.hresult = hresult
        self.writer = writer


@dataclass(frozen=True, slots=True)
class WriterStatus:
    """A writer as ``vssadmin list writers`` shows it.

    Attributes:
        writer: Who it is.
        instance: Its instance id.
        state: Its state after the last call.
        last_error: One of :data:`~fakes.windows.model.vss_writers.LAST_ERRORS`.
        wedged: Its process is broken: it fails in the same way whenever it is called.
    """

    writer: Writer
    instance: str
    state: WriterState = WriterState.STABLE
    last_error: str = "No error"
    wedged: bool = False


@dataclass(frozen=True, slots=True)
class ShadowCopy:
    """One shadow copy of one volume."""

    id: str
    set_id: str
    volume: Volume
    device: str
    created: datetime
    context: str
    provider: str = SOFTWARE_PROVIDER


@dataclass(frozen=True, slots=True)
class Provider:
    """A registered provider."""

    id: str
    name: str
    type: str
    version: str


@dataclass(frozen=True, slots=True)
class Storage:
    """A shadow copy storage association: sizes in bytes, maximum 0 for unbounded."""

    volume: Volume
    on: Volume
    used: int
    allocated: int
    maximum: int


class Vss:
    """The service's view of one host; call it as a requester would.

    Args:
        host: Whose.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._writers: dict[str, WriterStatus] = {}
        self._shadows: tuple[ShadowCopy, ...] = ()
        self._maximum: dict[str, int] = {}
        self._devices = 0
        host.services.observers.append(self._service_changed)

    # -- what a requester asks -------------------------------------------------
    def writers(self) -> list[WriterStatus]:
        """Gather the writers' state, starting the VSS service as that does.

        Returns:
            In vssadmin's order.

        Raises:
            VssError: The VSS service or one it needs does not start.
        """
        with self._host.lock:
            self._activate()
            return [self._writers[w.name] for w in WRITERS if w.name in self._writers]

    def peek(self) -> list[WriterStatus]:
        """Return the writers that live now, without asking (and so without starting anything)."""
        return [self._writers[w.name] for w in WRITERS if w.name in self._writers]

    def providers(self) -> list[Provider]:
        """Return the registered providers, as the registry lists them.

        Raises:
            VssError: The VSS service does not start.
        """
        with self._host.lock:
            self._activate()
            root = self._host.registry.find(PROVIDERS)
            found = []
            for key in root.subkeys() if root else []:
                kinds = {1: "System", 2: "Software", 3: "Hardware", 4: "Fileshare"}
                kind = kinds.get(int(key.get("Type", 0)), "Unknown")
                found.append(
                    Provider(key.name.strip("{}"), str(key.get("", "")), kind, str(key.get("Version", "")))
                )
            return found

    def volumes(self) -> list[Volume]:
        """Return the volumes that shadow copies can be made of.

        Raises:
            VssError: The VSS service or the provider does not start.
        """
        with self._host.lock:
            self._activate(provider=True)
            return list(self._host.files.volumes.values())

    def shadows(self) -> list[ShadowCopy]:
        """Return the shadow copies, oldest first; raises as :meth:`volumes` does."""
        with self._host.lock:
            self._activate(provider=True)
            return list(self._shadows)

    def storage(self) -> list[Storage]:
        """Return the storage associations; raises as :meth:`volumes` does."""
        with self._host.lock:
            self._activate(provider=True)
            found = []
            for letter, volume in self._host.files.volumes.items():
                count = sum(1 for shadow in self._shadows if shadow.volume.letter == volume.letter)
                if count or letter in self._maximum:
                    maximum = self._maximum.get(letter, volume.size // 10)
                    used = 18 * 1024**2 * count
                    found.append(Storage(volume, volume, used, _MINIMUM_STORAGE * min(count, 1), maximum))
            return found

    def create(self, volumes: list[Volume], context: str = "ClientAccessible") -> list[ShadowCopy]:
        """Make one shadow copy set.

        Args:
            volumes: What to copy.
            context: ``ClientAccessible`` calls no writers (so do vssadmin and WMI);
                ``Backup`` and ``AppRollback`` call every writer.

        Raises:
            VssError: A service does not start, a writer failed (the set is given up), or
                the volume holds as many copies as it may.
        """
        with self._host.lock:
            self._activate(provider=True)
            for volume in volumes:
                held = sum(1 for shadow in self._shadows if shadow.volume == volume)
                if held >= MAX_SHADOW_COPIES:
                    raise VssError(0x80042317)
            if context != "ClientAccessible":
                self._call_writers()
            set_id, made = self._host.new_guid(), []
            for volume in volumes:
                self._devices += 1
                device = f"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy{self._devices}"
                now = self._host.clock.now()
                made.append(ShadowCopy(self._host.new_guid(), set_id, volume, device, now, context))
            self._shadows += tuple(made)
            return made

    def delete(self, shadow_ids: list[str]) -> int:
        """Delete shadow copies by id and return how many there were; raises as :meth:`volumes` does."""
        with self._host.lock:
            self._activate(provider=True)
            wanted = {shadow_id.lower().strip("{}") for shadow_id in shadow_ids}
            kept = tuple(shadow for shadow in self._shadows if shadow.id not in wanted)
            gone = len(self._shadows) - len(kept)
            self._shadows = kept
            return gone

    def resize_storage(self, volume: Volume, maximum: int) -> None:
        """Set an association's maximum in bytes (0: unbounded).

        Raises:
            VssError: Less than the 320 MB the provider needs.
        """
        if 0 < maximum < _MINIMUM_STORAGE:
            raise VssError(E_INSUFFICIENT_STORAGE)
        self._maximum[volume.letter.lower()] = maximum

    # -- what befalls a writer ---------------------------------------------------
    def wedge(self, name: str, state: WriterState, last_error: str) -> None:
        """Leave a living writer in ``state``; a failed one goes on failing until its service starts anew.

        Raises:
            KeyError: No such writer lives on this host now.
        """
        with self._host.lock:
            writer = BY_NAME[name.lower()]
            if writer.service == "VSS":
                self._activate()
            status = self._writers[writer.name]
            self._writers[writer.name] = replace(
                status, state=state, last_error=last_error, wedged=state.failed
            )
            if state.failed:
                self._log_rejected(writer, last_error, state)

    def boot(self) -> None:
        """Forget every writer: the machine starts anew."""
        self._writers = {}

    def renew_instances(self) -> None:
        """Give the writers instance ids of this host's own."""
        for name, status in self._writers.items():
            if not status.writer.instance:
                self._writers[name] = replace(status, instance=self._host.new_guid())

    # -- saving ------------------------------------------------------------------
    def state(self) -> tuple[dict[str, WriterStatus], tuple[ShadowCopy, ...], dict[str, int], int]:
        """Return what :meth:`restore` takes back."""
        return dict(self._writers), self._shadows, dict(self._maximum), self._devices

    def restore(
        self, state: tuple[dict[str, WriterStatus], tuple[ShadowCopy, ...], dict[str, int], int]
    ) -> None:
        """Go back to an earlier :meth:`state`."""
        writers, self._shadows, maximum, self._devices = state
        self._writers, self._maximum = dict(writers), dict(maximum)

    # -- private -------------------------------------------------------------------
    def _activate(self, *, provider: bool = False) -> None:
        """Start what a requester's first call starts: COM+ events, VSS and the provider."""
        for name in ("EventSystem", "VSS", *(("swprv",) if provider else ())):
            try:
                service = self._host.services.get(name)
                if not service.running:
                    self._host.services.start(service.name)
            except Win32Error as error:
                self._log_unavailable(name, error)
                raise VssError(0x80070000 | error.code) from error

    def _service_changed(self, name: str, started: bool) -> None:
        for writer in WRITERS:
            if writer.service.lower() == name.lower():
                if started:
                    instance = writer.instance or self._host.new_guid()
                    self._writers[writer.name] = WriterStatus(writer, instance)
                else:
                    self._writers.pop(writer.name, None)

    def _call_writers(self) -> None:
        """Walk every writer through PrepareForSnapshot, Freeze, Thaw and PostSnapshot.

        A healthy writer ends Stable again, because our requesters report BackupComplete.
        The others are thawed when one fails: they wait for completion in vain and the
        next attempt finds them Stable.
        """
        broken = [status for status in self.peek() if status.wedged]
        for status in self.peek():
            if not status.wedged:
                self._writers[status.writer.name] = replace(
                    status, state=WriterState.STABLE, last_error="No error"
                )
        if broken:
            for status in broken:
                self._log_rejected(status.writer, status.last_error, status.state)
            raise VssError(E_WRITER_ERROR, broken[0].writer.name)

    # -- events: texts of the VSS message table (vssmsg/vssvc.exe) ---------------------
    def _log_rejected(self, writer: Writer, last_error: str, state: WriterState) -> None:
        code = LAST_ERRORS[last_error]
        if not code:
            return
        names = {8: "PrepareForSnapshot", 9: "Freeze", 10: "Thaw", 11: "PostSnapshot", 7: "PrepareForBackup"}
        operation = names.get(int(state), "PrepareForSnapshot")
        text = (
            f"A VSS writer has rejected an event with error 0x{code:08x}, {MEANINGS[code]}\n. Changes that the writer "
            "made to the writer components while handling the event will not be available to the requester. Check the "
            "event log for related events from the application hosting the VSS writer. \n\nOperation:\n   "
            f"{operation} Event\n\nContext:\n   Execution Context: Writer\n   Writer Class Id: {{{writer.id}}}\n   "
            f"Writer Name: {writer.name}"
        )
        self._host.event_logs.write("Application", "VSS", 8229, "Warning", text, data=[f"0x{code:08x}"])

    def _log_unavailable(self, name: str, error: Win32Error) -> None:
        hresult = 0x80070000 | error.code
        text = (
            f"Volume Shadow Copy Service error: Unexpected error calling routine CoCreateInstance.  hr = "
            f"0x{hresult:08x}, {error}\n. \n\nOperation:\n   Instantiating VSS server"
        )
        data = ["CoCreateInstance", f"0x{hresult:08x}, {error}", name]
        self._host.event_logs.write("Application", "VSS", 8193, "Error", text, data=data)
