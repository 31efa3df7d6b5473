from __future__ import annotations

import io
import os

import pytest

from lab.views.console import Console, Lines, RichLines, lines_for


class Terminal(io.StringIO):
    def isatty(self):
        return True


def show(events, *, verbose=False):
    stream = io.StringIO()
    console = Console(Lines(stream), verbose=verbose)
    for event in events:
        console(event)
    return stream.getvalue()


STEP = {"event": "step", "phase": "detect", "step": "Look", "host": "vm", "command": "look\nagain", "ok": False,
        "reason": "found nothing", "output": "dark\nroom"}  # fmt: skip
START = {"event": "phase", "phase": "detect", "state": "start"}
END = {"event": "phase", "phase": "detect", "state": "end", "status": "ok", "seconds": 12.34}


def test_a_phase_is_one_line_with_its_steps_below():
    assert show([START, STEP, END]).splitlines() == [
        "  detect     ok        12.3 s",
        "      Look  (vm: look ...)",
    ]


def test_what_all_resource_ids_share_is_left_out():
    scope = "/subscriptions/s-1/resourceGroups/g/providers/"
    line = show(
        [
            START,
            {**STEP, "command": f"PUT {scope}Microsoft.Network/networkSecurityGroups/n?api-version=1"},
            END,
        ]
    )
    assert "(vm: PUT /.../Microsoft.Network/networkSecurityGroups/n?api-version=1)" in line


def test_a_failed_phase_gives_reasons():
    assert "[found nothing]" in show([START, STEP, {**END, "status": "failed"}])


def test_verbose_shows_output():
    assert show([START, STEP, END], verbose=True).splitlines()[-2:] == ["        | dark", "        | room"]


def test_unknown_events_are_no_trouble():
    assert show([{"event": "from the future"}]) == ""


@pytest.mark.parametrize(("stream", "kind"), [(Terminal(), RichLines), (io.StringIO(), Lines)])
def test_colour_only_where_a_person_watches(stream, kind):
    assert type(lines_for(stream)) is kind


def test_a_terminal_shows_the_same_lines_as_a_file():
    stream = Terminal()
    console = Console(RichLines(stream))
    for event in (
        START,
        STEP,
        END,
        {"event": "outcome", "outcome": "not healed", "seconds": 1, "reason": "[bold]x"},
    ):
        console(event)
    text = stream.getvalue()
    assert "detect" in text
    assert "[bold]x" in text  # nothing of a reason is taken for markup
    assert "NOT HEALED" in text


@pytest.mark.parametrize("kind", [Lines, RichLines])
def test_lines_nobody_reads_are_no_trouble(kind):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        lines = kind(stream)
        lines.line("gone")
        lines.busy("gone")
        lines.busy(None)
        lines.line("gone")


def test_the_words_of_somebodys_failed_script_are_shown_unasked():
    script = {**STEP, "kind": "remediation", "output": "\n".join(f"line {n}" for n in range(1, 21))}
    shown = show([START, script, END]).splitlines()
    assert shown[1] == "      Look  (vm: look ...)  [found nothing]"
    assert shown[2:] == [f"        | line {n}" for n in range(9, 21)]
    assert len(show([START, {**script, "ok": True}, END]).splitlines()) == 2


def test_differences_are_told_by_occasion_and_thing():
    def change(path, before, after, when):
        return {"path": path, "before": before, "after": after, "when": when}

    differences = [
        change("vm/files/x/attributes", "<absent>", "A", "on a healthy machine"),
        change("vm/files/x/size", "<absent>", 3, "on a healthy machine"),
        change("vm/files/x/times", "<absent>", ["now"], "on a healthy machine"),
        change("vm/services/VSS/start", "demand", "disabled", "at the end"),
    ]
    shown = show([{"event": "outcome", "outcome": "not proven", "seconds": 1, "differences": differences}])
    assert shown.splitlines()[:4] == [
        "  changed and not allowed, on a healthy machine (1):",
        "      vm/files/x: new (size 3)",
        "  changed and not allowed, at the end (1):",
        "      vm/services/VSS/start: 'demand' -> 'disabled'",
    ]
