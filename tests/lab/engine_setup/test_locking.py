from __future__ import annotations

import os
import subprocess
import sys
import uuid

from lab.engine_setup.locking import exclusive, lock_path

HOLD = """
import sys
from lab.engine_setup.locking import exclusive
with exclusive(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_holder_waits_and_is_told():
    name = f"test-{uuid.uuid4().hex}"
    try:
        with subprocess.Popen(
            [sys.executable, "-c", HOLD, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout.readline() == "held\n"
            # The wait ends when the holder dies, however it dies.
            with exclusive(name, waiting=other.kill):
                assert other.wait(10) != 0
    finally:
        os.unlink(lock_path(name))  # noqa: PTH108


def test_a_free_lock_does_not_wait():
    name = f"test-{uuid.uuid4().hex}"
    waited = []
    try:
        with exclusive(name, waiting=lambda: waited.append(1)):
            pass
        with exclusive(name, waiting=lambda: waited.append(1)):
            pass
    finally:
        os.unlink(lock_path(name))  # noqa: PTH108
    assert waited == []
