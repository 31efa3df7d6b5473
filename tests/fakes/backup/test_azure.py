import asyncio

import pytest

from fakes.arm.errors import ArmError
from fakes.backup import azure
from fakes.backup.names import collection_id
from fakes.notsimulated import NotSimulated


def body(world):
    return {"location": "westeurope", "properties": {"source": {"id": world.vm_id}}}


def test_a_long_running_operation_is_waited_for(world):
    collection = collection_id(world.vm_id)

    async def make_and_delete():
        with world.clock.demand():
            await azure.call(world.plane, "PUT", collection, body(world))
            assert world.plane.require(collection).properties["provisioningState"] == "Succeeded"
            await azure.call(world.plane, "DELETE", collection)

    asyncio.run(make_and_delete())
    assert collection not in world.plane.store


def test_a_refusal_reaches_the_service_like_anybody_else(world):
    def gate(request, route):
        assert request.principal == azure.PRINCIPAL
        raise ArmError(409, "ScopeLocked", "locked")

    world.plane.gates.append(gate)
    with pytest.raises(ArmError, match="ScopeLocked"):
        asyncio.run(azure.call(world.plane, "PUT", collection_id(world.vm_id), body(world)))


def test_an_operation_that_fails_later_is_a_refusal_too(world):
    async def put_and_fail():
        def fail():
            raise ArmError(409, "OperationNotAllowed", "quota")

        operation = world.plane.operations.start("s", "Microsoft.Compute", "westeurope", fail)
        accepted = azure.ArmResponse(202, None, {"Azure-AsyncOperation": f"https://x{operation.path}"})
        with world.clock.demand():
            await azure._finish(world.plane, accepted)

    with pytest.raises(ArmError, match="OperationNotAllowed"):
        asyncio.run(put_and_fail())


def test_what_the_control_plane_lacks_is_not_simulated(world):
    with pytest.raises(NotSimulated):
        azure.permitted(world.plane, "PUT", world.vm_id + "/nothing/here")
    assert world.plane.not_simulated.entries()
