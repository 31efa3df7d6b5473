import pytest

from fakes.arm.routing import RESOURCE, Dispatcher, RouteTable


def table(*operations):
    made = RouteTable()
    for method, template in operations:
        made.operation(method, template)(lambda request: request)
    return made


def found(dispatcher, method, path):
    match = dispatcher.find(method, path)
    return None if match is None else (match[0].template, match[1])


def test_templates_match_in_any_case_and_keep_the_values():
    dispatcher = Dispatcher()
    dispatcher.add(table(("GET", RESOURCE + "/Microsoft.X/things/{thing}")))
    path = "/SUBSCRIPTIONS/s/resourcegroups/Rg/providers/microsoft.x/Things/VM;iaasvm;Rg"
    assert found(dispatcher, "GET", path) == (
        RESOURCE + "/Microsoft.X/things/{thing}",
        {"subscription": "s", "group": "Rg", "thing": "VM;iaasvm;Rg"},
    )
    assert found(dispatcher, "PUT", path) is None
    assert found(dispatcher, "GET", path + "/more") is None
    assert found(dispatcher, "GET", path.replace("microsoft.x", "microsoftyx")) is None


def test_a_scope_takes_any_number_of_segments_and_comes_last():
    dispatcher = Dispatcher()
    lock = "{scope:path}/providers/Microsoft.Authorization/locks/{lock}"
    dispatcher.add(table(("GET", "/" + lock), ("GET", RESOURCE + "/Microsoft.Authorization/locks/{own}")))
    deep = "/subscriptions/s/resourceGroups/g/providers/Microsoft.X/t/n/providers/Microsoft.Authorization/locks/l"
    assert (
        found(dispatcher, "GET", deep)[1]["scope"]
        == "subscriptions/s/resourceGroups/g/providers/Microsoft.X/t/n"
    )
    direct = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Authorization/locks/l"
    assert "own" in found(dispatcher, "GET", direct)[1]


def test_what_is_declared_twice_or_badly_is_refused():
    dispatcher = Dispatcher()
    dispatcher.add(table(("GET", "/a/{b}")))
    with pytest.raises(ValueError, match=r"declared twice: GET /A/\{b\}"):
        dispatcher.add(table(("GET", "/A/{b}")))
    dispatcher.add(table(("PUT", "/a/{b}")))
    for bad in ("a/{b}", "/a/{b}/c/{b}"):
        with pytest.raises(ValueError, match="bad template"):
            table(("GET", bad))
    assert len(list(dispatcher)) == 2
