"""Whatever is typed, cmd answers: no Python error gets out, and nothing runs for ever."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.clock import Clock
from fakes.windows.model.host import Host
from fakes.windows.shell.cmd.parser import CmdSyntaxError, Parser
from fakes.windows.shell.programs import arguments
from fakes.windows.shell.session import Session
from fakes.windows.shell.streams import Bytes

WORDS = st.sampled_from([
    "echo", "if", "for", "in", "do", "else", "not", "exist", "defined", "set", "/a", "/f", "/l", "call", "goto", ":x", "rem",
    "%i", "%%i", "%PATH%", "!X!", "%X:~0,3%", "(", ")", "&", "&&", "|", "||", ">", ">>", "<", "2>&1", "^", '"', "'", "==",
    "EQU", "1", "a.txt", "nul", "C:\\Windows", "@", ",", ";", "=", "\n", "dir", "cd", "type", "exit", "/b", "setlocal",
    "net", "sc", "reg", "query", "findstr", "tasklist", "vssadmin", "list", "writers", "copy", "del", "md", "rd", "ren",
])  # fmt: skip
LINES = st.lists(WORDS | st.text("abc%!^&|<>()\" \t=,;:/\\~*?.0123456789\n'`@", max_size=4), max_size=14).map(
    " ".join
)


def session() -> Session:
    host = Host.server_2019("FUZZ", clock=Clock(datetime(2018, 6, 25, tzinfo=UTC)))
    host.users.add("labadmin", "x", ["Administrators"])
    return Session(host, "labadmin")


def run(shell: Session, line: str, stdin: bytes) -> int:
    """Run a line; one that loops for ever, as ``for /l %i in (0,0,0)`` does on Windows too, is stopped."""
    stop = threading.Event()
    timer = threading.Timer(2, stop.set)
    timer.start()
    try:
        return shell.run(line, stdin=Bytes(stdin), stdout=len, stderr=len, stop=stop)
    finally:
        timer.cancel()


@given(LINES)
@settings(max_examples=300, deadline=None)
def test_the_parser_gives_a_tree_or_a_sentence(line):
    try:
        Parser(line).parse()
    except CmdSyntaxError as error:
        assert "\n" not in str(error)  # noqa: PT017 (either outcome is right)


@given(LINES)
@settings(max_examples=200, deadline=None)
def test_every_command_line_ends_with_an_exit_code(line):
    assert isinstance(run(session(), line, b"y\r\n"), int)


@given(st.lists(LINES, max_size=6))
@settings(max_examples=100, deadline=None)
def test_every_batch_file_ends(lines):
    shell = session()
    text = "\r\n".join(line for line in lines if "goto" not in line and "call" not in line)
    shell.host.files.write("C:\\f.cmd", text.encode("cp437", "replace"))
    assert isinstance(run(shell, "C:\\f.cmd one two", b""), int)


@given(st.lists(st.text('ab "\\\t', max_size=6), max_size=5))
def test_quoting_round_trips(words):
    def quoted(word: str) -> str:
        text, slashes = "", 0
        for char in word:
            text += "\\" * (slashes + 1) + char if char == '"' else char
            slashes = slashes + 1 if char == "\\" else 0
        return f'"{text}' + "\\" * slashes + '"'

    assert arguments(" ".join(quoted(word) for word in words)) == words
