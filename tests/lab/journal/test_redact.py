from __future__ import annotations

import pytest

from lab.journal.redact import Redactor

KNOWN = "Pa55-w0rd+x/y="


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"net use /user:bob {KNOWN} x", "net use /user:bob *** x"),
        ("https://a/?k=Pa55-w0rd%2Bx%2Fy%3D", "https://a/?k=***"),
        ("https://a/vhds/d?sv=2020&sr=b&sig=abc%2Bdef%3D&se=2", "https://a/vhds/d?sv=2020&sr=b&sig=***&se=2"),
        ('{"snapshotUri": "https://a/d?sig=AbC%3D"}', '{"snapshotUri": "https://a/d?sig=***"}'),
        ("?SIG=abc", "?SIG=***"),
        ("Authorization: Bearer eyJhbGciOi.x.y", "Authorization: Bearer ***"),
        ("Authorization: SharedKey acct:q1w2e3==", "Authorization: SharedKey acct:***"),
        ("AccountName=a;AccountKey=q1w2e3==;X=1", "AccountName=a;AccountKey=***;X=1"),
        ("password=hunter2 user=bob", "password=*** user=bob"),
        ('"adminPassword": "hunter2",', '"adminPassword": "***",'),
        ("LAB_ARM_TOKEN=abc123", "LAB_ARM_TOKEN=***"),
        ("storage_key: q1w2", "storage_key: ***"),
        ("signature of the design: sig", "signature of the design: sig"),
        ("the password is not shown", "the password is not shown"),
    ],
)
def test_secrets_are_masked_and_nothing_else(text, clean):
    assert Redactor([KNOWN]).text(text) == clean


def test_data_is_cleaned_in_depth():
    data = {"a": [f"x {KNOWN}"], "arm_token": "opaque", "password": "", "n": 1, "t": ("Bearer abcdefgh12",)}
    assert Redactor([KNOWN]).data(data) == {
        "a": ["x ***"], "arm_token": "***", "password": "", "n": 1, "t": ["Bearer ***"],
    }  # fmt: skip


def test_short_values_would_mask_ordinary_text_and_are_not_learned():
    assert Redactor(["vm", ""]).text("the vm") == "the vm"


def test_the_longest_secret_wins_where_one_contains_another():
    assert Redactor(["secret1", "secret1-more"]).text("x secret1-more y") == "x *** y"
