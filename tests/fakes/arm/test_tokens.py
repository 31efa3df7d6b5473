import pytest

from fakes.arm.errors import ArmError
from fakes.arm.tokens import Tokens


def test_a_token_stands_for_its_principal_until_it_is_revoked():
    tokens = Tokens("t")
    first, second = tokens.issue("a"), tokens.issue("b")
    tokens.accept("made-elsewhere", "c")
    assert [tokens.authenticate(f"bearer {one}") for one in (first, second, "made-elsewhere")] == [
        "a",
        "b",
        "c",
    ]
    tokens.revoke(first)
    tokens.revoke(first)
    with pytest.raises(ArmError) as refused:
        tokens.authenticate(f"Bearer {first}")
    assert (refused.value.status, refused.value.code) == (401, "InvalidAuthenticationToken")
    assert "https://login.microsoftonline.com/t" in refused.value.headers["WWW-Authenticate"]
    assert first not in str(refused.value)
