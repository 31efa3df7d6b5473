def test_the_account_is_shown_without_its_keys_and_listKeys_shows_them(lab):
    path = lab.facts["storage_account_id"]
    shown = lab.call("GET", path).body
    assert shown["properties"]["primaryEndpoints"]["blob"] == "https://labdisks.blob.core.windows.net/"
    keys = lab.call("POST", path + "/listKeys").body["keys"]
    assert [one["keyName"] for one in keys] == ["key1", "key2"]
    assert keys[0]["value"] not in str(shown)
    everywhere = lab.call(
        "GET",
        "/subscriptions/11111111-1111-4111-8111-111111111111/providers/Microsoft.Storage/storageAccounts",
    )
    assert [one["name"] for one in everywhere.body["value"]] == ["labdisks"]
    assert lab.call("POST", path + "x/listKeys").status == 404
