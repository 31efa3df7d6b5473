SUB = "/subscriptions/11111111-1111-4111-8111-111111111111"


def test_subscriptions_groups_and_providers_are_listed(lab):
    assert [one["id"] for one in lab.call("GET", "/subscriptions").body["value"]] == [SUB]
    groups = lab.call("GET", SUB + "/resourcegroups").body["value"]
    assert [one["name"] for one in groups] == ["rg-Lab"]
    namespaces = {one["namespace"] for one in lab.call("GET", SUB + "/providers").body["value"]}
    assert {
        "Microsoft.Compute",
        "Microsoft.Network",
        "Microsoft.RecoveryServices",
        "Microsoft.Storage",
    } <= namespaces
    answer = lab.call("GET", SUB + "/providers/Microsoft.Nothing")
    assert (answer.status, answer.code) == (404, "InvalidResourceNamespace")


def test_a_group_is_made_once_and_does_not_move(lab):
    path = SUB + "/resourceGroups/new"
    assert lab.call("HEAD", path).status == 404
    assert lab.call("PUT", path, {"location": "West Europe", "tags": {"a": "b"}}).status == 201
    assert lab.call("HEAD", path).status == 204
    again = lab.call("PUT", path.upper(), {"location": "westeurope"})
    assert (again.status, again.body["name"], again.body["location"]) == (200, "new", "westeurope")
    assert lab.call("PUT", path, {"location": "eastus"}).code == "InvalidResourceGroupLocation"
    assert lab.call("PUT", path, {}).code == "LocationRequired"
    assert lab.call("PUT", path, {"location": "atlantis"}).code == "LocationNotAvailableForResourceType"


def test_an_operation_nobody_started_is_404(lab):
    assert (
        lab.call("GET", SUB + "/providers/Microsoft.Network/locations/westeurope/operations/x").status == 404
    )


def test_the_result_of_an_operation_is_202_until_it_ends(lab):
    lab.plane.operations.seconds = 3600
    answer = lab.call("POST", lab.facts["nic_id"] + "/effectiveNetworkSecurityGroups")
    waiting = lab.call("GET", answer.headers["location"])
    assert (waiting.status, waiting.body) == (202, None)
    assert lab.wait(answer).body["status"] == "Succeeded"
    assert len(lab.call("GET", answer.headers["location"]).body["value"]) == 2


def test_the_result_of_a_failed_operation_is_its_error(lab):
    def fail():
        raise lab.error

    from fakes.arm.errors import ArmError

    lab.error = ArmError(409, "Conflict", "busy")

    async def start():
        return lab.plane.operations.start("s", "Microsoft.Network", "westeurope", fail)

    operation = lab.client.loop.run_until_complete(start())
    path = SUB + operation.result_path.removeprefix("/subscriptions/s")
    answer = lab.call("GET", path)
    assert (answer.status, answer.code) == (409, "Conflict")
