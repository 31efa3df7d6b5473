"""Our stand-in for VMSnapshotLinux: a handler package that the real guest agent runs."""

from __future__ import annotations

from fakes.extension.linux.package import NAME, build, packages

__all__ = ["NAME", "build", "packages"]
