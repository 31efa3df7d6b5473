import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest

from fakes.arm.errors import bad_request
from fakes.arm.operations import Operations
from fakes.clock import Clock
from fakes.notsimulated import NotSimulated


@pytest.fixture
def noted():
    return []


@pytest.fixture
def operations(noted):
    return Operations(Clock(), noted.append)


def run(operations, work=None, **kwargs):
    async def both():
        started = operations.start("s", "Microsoft.X", "westeurope", work, **kwargs)
        assert started.status == "InProgress"
        await operations.settle()
        return started

    return asyncio.run(both())


def test_work_runs_after_its_virtual_seconds_and_its_result_is_kept(operations):
    operation = run(operations, lambda: {"a": 1}, seconds=3600)
    assert (operation.status, operation.result) == ("Succeeded", {"a": 1})
    assert operation.ended - operation.started >= timedelta(hours=1)
    assert operation.body().keys() == {"name", "status", "startTime", "endTime"}
    assert operations.get(operation.name.upper()) is operation


def test_work_may_be_a_coroutine(operations):
    async def work():
        with operations.clock.demand():
            await operations.clock.sleep(5)
        return 7

    assert run(operations, work).result == 7


def test_a_refusal_is_the_operations_failure(operations):
    def work():
        raise bad_request("Code", "text")

    operation = run(operations, work)
    assert (operation.status, operation.error_status) == ("Failed", 400)
    assert operation.body()["error"] == {"code": "Code", "message": "text", "details": []}


def test_what_is_not_simulated_is_noted_and_fails(operations, noted):
    def work():
        raise NotSimulated("a thing")

    operation = run(operations, work)
    assert (operation.status, operation.error["code"]) == ("Failed", "NotSimulated")
    assert [one.construct for one in noted] == ["a thing"]


def test_a_bug_in_the_work_ends_the_operation_and_is_logged(operations, caplog):
    operation = run(operations, lambda: 1 / 0)
    assert (operation.status, operation.error["code"]) == ("Failed", "InternalServerError")
    assert "ZeroDivisionError" in caplog.text


def test_closing_cancels_what_runs(operations):
    async def main():
        operation = operations.start("s", "Microsoft.X", "l", asyncio.Event().wait)
        await asyncio.sleep(0)
        await operations.close()
        return operation

    assert asyncio.run(main()).status == "Canceled"


def test_an_operation_ends_once(operations):
    operation = run(operations)
    operations.finish(operation, "Failed", error={"code": "late"})
    assert (operation.status, operation.error) == ("Succeeded", None)


@pytest.mark.parametrize(
    ("seconds", "header"),
    [(0.02, {"x-ms-retry-after-ms": "20"}), (0, {"x-ms-retry-after-ms": "0"}), (1, {"Retry-After": "1"})],
)
def test_the_wait_is_whole_seconds_or_milliseconds(operations, seconds, header):
    operations.retry_after = seconds
    assert operations.wait_headers() == header


def test_a_provider_may_have_urls_of_its_own(operations):
    operation = run(operations, path="/vaults/v/backupOperations/{name}")
    assert operation.path == f"/vaults/v/backupOperations/{operation.name}"
    request = SimpleNamespace(url=lambda path: "https://x" + path)
    headers = operations.accepted(request, operation).headers
    assert headers["Azure-AsyncOperation"] == f"https://x{operation.path}"
