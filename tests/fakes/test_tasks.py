from __future__ import annotations

import asyncio

from fakes.tasks import BackgroundTasks


def test_settling_awaits_what_is_started_meanwhile():
    done = []

    async def main():
        tasks = BackgroundTasks()

        async def last():
            await asyncio.sleep(0)
            done.append("last")

        async def first():
            await asyncio.sleep(0)
            done.append("first")
            tasks.start(last())

        tasks.start(first())
        await tasks.settle()

    asyncio.run(main())
    assert done == ["first", "last"]


def test_closing_cancels_what_would_never_end():
    ended = []

    async def main():
        tasks = BackgroundTasks()

        async def forever():
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        tasks.start(forever())
        await asyncio.sleep(0)
        await tasks.close()
        await tasks.settle()

    asyncio.run(main())
    assert ended == [True]
