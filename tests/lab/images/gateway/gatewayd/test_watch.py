from __future__ import annotations

import asyncio

import pytest

from lab.images.gateway.gatewayd import watch
from lab.images.gateway.gatewayd.watch import FolderWatch


@pytest.fixture
def never_look_again(monkeypatch):
    monkeypatch.setattr(watch, "RECHECK_SECONDS", 600)


@pytest.mark.usefixtures("never_look_again")
def test_a_replaced_file_wakes_at_once(tmp_path):
    async def scenario():
        folder = FolderWatch(tmp_path)
        waiting = asyncio.create_task(folder.changed())
        await asyncio.sleep(0.02)
        assert not waiting.done()
        (tmp_path / "new").write_text("x")
        (tmp_path / "new").replace(tmp_path / "ruleset.nft")
        await asyncio.wait_for(waiting, 10)
        folder.close()

    asyncio.run(scenario())


@pytest.mark.usefixtures("never_look_again")
def test_a_change_between_two_waits_is_not_missed(tmp_path):
    async def scenario():
        folder = FolderWatch(tmp_path)
        (tmp_path / "x").write_text("1")
        await asyncio.sleep(0.02)
        await asyncio.wait_for(folder.changed(), 10)
        folder.close()

    asyncio.run(scenario())


def test_without_events_the_user_looks_again_by_himself(tmp_path, monkeypatch):
    monkeypatch.setattr(watch, "RECHECK_SECONDS", 0.05)

    async def scenario():
        folder = FolderWatch(tmp_path)
        await asyncio.wait_for(folder.changed(), 2)
        folder.close()

    asyncio.run(scenario())


def test_a_missing_folder_is_named(tmp_path):
    async def scenario():
        FolderWatch(tmp_path / "none")

    with pytest.raises(FileNotFoundError, match="none"):
        asyncio.run(scenario())
