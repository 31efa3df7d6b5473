"""The interpreter of cmd.exe: walks the tree, runs built-ins, programs and batch files."""

from __future__ import annotations

import ntpath
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fakes.notsimulated import NotSimulated
from fakes.windows.model.win32 import Win32Error
from fakes.windows.shell import programs
from fakes.windows.shell.cmd import conditions, expand, redirection
from fakes.windows.shell.cmd.ast import Binary, Block, For, If, Node, Pipe, Quiet, Simple
from fakes.windows.shell.cmd.parser import DELIMITERS, CmdSyntaxError, Parser
from fakes.windows.shell.session import COMMAND_LINE_LIMIT, NOT_SIMULATED_EXIT, ProgramContext
from fakes.windows.shell.streams import Bytes, TextReader, TextWriter, Write

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.batch import Batch

NOT_FOUND = 9009
# Built-ins that set ERRORLEVEL to 0 when they succeed; the others leave it alone (D. Benham,
# "Which cmd.exe internal commands clear the ERRORLEVEL to 0 upon success?").
_CLEARING = frozenset(
    ("cd", "chdir", "copy", "date", "del", "dir", "erase", "md", "mkdir", "move", "pushd", "ren", "rename", "time",
     "type", "ver", "verify", "vol", "call")
)  # fmt: skip
_SPLITTERS = re.compile(r"[+/.\[\]\\:(\"]")


class Exit(Exception):
    """``exit``: this cmd.exe ends."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class EndBatch(Exception):
    """The batch file (or the called label) that runs now ends; code None keeps ERRORLEVEL."""

    def __init__(self, code: int | None = None) -> None:
        super().__init__(code)
        self.code = code


class Goto(Exception):
    """``goto label``."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label


class Stopped(Exception):
    """Somebody pressed Ctrl-C or closed the shell."""


@dataclass(frozen=True, slots=True)
class Io:
    """The standard streams a command runs with."""

    stdin: TextReader
    out: Write
    err: Write


class Cmd:
    """One running cmd.exe.

    Args:
        context: The program context it was started with.

    Attributes:
        env: Its environment.
        cwd: The current directory.
        drive_directories: The current directory of every other drive, by lower-case drive.
        errorlevel: ``%ERRORLEVEL%`` now.
        echo: Whether a batch file's lines and the bodies of loops are echoed.
        quiet: How many ``@`` are around what runs now.
        delayed: Whether ``!NAME!`` is expanded.
        batch: The batch file that runs now.
        variables: The variables of the ``for`` loops around.
    """

    def __init__(self, context: ProgramContext) -> None:
        self.context = context
        self.host, self.session, self.stop = context.host, context.session, context.stop
        self.env, self.cwd = context.env.copy(), context.cwd
        self.drive_directories: dict[str, str] = {}
        self.directory_stack: list[str] = []
        self.errorlevel = 0
        self.echo = True
        self.quiet = 0
        self.delayed = False
        self.batch: Batch | None = None
        self.variables: dict[str, str] = {}
        self._random = random.Random(self.host.clock.now().timestamp())  # noqa: S311 (%RANDOM%)

    @property
    def io(self) -> Io:
        """The streams this cmd.exe was started with."""
        return Io(self.context.stdin, self.context.out, self.context.err)

    def child(self, io: Io) -> Cmd:
        """Return a copy of this cmd.exe with other streams, for a side of a pipe or a ``for /f`` command."""
        context = replace(
            self.context, env=self.env.copy(), cwd=self.cwd, stdin=io.stdin, out=io.out, err=io.err
        )
        other = Cmd(context)
        other.delayed, other.variables, other.errorlevel = self.delayed, dict(self.variables), self.errorlevel
        other.echo = False
        return other

    # -- lines ------------------------------------------------------------------------
    def lookup(self, name: str) -> str | None:
        """Return a variable's value, dynamic ones included; None when it is not defined."""
        if name in self.env:
            return self.env[name]
        now = self.host.now()
        dynamic: dict[str, Callable[[], str]] = {
            "CD": lambda: self.cwd,
            "DATE": lambda: f"{now:%a %m/%d/%Y}",
            "TIME": lambda: f"{now.hour:2}:{now:%M:%S}.{now.microsecond // 10_000:02}",
            "RANDOM": lambda: str(self._random.randint(0, 32_767)),
            "ERRORLEVEL": lambda: str(self.errorlevel),
            "CMDEXTVERSION": lambda: "2",
            "CMDCMDLINE": lambda: f"cmd {self.context.raw}".replace("  ", " "),
            "HIGHESTNUMANODENUMBER": lambda: "0",
        }
        found = dynamic.get(name.upper())
        return str(found()) if found else None

    def percent(self, line: str) -> str:
        """Expand a line's percent signs as this cmd.exe reads it now."""
        arguments = self.batch.arguments() if self.batch else None
        rest = self.batch.rest if self.batch else ""
        return expand.percent(line, self.lookup, arguments, rest, self.host.files, self.cwd)

    def expand(self, text: str) -> str:
        """Expand loop variables and, when delayed expansion is on, exclamation marks."""
        text = expand.loop(text, self.variables, self.host.files, self.cwd)
        return expand.delayed(text, self.lookup) if self.delayed else text

    def run_line(self, line: str, io: Io | None = None) -> int:
        """Run one command line (not of a batch file) and return the last command's exit code."""
        io = io or self.io
        text = self.percent(line)
        if len(text) > COMMAND_LINE_LIMIT:
            io.err("The command line is too long.\n")
            return self.failed(1)
        try:
            node = Parser(text).parse()
        except CmdSyntaxError as error:
            if str(error):
                io.err(f"{error}\n")
            return self.failed(1)
        return self.execute(node, io) if node else 0

    def failed(self, code: int) -> int:
        """Set ERRORLEVEL to ``code`` and return it."""
        self.errorlevel = code
        return code

    # -- nodes ------------------------------------------------------------------------
    def execute(self, node: Node, io: Io) -> int:
        """Run a tree and return the exit code of what ran last."""
        if self.stop.is_set():
            raise Stopped
        match node:
            case Simple():
                return self._redirected(node.redirects, io, lambda inner: self.simple(node.text, inner))
            case Block(body=body, redirects=redirects):
                return self._redirected(redirects, io, lambda inner: self.execute(body, inner) if body else 0)
            case Quiet(body=body):
                self.quiet += 1
                try:
                    return self.execute(body, io)
                finally:
                    self.quiet -= 1
            case Binary(op=op, left=left, right=right):
                code = self.execute(left, io)
                if (op == "&&" and code != 0) or (op == "||" and code == 0):
                    return code
                return self.execute(right, io)
            case Pipe():
                return self._pipe(node, io)
            case If():
                branch = node.then if conditions.holds(self, node) else node.other
                return self.execute(branch, io) if branch else 0
            case For():
                from fakes.windows.shell.cmd import loops

                return loops.run(self, node, io)
            case _:
                raise TypeError(node)

    def _redirected(
        self, redirects: tuple[redirection.Redirect, ...], io: Io, action: redirection.Action
    ) -> int:
        if not redirects:
            return action(io)
        try:
            with redirection.opened(self, redirects, io) as inner:
                return action(inner)
        except redirection.CannotOpen as error:
            io.err(f"{error}\n")
            return self.failed(1)

    def _pipe(self, node: Pipe, io: Io) -> int:
        """Run both sides in a cmd.exe of their own, the left one to its end first."""
        collected: list[bytes] = []
        left = self.child(Io(io.stdin, TextWriter(collected.append, self.session.encoding), io.err))
        left.side(node.left)
        right = self.child(Io(TextReader(Bytes(b"".join(collected)), self.session.encoding), io.out, io.err))
        self.errorlevel = right.side(node.right)
        return self.errorlevel

    def side(self, node: Node) -> int:
        """Run one side of a pipe."""
        try:
            return self.execute(node, self.io)
        except (Exit, EndBatch) as end:
            return self.errorlevel if end.code is None else end.code

    # -- commands ---------------------------------------------------------------------
    def simple(self, text: str, io: Io) -> int:
        """Run one command whose text still has its loop variables and exclamation marks."""
        return self.command(self.expand(text), io)

    def command(self, text: str, io: Io) -> int:
        """Run one fully expanded command."""
        text = text.lstrip(DELIMITERS)
        if not text:
            return 0
        name, arguments = split_name(text)
        lower = name.lower()
        from fakes.windows.shell.cmd.builtins import BUILTINS

        if lower not in BUILTINS:
            cut = _SPLITTERS.search(name, 1)
            if cut and name[: cut.start()].lower() in BUILTINS:
                lower, arguments = name[: cut.start()].lower(), text[cut.start() :]
        if lower in BUILTINS:
            return self._builtin(lower, arguments, io)
        if re.fullmatch(r"[A-Za-z]:", name):
            return self._change_drive(name, io)
        return self.external(name, arguments, io)

    def _builtin(self, name: str, arguments: str, io: Io) -> int:
        from fakes.windows.shell.cmd.builtins import BUILTINS

        try:
            if (
                name != "echo" and "/?" in arguments.split()
            ):  # every built-in shows its help, wherever that stands
                raise self.context.refuse(f"{name} /?")
            code = BUILTINS[name](self, arguments, io)
        except NotSimulated as refusal:
            io.err(f"{refusal}\n")
            code = NOT_SIMULATED_EXIT
        except Win32Error as error:
            io.err(f"{error}\n")
            code = 1
        if code != 0 or (name in _CLEARING and name != "call"):
            self.errorlevel = code
        return code

    def external(self, name: str, arguments: str, io: Io) -> int:
        """Run a program or a batch file by name."""
        path = self.session.search(name, self.env, self.cwd)
        bare = name.strip('"')
        if path is None:
            folder = ntpath.dirname(self.host.files.resolve(bare, self.cwd))
            if "\\" in bare and not self.host.files.is_dir(folder):
                io.err("The system cannot find the path specified.\n")
                return self.failed(1)
            io.err(
                f"'{name}' is not recognized as an internal or external command,\noperable program or batch file.\n"
            )
            self.errorlevel = NOT_FOUND
            return NOT_FOUND if self.batch else 1
        if path.lower().endswith((".bat", ".cmd")):
            return self._chain(path, name, arguments, io)
        if not path.lower().endswith((".exe", ".com")):
            refusal = self.context.refuse(f"opening {ntpath.basename(path)} with the program for its type")
            io.err(f"{refusal}\n")
            return self.failed(NOT_SIMULATED_EXIT)
        context = replace(
            self.context, argv=[bare, *programs.arguments(arguments)], raw=arguments, env=self.env.copy(),
            cwd=self.cwd, stdin=io.stdin, out=io.out, err=io.err,
        )  # fmt: skip
        return self.failed(programs.run_file(path, context))

    def _chain(self, path: str, name: str, arguments: str, io: Io) -> int:
        """Run a batch file without ``call``: the one that runs now does not go on afterwards."""
        from fakes.windows.shell.cmd import batch

        inside = self.batch is not None
        code = batch.run(self, path, name, arguments, io)
        if inside:
            raise EndBatch
        return code

    def change_directory(self, path: str) -> None:
        """Make ``path`` the current directory.

        Raises:
            Win32Error: 3 when there is none, 267 when it is a file.
        """
        full = self.host.files.resolve(path, self.cwd)
        if self.host.files.is_file(full):
            raise Win32Error(267, path)
        if not self.host.files.is_dir(full):
            raise Win32Error(3, path)
        self.drive_directories[self.cwd[:2].lower()] = self.cwd
        self.cwd = self.host.files.true_path(full)

    def _change_drive(self, drive: str, io: Io) -> int:
        if drive.lower() not in self.host.files.root.children:
            io.err("The system cannot find the drive specified.\n")
            return self.failed(1)
        if drive.lower() != self.cwd[:2].lower():
            self.change_directory(self.drive_directories.get(drive.lower(), drive.upper() + "\\"))
        return 0

    def prompt(self) -> str:
        """Return the prompt as PROMPT says."""
        codes = {
            "$p": self.cwd, "$g": ">", "$l": "<", "$n": self.cwd[:1], "$_": "\n", "$s": " ", "$$": "$", "$q": "=",
            "$b": "|", "$a": "&", "$c": "(", "$f": ")", "$d": self.lookup("DATE") or "", "$t": self.lookup("TIME") or "",
            "$v": f"Microsoft Windows [Version {version(self)}]", "$e": "\x1b", "$h": "\b",
        }  # fmt: skip
        text = self.env.text("PROMPT", "$P$G")
        return re.sub(r"\$.", lambda m: codes.get(m[0].lower(), ""), text)


def version(cmd: Cmd) -> str:
    """Return the four-part version of Windows, for example 10.0.17763.4252."""
    key = cmd.host.registry.open(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion")
    numbers = (
        key.get(n, 0)
        for n in ("CurrentMajorVersionNumber", "CurrentMinorVersionNumber", "CurrentBuild", "UBR")
    )
    return ".".join(str(number) for number in numbers)


def split_name(text: str) -> tuple[str, str]:
    """Return a command's name (with its quotes) and the text after it.

    >>> split_name('"a b" c')
    ('"a b"', ' c')
    """
    quoted = False
    for i, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif not quoted and (char in DELIMITERS or (char == "/" and i > 0)):
            return text[:i], text[i:]
    return text, ""
