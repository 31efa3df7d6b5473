"""Freeze file systems for the moment of a snapshot, and make sure that they thaw.

Only file systems on loop and zram devices are ever frozen: in a container every other
mount may be the host's own disk, and freezing that would stop the host. The device behind
the opened mount point decides, not what a table says of it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import logging
import os
import select
import signal
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

FIFREEZE = 0xC0045877  # linux/fs.h: _IOWR('X', 119, int)
FITHAW = 0xC0045878  # linux/fs.h: _IOWR('X', 120, int)
LIMIT_SECONDS = 60.0
"""Longest freeze; the published extension's ``SafeFreezeWaitInSeconds`` is 60 by default."""

LAB_DEVICES = ("loop", "zram")
log = logging.getLogger("vmsnapshot")


class NotLabDevice(Exception):
    """The mount point is not on a device that may be frozen."""


class FreezeFailed(Exception):
    """A file system could not be frozen; none is frozen now."""


class FreezeTooLong(Exception):
    """A file system was thawed before its time: the snapshot is not consistent."""


@dataclass(frozen=True)
class Mount:
    """A mount point and the number of the device behind it."""

    point: str
    device: tuple[int, int]


def device_name(device: tuple[int, int]) -> str:
    """Return the kernel's name of a block device (``loop0``); empty when it is none."""
    try:
        return Path(f"/sys/dev/block/{device[0]}:{device[1]}").readlink().name
    except OSError:
        return ""


def is_lab_device(device: tuple[int, int]) -> bool:
    """Tell whether a device may be frozen: a loop or zram device, by number and by name."""
    majors = set()
    for line in Path("/proc/devices").read_text(encoding="utf-8").partition("Block devices:")[2].splitlines():
        number, _, name = line.strip().partition(" ")
        if name in LAB_DEVICES:
            majors.add(int(number))
    return device[0] in majors and device_name(device).rstrip("0123456789") in LAB_DEVICES


def read_mounts(mountinfo: Path = Path("/proc/self/mountinfo")) -> list[Mount]:
    """Return all mounts, in the order in which they were made (proc(5), mountinfo)."""
    mounts = []
    for line in mountinfo.read_text(encoding="utf-8").splitlines():
        fields = line.split(" ")
        major, minor = map(int, fields[2].split(":"))
        point = fields[4].encode().decode("unicode_escape")  # \040 stands for a blank
        mounts.append(Mount(point, (major, minor)))
    return mounts


def to_freeze(mounts: list[Mount]) -> list[Mount]:
    """Return the mounts to freeze, the last mounted first; each device once."""
    chosen: dict[tuple[int, int], Mount] = {}
    for mount in reversed(mounts):
        if is_lab_device(mount.device):
            chosen.setdefault(mount.device, mount)
    return list(chosen.values())


def open_lab_mount(point: str) -> int:
    """Open a mount point for freezing.

    Raises:
        NotLabDevice: What is mounted there is not on a device of the lab.
        OSError: It cannot be opened.
    """
    descriptor = os.open(point, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    number = os.fstat(descriptor).st_dev
    device = (os.major(number), os.minor(number))
    if not is_lab_device(device):
        os.close(descriptor)
        raise NotLabDevice(
            f"{point} is on device {device[0]}:{device[1]} ({device_name(device) or 'no block device'})"
        )
    return descriptor


def _thaw(descriptor: int) -> bool:
    """Thaw a file system; ``False`` when it was not frozen."""
    try:
        fcntl.ioctl(descriptor, FITHAW, 0)
    except OSError as error:
        if error.errno == errno.EINVAL:
            return False
        raise
    return True


class Frozen:
    """File systems frozen for as long as the context lasts.

    Before the first freeze a watchdog is forked. It thaws everything when the time is up,
    when this process dies, and when systemd stops the agent (which signals us all).

    Args:
        points: Mount points on devices of the lab.
        state_file: Keeps what is frozen, for the next start after a sudden end.
        limit: Seconds after which the watchdog thaws.
    """

    def __init__(self, points: list[str], state_file: Path, limit: float = LIMIT_SECONDS) -> None:
        self._points = points
        self._state_file = state_file
        self._limit = limit
        self._open: dict[str, int] = {}
        self._frozen: list[str] = []
        self._lifeline = -1
        self._watchdog = 0

    def __enter__(self) -> Frozen:  # noqa: PYI034 - typing.Self needs Python 3.11
        if not self._points:
            return self
        for point in self._points:
            try:
                self._open[point] = open_lab_mount(point)
            except OSError as error:
                self._close()
                raise FreezeFailed(f"{point} cannot be opened: {error.strerror}") from error
        self._state_file.write_text(json.dumps(self._points), encoding="utf-8")
        self._start_watchdog()
        for point, descriptor in self._open.items():
            try:
                fcntl.ioctl(descriptor, FIFREEZE, 0)
            except OSError as error:
                log.error("freezing %s: %s", point, error.strerror)  # noqa: TRY400 - the words suffice
                self._thaw_all()
                raise FreezeFailed(f"{point} cannot be frozen: {error.strerror}") from error
            self._frozen.append(point)
        log.info("frozen: %s", ", ".join(self._frozen))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        early = self._thaw_all()
        if early and kind is None:
            raise FreezeTooLong(f"{', '.join(early)}: thawed before the snapshots were taken")

    def _start_watchdog(self) -> None:
        read, self._lifeline = os.pipe()
        self._watchdog = os.fork()
        if self._watchdog == 0:
            os.close(self._lifeline)
            _watch(read, list(self._open.values()), self._limit)
        os.close(read)

    def _thaw_all(self) -> list[str]:
        """Thaw what was frozen here, newest first; return what somebody else had thawed."""
        early = [point for point in reversed(self._frozen) if not _thaw(self._open[point])]
        if self._frozen:
            log.info("thawed: %s", ", ".join(self._frozen))
        self._frozen.clear()
        if self._watchdog:
            with contextlib.suppress(BrokenPipeError):  # it has thawed already, and ended
                os.write(self._lifeline, b"thawed")
            os.close(self._lifeline)
            os.waitpid(self._watchdog, 0)
            self._watchdog = 0
        self._state_file.unlink(missing_ok=True)
        self._close()
        return early

    def _close(self) -> None:
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()


def _watch(lifeline: int, descriptors: list[int], limit: float) -> None:
    """Body of the watchdog process; never returns."""
    try:
        wake, wakened = os.pipe()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: os.write(wakened, b"s"))
        ready, _, _ = select.select([lifeline, wake], [], [], limit)
        if lifeline not in ready or not os.read(lifeline, 16):
            for descriptor in reversed(descriptors):
                with contextlib.suppress(OSError):  # the others must thaw whatever one says
                    _thaw(descriptor)
    finally:
        os._exit(0)


def thaw_left_over(state_file: Path) -> list[str]:
    """Thaw what a run that was killed left frozen; return those mount points."""
    try:
        points = json.loads(state_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    thawed = []
    for point in points:
        try:
            descriptor = open_lab_mount(point)
        except (OSError, NotLabDevice) as error:
            log.warning("left over from an earlier run: %s", error)
            continue
        if _thaw(descriptor):
            thawed.append(point)
            log.warning("%s was left frozen by an earlier run: thawed", point)
        os.close(descriptor)
    state_file.unlink(missing_ok=True)
    return thawed
