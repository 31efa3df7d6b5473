from __future__ import annotations

import os
import signal

import pytest

from lab.interrupts import Interrupted, exposed, interruptible, shielded


def kill(signum=signal.SIGTERM):
    os.kill(os.getpid(), signum)


@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_becomes_an_exception_with_the_shells_exit_code(signum, code):
    with pytest.raises(Interrupted) as raised, interruptible(), exposed():
        kill(signum)
    assert raised.value.exit_code == code
    assert isinstance(raised.value, KeyboardInterrupt)


def test_handlers_are_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with interruptible():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_signal_before_the_work_keeps_it_from_beginning():
    done = []

    def work():
        with interruptible():
            kill()
            done.append("set up")
            with exposed():
                done.append("work")

    with pytest.raises(Interrupted):
        work()
    assert done == ["set up"]


def test_a_shield_holds_a_signal_back_until_its_end():
    done = []

    def work():
        with interruptible(), exposed():
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
        with interruptible(), exposed(), shielded():
            with shielded():
                kill()
            done.append("still shielded")

    with pytest.raises(Interrupted):
        work()
    assert done == ["still shielded"]


def test_only_the_first_signal_is_raised():
    done = []

    def work():
        try:
            kill(signal.SIGINT)
        finally:
            kill(signal.SIGINT)
            kill()
            done.append("cleaned up")

    with pytest.raises(Interrupted) as raised, interruptible(), exposed():
        work()
    assert done == ["cleaned up"]
    assert raised.value.exit_code == 130


def test_a_signal_after_the_work_is_raised_once_all_is_cleaned_up():
    done = []

    def work():
        with interruptible():
            with exposed():
                pass
            kill()
            done.append("cleaned up")

    with pytest.raises(Interrupted):
        work()
    assert done == ["cleaned up"]


def test_one_that_was_raised_and_handled_is_not_raised_again():
    with interruptible():
        with pytest.raises(Interrupted), exposed():
            kill()
        kill()


def test_what_came_too_late_may_be_forgotten():
    with interruptible(forgets=True):
        with exposed():
            pass
        kill()


def test_a_block_inside_another_leaves_the_outer_one_as_it_was():
    done = []

    def work():
        with interruptible(), exposed():
            with pytest.raises(Interrupted), interruptible(), exposed():
                kill()
            done.append("inner")
            kill()
            done.append("never")

    with pytest.raises(Interrupted):
        work()
    assert done == ["inner"]


def test_impatience_is_answered(capfd):
    with interruptible(forgets=True), shielded(answer="still at it"):
        kill()
        kill(signal.SIGINT)
    assert capfd.readouterr().err == "still at it\nstill at it\n"
