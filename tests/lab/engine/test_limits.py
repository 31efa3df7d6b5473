from __future__ import annotations

import signal
import threading
import time

import pytest

from lab.engine import limits
from lab.errors import PhaseTimeout


def test_a_step_gets_what_is_left():
    deadline = limits.Deadline("detect", 10)
    assert deadline.left(3) == 3
    assert 9 < deadline.left() <= 10


def test_nothing_left_is_a_time_out():
    with pytest.raises(PhaseTimeout, match="detect took longer than its limit of 0 s"):
        limits.Deadline("detect", 0).left()


def test_the_alarm_cuts_off_a_step_that_hangs(monkeypatch):
    monkeypatch.setattr(limits, "GRACE", 0.05)
    with pytest.raises(PhaseTimeout, match="inject took longer"), limits.limited("inject", 0.05):
        threading.Event().wait(5)


def test_the_alarm_of_somebody_else_still_rings():
    rang = threading.Event()
    previous = signal.signal(signal.SIGALRM, lambda *_: rang.set())
    signal.setitimer(signal.ITIMER_REAL, 0.15)
    try:
        with limits.limited("inject", 60):
            pass
        end = time.monotonic() + 2
        while not rang.is_set() and time.monotonic() < end:
            threading.Event().wait(0.01)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert rang.is_set()


def test_other_threads_have_a_deadline_without_an_alarm():
    seen = []

    def work():
        with limits.limited("inject", 5) as deadline:
            seen.append(deadline.left() > 4)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [True]
