"""Time that can be waited for without waiting."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from fakes.clock import Clock

START = datetime(2018, 6, 25, 12, tzinfo=UTC)


def test_it_starts_where_it_was_told_and_flows_with_real_time():
    clock = Clock(START)
    first = clock.now()
    assert START <= first < START + timedelta(seconds=5)
    assert clock.now() >= first


def test_advance_moves_the_hands():
    clock = Clock(START)
    clock.advance(3600)
    assert clock.now() >= START + timedelta(hours=1)


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="cannot go back"):
        Clock().advance(-1)


def test_advance_wakes_a_sleeper():
    async def main() -> float:
        clock = Clock(START)
        task = asyncio.create_task(clock.sleep(3600))
        await asyncio.sleep(0)
        await asyncio.to_thread(clock.advance, 3601)
        began = time.monotonic()
        await asyncio.wait_for(task, 5)
        return time.monotonic() - began

    assert asyncio.run(main()) < 1


def test_a_demand_makes_waiting_jump_and_others_keep_their_turn():
    async def main() -> tuple[bool, list[float], float]:
        clock = Clock(START)
        ticks: list[float] = []

        async def tick() -> None:
            while True:
                await clock.sleep(15)
                ticks.append(clock.elapsed())

        ticker = asyncio.create_task(tick())
        await asyncio.sleep(0)
        began = time.monotonic()
        with clock.demand():
            met = await clock.wait_for(lambda: False, timeout=600, poll=30)
        ticker.cancel()
        return met, ticks, time.monotonic() - began

    met, ticks, real = asyncio.run(main())
    assert not met
    assert len(ticks) == pytest.approx(40, abs=1)
    assert real < 2


def test_a_jump_waits_for_work_in_flight():
    async def main() -> list[str]:
        clock = Clock(START)
        seen: list[str] = []
        release = asyncio.Event()

        async def work() -> None:
            with clock.busy():
                await release.wait()
                seen.append("work")

        async def wait() -> None:
            with clock.demand():
                await clock.sleep(60)
                seen.append("slept")

        tasks = [asyncio.create_task(work()), asyncio.create_task(wait())]
        await asyncio.sleep(0.05)
        assert seen == []
        release.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 5)
        return seen

    assert asyncio.run(main()) == ["work", "slept"]


def test_without_a_demand_sleeping_takes_real_time():
    async def main() -> float:
        began = time.monotonic()
        await Clock(START).sleep(0.05)
        return time.monotonic() - began

    assert asyncio.run(main()) >= 0.05


def test_a_finite_rate_speeds_time_up_while_demanded():
    async def main() -> tuple[float, float]:
        clock = Clock(START, rate=100)
        began, before = time.monotonic(), clock.elapsed()
        with clock.demand():
            await clock.sleep(10)
        after = clock.elapsed()
        return time.monotonic() - began, after - before

    real, virtual = asyncio.run(main())
    assert 0.09 <= real < 2
    assert virtual == pytest.approx(real * 100, rel=0.2)


def test_wait_for_sees_the_condition():
    async def main() -> bool:
        clock = Clock(START)
        with clock.demand():
            return await clock.wait_for(lambda: clock.elapsed() > 100, timeout=600, poll=10)

    assert asyncio.run(main())
