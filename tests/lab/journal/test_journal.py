from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.errors import InfrastructureError
from lab.journal.journal import LONGEST_OUTPUT, Journal, read
from lab.journal.redact import Redactor


def test_events_are_on_disk_as_they_happen(tmp_path):
    path = tmp_path / "deep" / "journal.jsonl"
    with Journal(path) as journal:
        journal.write("phase", phase="inject", state="start", nothing=None)
        (line,) = path.read_text().splitlines()  # before it is closed
    event = json.loads(line)
    assert (event["event"], event["phase"], "nothing" in event) == ("phase", "inject", False)
    assert event["time"].endswith("+00:00")


def test_listeners_and_memory_see_what_the_file_holds(tmp_path):
    seen = []
    journal = Journal(tmp_path / "j.jsonl", Redactor(["topsecret"]))
    journal.listen(seen.append)
    journal.write("step", output="x topsecret")
    journal.close()
    assert seen == journal.events == list(read(tmp_path / "j.jsonl"))
    assert seen[0]["output"] == "x ***"


def test_a_journal_starts_anew_unless_it_is_to_go_on(tmp_path):
    path = tmp_path / "j.jsonl"
    for append, lines in ((False, 1), (True, 2), (False, 1)):
        with Journal(path, append=append) as journal:
            journal.write("note", text="x")
        assert len(path.read_text().splitlines()) == lines


def test_a_torn_last_line_is_left_out(tmp_path):
    path = tmp_path / "j.jsonl"
    path.write_text('{"event": "run"}\n{"event": "ph')
    assert list(read(path)) == [{"event": "run"}]


def test_a_very_long_output_keeps_both_ends():
    journal = Journal()
    journal.write("step", output="a" * LONGEST_OUTPUT + "middle" + "z" * LONGEST_OUTPUT)
    output = journal.events[0]["output"]
    assert len(output) < LONGEST_OUTPUT + 100
    assert output[0] == "a"
    assert output[-1] == "z"
    assert "characters left out" in output


def test_a_journal_without_a_file_still_tells_its_listeners():
    seen = []
    journal = Journal()
    journal.listen(seen.append)
    journal.write("note", text="x")
    assert seen[0]["text"] == "x"


def test_a_full_disk_is_told_once_and_listeners_go_on():
    seen = []
    with Journal(Path("/dev/full")) as journal:
        journal.listen(lambda event: seen.append(event["text"]))
        with pytest.raises(InfrastructureError, match=r"/dev/full cannot be written: No space left"):
            journal.write("note", text="one")
        journal.write("note", text="two")
    assert seen == ["one", "two"]


def test_a_place_where_no_file_can_be_made_is_told(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(InfrastructureError, match=r"taken/x/journal.jsonl cannot be written: .*--report-dir"):
        Journal(tmp_path / "taken" / "x" / "journal.jsonl")
