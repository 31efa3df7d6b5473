from __future__ import annotations

import pytest

from lab.images.gateway.gatewayd.names import hosts_file, read_names


def test_names_come_from_the_fabric(tmp_path):
    assert read_names(tmp_path) == {}
    (tmp_path / "dns.json").write_text('{"Acct.blob.core.windows.net": "20.0.0.1"}')
    assert read_names(tmp_path) == {"acct.blob.core.windows.net": "20.0.0.1"}


def test_they_are_served_in_the_format_of_hosts():
    assert hosts_file({"b.example": "20.0.0.2", "a.example": "20.0.0.1"}) == (
        "20.0.0.1 a.example\n20.0.0.2 b.example\n"
    )


def test_a_broken_file_is_not_taken_for_no_names(tmp_path):
    (tmp_path / "dns.json").write_text("{")
    with pytest.raises(ValueError, match="Expecting"):
        read_names(tmp_path)
