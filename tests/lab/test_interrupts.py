from __future__ import annotations

import os
import signal

import pytest

from lab.interrupts import Interrupted, interruptible, shielded


def kill(signum=signal.SIGTERM):
    os.kill(os.getpid(), signum)


@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_becomes_an_exception_with_the_shells_exit_code(signum, code):
    with pytest.raises(Interrupted) as raised, interruptible():
        kill(signum)
    assert raised.value.exit_code == code
    assert isinstance(raised.value, KeyboardInterrupt)


def test_handlers_are_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with interruptible():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_shield_holds_a_signal_back_until_its_end():
    done = []

    def work():
        with interruptible():
            with shielded():
                kill()
                done.append("inside")
            done.append("after")

    with pytest.raises(Interrupted):
        work()
    assert done == ["inside"]


def test_shields_nest():
    done = []

    def work():
        with interruptible(), shielded():
            with shielded():
                kill()
            done.append("still shielded")

    with pytest.raises(Interrupted):
        work()
    assert done == ["still shielded"]


def test_a_shield_may_swallow_what_it_held():
    with interruptible():
        with shielded(swallow=True):
            kill()
        kept = True
    assert kept


def test_impatience_is_answered():
    told = []
    with interruptible(), shielded(swallow=True, on_held=told.append):
        kill()
        kill()
        kill(signal.SIGINT)
    assert told == [signal.SIGTERM, signal.SIGINT]
