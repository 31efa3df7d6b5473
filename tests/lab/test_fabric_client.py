from __future__ import annotations

import pytest

from lab.errors import Inconclusive, InfrastructureError, PartDied, UsageError
from lab.fabric_client import ArmClient, ControlClient

OPERATION = "/operations/1?api-version=1"


@pytest.fixture
def control(server):
    client = ControlClient(server.url, "token1")
    yield client
    client.close()


@pytest.fixture
def arm(server):
    client = ArmClient(server.url, "token2", "/no/ca.pem")
    # the stand-in speaks http; addresses of this control plane are told by their beginning
    yield client
    client.close()


def test_requests_carry_the_token(control, server):
    server.answer("POST /hosts/vm/inject", (200, {}))
    control.inject("vm", {"vss_writer": "System Writer"})
    request, body, headers = server.asked[0]
    assert (request, body) == ("POST /hosts/vm/inject", {"vss_writer": "System Writer"})
    assert headers["Authorization"] == "Bearer token1"


def test_an_injection_that_makes_no_sense_is_a_usage_error(control, server):
    server.answer("POST /hosts/vm/inject", (400, {"error": "vss_writer: there is no 'Sytem Writer'"}))
    with pytest.raises(UsageError, match="hosts/vm/inject: vss_writer: there is no 'Sytem Writer'"):
        control.inject("vm", {})


def test_an_unknown_knob_is_inconclusive(control, server):
    server.answer("POST /knobs", (501, {"error": "knob warp"}))
    with pytest.raises(Inconclusive, match="not simulated: knob warp"):
        control.knob({"warp": 9})


def test_refusals_are_read_in_order(control, server):
    server.answer("GET /not-simulated", (200, [{"construct": "a", "where": "vm"}, {"construct": "b"}]))
    assert [str(refusal) for refusal in control.not_simulated()] == ["a (vm)", "b"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, {"error": "the control token is missing or wrong"}), "refused GET /state: the control token"),
        ((500, b"Internal Server Error"), "HTTP 500: Internal Server Error"),
    ],
)
def test_a_fabric_in_trouble_is_a_lab_error(control, server, answer, message):
    server.answer("GET /state", answer)
    with pytest.raises(InfrastructureError, match=message):
        control.state()


def test_a_fabric_that_lost_a_part_says_which(control, server):
    server.answer("GET /not-simulated", (503, {"error": "storage has ended with exit code -9"}))
    with pytest.raises(PartDied, match="the lab itself is broken: storage has ended"):
        control.not_simulated()


def test_a_dead_fabric_is_a_lab_error():
    client = ControlClient("http://127.0.0.1:9", "x")
    with pytest.raises(InfrastructureError, match="the fabric does not answer"):
        client.state()
    client.close()


def test_a_proxy_of_the_machine_is_not_used(control, server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.answer("GET /fidelity", (200, {"storage": "real"}))
    assert control.fidelity() == {"storage": "real"}


def test_a_plain_answer_is_returned_with_its_status(arm, server):
    server.answer("GET /x?api-version=1", (404, {"error": {"code": "ResourceNotFound", "message": "m"}}))
    reply = arm.call("GET", "/x?api-version=1")
    assert (reply.status, reply.body["error"]["code"], reply.error) == (404, "ResourceNotFound", "")


def test_a_long_put_is_followed_and_the_resource_read(arm, server):
    where = {"Azure-AsyncOperation": server.url + OPERATION}
    server.answer("PUT /x?api-version=1", (201, {"state": "Updating"}, where))
    server.answer(f"GET {OPERATION}", (200, {"status": "InProgress"}), (200, {"status": "Succeeded"}))
    server.answer("GET /x?api-version=1", (200, {"state": "Succeeded"}))
    reply = arm.call("PUT", "/x?api-version=1", {"a": 1})
    assert (reply.status, reply.body) == (200, {"state": "Succeeded"})
    assert [request for request, *_ in server.asked].count(f"GET {OPERATION}") == 2


def test_a_long_operation_that_fails_tells_its_error(arm, server):
    where = {"Azure-AsyncOperation": server.url + OPERATION}
    server.answer("DELETE /x?api-version=1", (202, {}, where))
    error = {"code": "ScopeLocked", "message": "locked"}
    server.answer(f"GET {OPERATION}", (200, {"status": "Failed", "error": error}))
    reply = arm.call("DELETE", "/x?api-version=1")
    assert (reply.status, reply.error) == (202, "ScopeLocked: locked")


def test_a_location_is_followed_until_it_is_no_longer_202(arm, server):
    server.answer("POST /x?api-version=1", (202, {}, {"Location": server.url + OPERATION}))
    server.answer(f"GET {OPERATION}", (202, {}), (200, {"done": True}))
    assert arm.call("POST", "/x?api-version=1").body == {"done": True}


def test_an_operation_without_end_is_a_lab_error(arm, server):
    where = {"Azure-AsyncOperation": server.url + OPERATION}
    server.answer("POST /x?api-version=1", (202, {}, where))
    server.answer(f"GET {OPERATION}", (200, {"status": "InProgress"}))
    with pytest.raises(InfrastructureError, match=r"did not end in time: .*/operations/1"):
        arm.call("POST", "/x?api-version=1", timeout=0.2)


def test_an_operation_nobody_implements_is_told(arm, server):
    error = {"code": "NotSimulated", "message": "GET /subscriptions/x/fancy"}
    server.answer("GET /x?api-version=1", (501, {"error": error}))
    assert arm.call("GET", "/x?api-version=1").not_simulated == ("GET /subscriptions/x/fancy",)


def test_the_token_never_leaves_for_another_address(arm):
    with pytest.raises(UsageError, match="not an address of this lab's control plane"):
        arm.call("GET", "https://management.azure.com/x?api-version=1")
