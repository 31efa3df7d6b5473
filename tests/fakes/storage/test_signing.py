from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from fakes.storage.signing import service_sas, shared_key

KEY = "a2V5"


def test_shared_key_signs_empty_length_for_a_body_less_request():
    headers = {"x-ms-date": "Mon, 25 Jun 2018 10:00:00 GMT", "x-ms-version": "2021-12-02"}
    zero = shared_key("acc", KEY, "GET", "/c/b", query="", headers={**headers, "Content-Length": "0"})
    none = shared_key("acc", KEY, "GET", "/c/b", query="", headers=headers)
    assert zero == none
    assert zero.startswith("SharedKey acc:")


def test_shared_key_covers_query_and_own_headers():
    headers = {"x-ms-date": "Mon, 25 Jun 2018 10:00:00 GMT"}
    plain = shared_key("acc", KEY, "PUT", "/c/b", query="", headers=headers)
    assert plain != shared_key("acc", KEY, "PUT", "/c/b", query="comp=snapshot", headers=headers)
    assert plain != shared_key("acc", KEY, "PUT", "/c/b", query="", headers={**headers, "x-ms-meta-a": "1"})


def test_sas_names_blob_permissions_and_expiry_but_not_the_key():
    before = datetime.now(UTC).replace(microsecond=0)
    query = parse_qs(service_sas("acc", KEY, "vhds", "os.vhd", permissions="rw", lifetime=timedelta(hours=1)))
    assert query["sr"] == ["b"]
    assert query["sp"] == ["rw"]
    expiry = datetime.fromisoformat(query["se"][0])
    assert before + timedelta(hours=1) <= expiry <= datetime.now(UTC) + timedelta(hours=1)
    assert KEY not in str(query)
