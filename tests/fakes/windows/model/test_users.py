from __future__ import annotations

import pytest

from fakes.windows.model.win32 import Win32Error


def test_accounts(host):
    users = host.users
    second = users.add("bob", "x", ["Users", "Backup Operators"])
    assert second.sid == f"{users.machine_sid}-1000"
    assert users.add("eve", "y", ["Administrators"]).sid.endswith("-1001")
    assert users.by_sid(second.sid) == second
    assert [user.name for user in users.members("backup operators")] == ["bob"]
    assert {user.name for user in users.members("Administrators")} == {"labadmin", "eve"}
    users.change("bob", enabled=False)
    assert not users.check("bob", "x")
    users.remove("bob")
    assert users.find("bob") is None


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (lambda users: users.add("labadmin", "x"), 2224),
        (lambda users: users.get("nobody"), 2221),
        (lambda users: users.remove("nobody"), 2221),
        (lambda users: users.members("Nobodies"), 2220),
    ],
)
def test_errors(host, action, code):
    with pytest.raises(Win32Error) as caught:
        action(host.users)
    assert caught.value.code == code


def test_built_in_accounts_are_disabled(host):
    assert {user.name for user in host.users.all() if not user.enabled} == {
        "DefaultAccount", "Guest", "WDAGUtilityAccount",
    }  # fmt: skip
