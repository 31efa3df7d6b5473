import json
import threading

import pytest

from fakes.arm.store import ResourceStore, diff

ID = "/subscriptions/S/resourceGroups/G/providers/Microsoft.X/things/T"


@pytest.fixture
def store():
    made = ResourceStore()
    made.put(ID, {"type": "Microsoft.X/things", "properties": {"n": 0}}, {"power": "on"})
    return made


def test_ids_compare_in_any_case_and_keep_their_first_casing(store):
    store.put(ID.lower(), {"type": "Microsoft.X/things", "properties": {"n": 1}})
    found = store.get(ID.upper())
    assert (found.id, found.properties, found.state) == (ID, {"n": 1}, {"power": "on"})
    assert [one.id for one in store.list("/SUBSCRIPTIONS/s", "microsoft.x/THINGS")] == [ID]
    assert store.list("/subscriptions/S", "Microsoft.X/others") == []


def test_a_scope_is_no_mere_prefix(store):
    assert store.list("/subscriptions/S/resourceGroups/G") != []
    assert store.list("/subscriptions/S/resourceGroups/GG") == []
    assert store.list("/subscriptions/S/resourceGroups/") != []
    store.put(ID + "2", {"type": "Microsoft.X/things"})
    store.delete(ID)
    assert ID + "2" in store


def test_who_holds_a_body_keeps_reading_what_it_read(store):
    held = store.get(ID)
    with store.edit(ID) as draft:
        draft.properties["n"] = 5
    assert (held.properties["n"], store.get(ID).properties["n"]) == (0, 5)


def test_an_edit_that_fails_changes_nothing(store):
    heard = []
    store.on_change(heard.append)
    with pytest.raises(ZeroDivisionError), store.edit(ID) as draft:
        draft.properties["n"] = 1 / 0
    assert store.get(ID).properties["n"] == 0
    assert heard == []
    with pytest.raises(KeyError), store.edit("/subscriptions/none"):
        pass


def test_observers_hear_of_changes_once_and_not_of_repetitions(store):
    heard = []
    stop = store.on_change(heard.append)
    store.put(ID, {"type": "Microsoft.X/things", "properties": {"n": 0}})  # the same
    store.put(ID, {"type": "Microsoft.X/things", "properties": {"n": 1}})
    store.put(ID + "/parts/p", {})
    store.delete(ID)
    assert heard == [ID, ID + "/parts/p", ID, ID + "/parts/p"]
    assert store.delete(ID) is False
    stop()
    store.put(ID, {})
    assert len(heard) == 4


def test_a_dump_can_be_saved_compared_and_loaded(store):
    before = store.dump()
    assert json.loads(json.dumps(before)) == before
    with store.edit(ID) as draft:
        draft.properties["n"] = 1
        draft.state["power"] = "off"
    store.put(ID + "2", {"a": 1})
    changes = diff(before, store.dump())
    assert changes == {
        f"{ID}:body.properties.n": (0, 1),
        f"{ID}:state.power": ("on", "off"),
        f"{ID}2:": (None, {"body": {"a": 1}, "state": {}}),
    }
    heard = []
    store.on_change(heard.append)
    store.load(before)
    assert store.dump() == before
    assert sorted(heard) == [ID, ID + "2"]


def test_no_update_is_lost_between_threads(store):
    def add():
        for _ in range(200):
            with store.edit(ID) as draft:
                draft.properties["n"] += 1

    threads = [threading.Thread(target=add) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert store.get(ID).properties["n"] == 800
