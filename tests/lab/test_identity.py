from __future__ import annotations

import re
import uuid

import pytest

from lab.identity import make_identity, new_seed

SEEDS = range(60)


@pytest.mark.parametrize("os", ["windows", "linux"])
def test_names_keep_azures_rules(os):
    for seed in SEEDS:
        identity = make_identity(seed, os)
        assert re.fullmatch(r"[a-z0-9]{3,24}", identity.storage_account)
        assert re.fullmatch(r"[A-Za-z0-9-]{1,15}", identity.computer_name)
        assert not identity.vm.endswith("-")
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{1,49}", identity.vault)
        assert identity.admin_user not in {"administrator", "admin", "guest"}
        assert uuid.UUID(identity.subscription) != uuid.UUID(identity.tenant)
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]{19,}", identity.admin_password)


def test_the_same_seed_gives_the_same_names_and_others_differ():
    assert make_identity(7) == make_identity(7)
    assert len({make_identity(seed).subscription for seed in SEEDS}) == len(SEEDS)


def test_the_password_is_no_fact():
    identity = make_identity(3)
    assert identity.admin_password not in identity.facts().values()


def test_new_seeds_are_short_enough_to_retype():
    assert 100_000 <= new_seed() <= 999_999
