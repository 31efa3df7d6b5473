"""Plays the transcripts in golden/ against a fresh host, each file in one session, in order.

A transcript is ``> command``, ``< exit code``, then standard output as it is; lines with
``! `` are standard error. ``<guid>`` and ``<*>`` stand for what varies, a line ``...`` for
any lines. Every file begins with its provenance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("*.txt"))


@dataclass
class Step:
    command: str
    code: int = 0
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)


def steps(path: Path) -> list[Step]:
    found: list[Step] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("> "):
            found.append(Step(line[2:]))
        elif line.startswith("< "):
            found[-1].code = int(line[2:])
        elif line == "!" or line.startswith("! "):
            found[-1].err.append(line[2:])
        elif found:
            found[-1].out.append(line)
        else:
            assert line.startswith("#"), line
    return found


def pattern(lines: list[str]) -> re.Pattern[str]:
    parts = []
    for line in lines:
        if line == "...":
            parts.append(r"(?:.*\n)*?")
            continue
        text = re.escape(line).replace(re.escape("<guid>"), "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
        parts.append(text.replace(re.escape("<*>"), ".+?") + r"\n")
    return re.compile("".join(parts))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_transcript(run, path):
    played = steps(path)
    assert played
    for step in played:
        result = run(step.command)
        assert result.code == step.code, (step.command, result)
        assert result.err == "".join(f"{line}\n" for line in step.err), step.command
        assert pattern(step.out).fullmatch(result.out), (step.command, result.out)
    assert run.host.not_simulated.entries() == []


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_transcript_says_where_it_comes_from(path):
    assert path.read_text(encoding="utf-8").startswith("# provenance: ")
