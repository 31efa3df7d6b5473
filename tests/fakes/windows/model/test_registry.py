from __future__ import annotations

import pytest

from fakes.windows.model.registry import Key, KeyNotFound, Registry, ValueNotFound, check
from fakes.windows.model.win32 import Win32Error


@pytest.fixture
def registry() -> Registry:
    return Registry(Key(""), "S-1-5-21-1-2-3-500")


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("REG_SZ", "text"),
        ("REG_EXPAND_SZ", "%windir%"),
        ("REG_DWORD", 2**32 - 1),
        ("REG_QWORD", 2**64 - 1),
        ("REG_MULTI_SZ", ("a", "b")),
        ("REG_BINARY", b"\x00\xff"),
    ],
)
def test_types_round_trip(registry, type_, data):
    registry.set(r"HKLM\A\B", "V", type_, data)
    found = registry.value(r"HKEY_LOCAL_MACHINE\a\b", "v")
    assert (found.name, found.type, found.data) == ("V", type_, data)


@pytest.mark.parametrize(
    ("type_", "data"), [("REG_DWORD", 2**32), ("REG_SZ", 1), ("REG_BINARY", "x"), ("REG_FOO", "x")]
)
def test_data_that_does_not_fit_is_refused(type_, data):
    with pytest.raises(ValueError, match="REG_"):
        check(type_, data)


def test_names_keep_their_first_case(registry):
    registry.set(r"HKLM\Some\Key", "Value", "REG_SZ", "1")
    registry.set(r"hklm\SOME\KEY", "VALUE", "REG_SZ", "2")
    key = registry.open(r"HKLM\some\key")
    assert (key.name, [value.name for value in key.values.values()]) == ("Key", ["Value"])
    assert key.get("value") == "2"


def test_key_and_value_not_found_differ(registry):
    registry.create(r"HKLM\A")
    with pytest.raises(KeyNotFound):
        registry.value(r"HKLM\B", "x")
    with pytest.raises(ValueNotFound):
        registry.value(r"HKLM\A", "x")
    with pytest.raises(ValueNotFound):
        registry.delete_value(r"HKLM\A", "x")
    with pytest.raises(KeyNotFound):
        registry.delete_key(r"HKLM\B")


def test_a_hive_can_neither_be_misnamed_nor_deleted(registry):
    registry.create(r"HKLM\A")
    with pytest.raises(Win32Error) as caught:
        registry.open(r"HKXX\A")
    assert caught.value.code == 87
    with pytest.raises(Win32Error) as caught:
        registry.delete_key("HKLM")
    assert caught.value.code == 5


def test_links(registry):
    registry.set(r"HKCR\.txt", "", "REG_SZ", "txtfile")
    assert registry.get(r"HKLM\SOFTWARE\Classes\.txt") == "txtfile"
    registry.set(r"HKCU\Software\X", "a", "REG_DWORD", 1)
    assert registry.get(r"HKU\S-1-5-21-1-2-3-500\Software\X", "a") == 1
    registry.set(r"HKCU\Software\X", "a", "REG_DWORD", 2, sid="S-1-5-18")
    assert registry.get(r"HKCU\Software\X", "a") == 1


def test_an_old_root_does_not_see_a_change(registry):
    registry.set(r"HKLM\A\B", "v", "REG_DWORD", 1)
    registry.create(r"HKLM\C")
    before = registry.root
    untouched = before.children["hkey_local_machine"].children["c"]
    registry.set(r"HKLM\A\B", "v", "REG_DWORD", 2)
    registry.delete_key(r"HKLM\A\B")
    assert before.children["hkey_local_machine"].children["a"].children["b"].get("v") == 1
    assert registry.root.children["hkey_local_machine"].children["c"] is untouched


def test_walk_is_alphabetical_and_depth_first(registry):
    for path in (r"HKLM\A\z", r"HKLM\A\b\c", r"HKLM\A\B2"):
        registry.create(path)
    assert [path for path, _ in registry.walk(r"HKLM\A")] == [
        r"HKLM\A\b",
        r"HKLM\A\b\c",
        r"HKLM\A\B2",
        r"HKLM\A\z",
    ]
