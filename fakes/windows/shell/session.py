r"""A session: who is signed in, where, with which environment and code page.

Each command line runs in a ``cmd.exe /c`` of its own, as WinRS starts it, so that ``cd``
and ``set`` end with it (MS-WSMV 3.1.4.1.31, SHELL Command; WINRS_SKIP_CMD_SHELL).
"""

from __future__ import annotations

import ntpath
import threading
from collections.abc import Callable
from dataclasses import dataclass

from fakes.notsimulated import NotSimulated
from fakes.windows.model.host import Host
from fakes.windows.shell.environment import Environment
from fakes.windows.shell.streams import Bytes, ByteSource, TextReader, TextWriter, Write, encoding_of

COMMAND_LINE_LIMIT = 8191  # MicrosoftDocs: "Command prompt line string limitation"
NOT_SIMULATED_EXIT = 120
__all__ = ["ByteSource", "ProgramContext", "Session"]


@dataclass
class ProgramContext:
    r"""What a running program sees.

    Attributes:
        host: The machine.
        session: The session it runs in.
        argv: Its name and arguments, as CommandLineToArgvW splits them.
        raw: Everything after the program's name, as typed.
        env: Its environment; a copy.
        cwd: Its current directory.
        user: Who runs it, for example ``labadmin``.
        stdin: Standard input.
        out: Writes to standard output; ``\n`` becomes ``\r\n``.
        err: Writes to standard error.
        stop: Set when the program is to end (Ctrl-C, terminate).
        pid: Its process id, once it runs.
    """

    host: Host
    session: Session
    argv: list[str]
    raw: str
    env: Environment
    cwd: str
    user: str
    stdin: TextReader
    out: Write
    err: Write
    stop: threading.Event
    pid: int = 0

    def refuse(self, construct: str) -> NotSimulated:
        """Record that ``construct`` is not simulated and return the exception to raise."""
        return self.host.not_simulated.refuse(construct, self.host.name)

    def path(self, path: str) -> str:
        """Return the absolute form of a path that the program was given."""
        return self.host.files.resolve(path, self.cwd)


class Session:
    """One WinRS shell or one interactive shell on a host.

    Args:
        host: The machine.
        user: The account's name, for example ``labadmin``.
        cwd: Where to start; the user's profile directory when left out.
        env: Variables over those of the machine and the user.
        codepage: Of standard streams; 437 is what WinRS gives by default.

    Raises:
        ValueError: The code page is unknown.
    """

    def __init__(
        self,
        host: Host,
        user: str,
        *,
        cwd: str | None = None,
        env: dict[str, str] | None = None,
        codepage: int = 437,
    ) -> None:
        self.host = host
        account = host.users.find(user)
        self.user = account.name if account else user.rpartition("\\")[2]
        self.sid = account.sid if account else f"{host.users.machine_sid}-500"
        self.codepage = codepage
        self.encoding = encoding_of(codepage)
        self.env = self._environment()
        self.env.update(env or {})
        self.cwd = (
            host.files.resolve(cwd, self.env.text("USERPROFILE")) if cwd else self.env.text("USERPROFILE")
        )
        if not host.files.is_dir(self.cwd):
            self.cwd = "C:\\"

    @property
    def elevated(self) -> bool:
        """Whether the user is an administrator; remote sessions of one are always elevated."""
        account = self.host.users.find(self.user)
        return account is None or "Administrators" in account.groups

    def run(
        self,
        command_line: str,
        *,
        stdin: ByteSource | None = None,
        stdout: Callable[[bytes], None],
        stderr: Callable[[bytes], None],
        stop: threading.Event | None = None,
        skip_cmd_shell: bool = False,
    ) -> int:
        """Run one command line to its end and return its exit code.

        Args:
            command_line: As the client sent it.
            stdin: Standard input; empty when left out.
            stdout: Takes standard output in the session's code page.
            stderr: Takes standard error.
            stop: Ends the command early when set.
            skip_cmd_shell: Start the program itself, not through ``cmd.exe /c``.

        Returns:
            The exit code; 120 when something was not simulated.
        """
        from fakes.windows.shell import programs

        out, err = TextWriter(stdout, self.encoding), TextWriter(stderr, self.encoding)
        if len(command_line) > COMMAND_LINE_LIMIT:
            err("The command line is too long.\n")
            return 1
        argv, raw = programs.split(command_line) if skip_cmd_shell else (["cmd", "/c", command_line], "")
        context = ProgramContext(
            self.host, self, argv, raw if skip_cmd_shell else f" /c {command_line}", self.env.copy(), self.cwd,
            self.user, TextReader(stdin or Bytes(), self.encoding), out, err, stop or threading.Event(),
        )  # fmt: skip
        return programs.start(argv[0] if argv else "", context)

    def _environment(self) -> Environment:
        """Return what a fresh logon of this user has."""
        env = Environment(self.host.environment)
        profile = f"C:\\Users\\{self.user}"
        env.update({
            "USERNAME": self.user, "USERDOMAIN": self.host.name, "USERPROFILE": profile,
            "APPDATA": f"{profile}\\AppData\\Roaming", "LOCALAPPDATA": f"{profile}\\AppData\\Local",
            "TEMP": f"{profile}\\AppData\\Local\\Temp", "TMP": f"{profile}\\AppData\\Local\\Temp",
            "PROMPT": "$P$G",
        })  # fmt: skip
        return env

    def search(self, name: str, env: Environment, cwd: str) -> str | None:
        r"""Return the file that ``name`` starts, as cmd looks for it: the directory, then PATH, with PATHEXT.

        Args:
            name: ``net``, ``net.exe``, ``.\\x.cmd`` or a full path.
            env: For PATH and PATHEXT.
            cwd: The current directory.
        """
        files = self.host.files
        bare = name.strip('"')
        if not bare:
            return None
        suffixes = [s for s in env.text("PATHEXT", ".COM;.EXE;.BAT;.CMD").split(";") if s]
        explicit = ntpath.splitext(bare)[1] != ""
        if "\\" in bare or "/" in bare or ":" in bare:
            places = [files.resolve(bare, cwd)]
        else:
            directories = [cwd, *(d.strip('"') for d in env.text("PATH").split(";") if d)]
            places = [ntpath.join(files.resolve(d, cwd), bare) for d in directories]
        for place in places:
            tries = ([place] if explicit else []) + [place + suffix for suffix in suffixes]
            for path in tries:
                if files.is_file(path):
                    return files.true_path(path)
        return None
