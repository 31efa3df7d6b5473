"""What an image is made of; its tag is a hash of that, so that a change rebuilds it."""

from __future__ import annotations

import functools
import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

REPOSITORY = "azure-vm-backup-lab"
SUITE = "bookworm"
BASE_IMAGE = f"debian:{SUITE}-slim"
IGNORED = {"__pycache__"}


@dataclass(frozen=True)
class Definition:
    """One image of the lab.

    Attributes:
        name: ``guest`` or ``gateway``.
        folder: The build context: a Dockerfile and the files that it copies.
    """

    name: str
    folder: Path

    def files(self) -> Iterator[tuple[PurePosixPath, bytes]]:
        """Yield path inside the context and content of each file, in a stable order."""
        for path in sorted(self.folder.rglob("*")):
            inside = path.relative_to(self.folder)
            if path.is_file() and not IGNORED & set(inside.parts):
                yield PurePosixPath(inside.as_posix()), path.read_bytes()

    @functools.cached_property
    def digest(self) -> str:
        """Hash over every input of the build, 12 hex digits."""
        total = hashlib.sha256(BASE_IMAGE.encode())
        for path, content in self.files():
            total.update(f"\0{path}\0{len(content)}\0".encode())
            total.update(content)
        return total.hexdigest()[:12]

    @property
    def tag(self) -> str:
        """Full image name, ``azure-vm-backup-lab/guest:<digest>``."""
        return f"{REPOSITORY}/{self.name}:{self.digest}"

    def context(self, extra: Mapping[str, bytes]) -> bytes:
        """Return the build context as a tar archive, the same bytes for the same files.

        Args:
            extra: More files by path; a path that ends in ``/`` is an empty folder.
        """
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            entries = [(str(path), content) for path, content in self.files()]
            for path, content in sorted([*entries, *extra.items()]):
                info = tarfile.TarInfo(path.rstrip("/"))
                if path.endswith("/"):
                    info.type, info.mode = tarfile.DIRTYPE, 0o755
                    archive.addfile(info)
                    continue
                info.size = len(content)
                info.mode = 0o755 if content.startswith(b"#!") else 0o644
                archive.addfile(info, io.BytesIO(content))
        return buffer.getvalue()


_HERE = Path(__file__).parent
DEFINITIONS: dict[str, Definition] = {name: Definition(name, _HERE / name) for name in ("gateway", "guest")}
