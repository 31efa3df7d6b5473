"""powershell.exe: command line, standard input, streams and exit codes.

Exit codes (about_PowerShell_exe): ``exit N`` gives N; -Command ends with 0 or 1 by the success of its last
command; -File with 0; an error that ends the script with 1; a bad command line with -196608.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell.startup import (
    BAD_PARAMETER,
    BANNER,
    USAGE,
    BadCommandLine,
    Options,
    Unsupported,
    parse,
)

if TYPE_CHECKING:
    from fakes.windows.powershell.console import Console
    from fakes.windows.powershell.runtime import Runspace
    from fakes.windows.shell.session import ProgramContext

NOT_SIMULATED_EXIT = 120


def main(context: ProgramContext) -> int:
    """Runs powershell.exe and returns its exit code."""
    try:
        options = parse(context.argv[1:], lambda path: context.host.files.is_file(context.path(path)))
    except BadCommandLine as error:
        context.err(error.text + "\n")
        if error.usage:
            context.out(USAGE)
        elif error.banner:
            context.out(BANNER)
        return BAD_PARAMETER
    except Unsupported as error:
        raise context.refuse(str(error)) from None
    if options.show_help:
        context.out(USAGE)
        return 0
    if options.output_format != "Text" or options.input_format == "XML":
        raise context.refuse(
            f"powershell.exe -OutputFormat {options.output_format} -InputFormat {options.input_format}"
        )
    if options.no_exit:
        raise context.refuse("powershell.exe -NoExit")
    if options.from_stdin and options.prompts:
        raise context.refuse("powershell.exe reading commands with prompts")
    return _Program(context, options).run()


class _Program:
    """One running powershell.exe."""

    def __init__(self, context: ProgramContext, options: Options) -> None:
        from fakes.windows.powershell.console import Console

        self.context = context
        self.options = options
        self.console: Console = Console(context.out, context.err, xml=options.encoded)
        self.runspace = self._runspace()
        self.console.attach(self.runspace)

    def _runspace(self) -> Runspace:
        """A session of its own: environment and directory of this process."""
        import fakes.windows.powershell.cmdlets  # noqa: F401 (registers the cmdlets)
        from fakes.windows.powershell.runtime import Runspace

        context = self.context
        session = copy.copy(context.session)
        session.env = context.env
        session.cwd = context.cwd
        if self.options.policy:
            session.env["PSExecutionPolicyPreference"] = self.options.policy
        return Runspace(
            context.host,
            session,
            streams=self.console.streams,
            stdin=context.stdin,
            stop=context.stop,
            process_id=context.pid,
        )

    def run(self) -> int:
        """Runs what was asked for."""
        from fakes.windows.powershell.flow import Stopped

        try:
            if self.options.file is not None:
                return self._file(self.options.file)
            if self.options.command is not None:
                return self._command(self.options.command)
            return self._lines()
        except NotSimulated as refusal:
            self.console.flush()
            self.console.error_line(str(refusal))
            return NOT_SIMULATED_EXIT
        except Stopped:
            return -1073741510  # STATUS_CONTROL_C_EXIT
        finally:
            self.console.close()

    def _command(self, text: str) -> int:
        code = self._run(text)
        if code is not None:
            return code
        return 0 if self.runspace.succeeded else 1

    def _run(self, text: str, **more: Any) -> int | None:
        """Runs a script; None when it came to its end without ``exit``."""
        from fakes.windows.powershell.errors import PowerShellError

        try:
            return self.runspace.run_script(text, **more)
        except PowerShellError as error:
            self.console.report(error.record)
            return 1

    def _file(self, name: str) -> int:
        from fakes.windows.powershell.arguments import MISSING, Argument
        from fakes.windows.powershell.cmdlets.environment import effective_policy
        from fakes.windows.powershell.cmdlets.textfiles import decode
        from fakes.windows.powershell.startup import script_arguments

        path = self.context.host.files.true_path(self.context.path(name))
        if effective_policy(self.runspace) == "Restricted":
            return self._blocked(path)
        text = decode(self.context.host.files.read(path))
        arguments = [
            Argument(None, value, str(value))
            if key is None
            else Argument(key, MISSING if value is None else value, f"-{key}", attached=value is not None)
            for key, value in script_arguments(self.options.arguments)
        ]
        code = self._run(text, args=arguments, file=path)
        return 0 if code is None else code

    def _blocked(self, path: str) -> int:
        """The execution policy forbids scripts (``AuthorizationManagerBase``)."""
        from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord

        record = ErrorRecord(
            f"File {path} cannot be loaded because running scripts is disabled on this system. For more information, see "
            "about_Execution_Policies at https:/go.microsoft.com/fwlink/?LinkID=135170.",
            "UnauthorizedAccess",
            "SecurityError",
            exception_type=AUTOMATION + "PSSecurityException",
        )
        record.category.reason = "ParentContainsErrorRecordException"
        self.console.report(record)
        return 1

    def _lines(self) -> int:
        """``-Command -``: each complete statement as its lines come; a block of several lines ends with an empty line."""
        from fakes.windows.powershell.errors import ParseError
        from fakes.windows.powershell.parser import parse as parse_script

        pending: list[str] = []
        while (line := self.context.stdin.readline()) is not None:
            if pending and line.strip():
                pending.append(line)
                continue
            pending.append(line)
            text = "\n".join(pending)
            if len(pending) == 1:
                try:
                    parse_script(text)
                except ParseError as error:
                    if error.incomplete:
                        continue
            pending = []
            code = self._statement(text)
            if code is not None:
                return code
        code = self._statement("\n".join(pending)) if pending else None
        if code is not None:
            return code
        return 0 if self.runspace.succeeded else 1

    def _statement(self, text: str) -> int | None:
        """Runs one statement of a session; only ``exit`` ends it."""
        from fakes.windows.powershell.errors import PowerShellError

        if not text.strip():
            return None
        try:
            code: int | None = self.runspace.run_script(text)
        except PowerShellError as error:
            self.console.report(error.record)
            code = None
        self.console.flush()
        return code
