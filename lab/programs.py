"""The programs of ``fakes`` that the lab starts: all that it knows of that package.

Everything else goes through their network interfaces. ``tests/test_architecture.py`` holds
every other module of the lab to that.
"""

from __future__ import annotations

import sys

FABRIC = (sys.executable, "-m", "fakes.fabric")
"""The one process that stands for Azure; told what to be on its standard input."""

STORAGE_SETUP = (sys.executable, "-m", "fakes.storage.install")
"""Fetches the storage emulator; says on standard error how far it is, then prints its folder."""
