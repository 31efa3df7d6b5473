"""Start-Process: runs a program of the host to its end.

Programs here take no real time, so a process that was started has ended when the cmdlet returns, with or
without -Wait.
"""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.cmdlets.paths import PathError, locate
from fakes.windows.powershell.cmdlets.processes import process_object
from fakes.windows.powershell.cmdlets.support import PSCmdlet, Unsimulated
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.errors import ErrorRecord
from fakes.windows.powershell.values import PSObject


@cmdlet("Start-Process", aliases=["saps", "start"], default_set="Default")
class StartProcess(PSCmdlet):
    """Starts a program."""

    FilePath = Param("string", position=0, mandatory=True, aliases=["PSPath"])
    ArgumentList = Param("string[]", position=1, aliases=["Args"])
    WorkingDirectory = Param("string")
    NoNewWindow = Param("switch", aliases=["nnw"], sets="Default")
    WindowStyle = Param("string", validate_set=["Normal", "Hidden", "Minimized", "Maximized"])
    PassThru = Param("switch")
    Wait = Param("switch")
    Verb = Param("string")
    RedirectStandardOutput = Param("string", aliases=["RSO"])
    RedirectStandardError = Param("string", aliases=["RSE"])
    RedirectStandardInput = Unsimulated("string", aliases=["RSI"])
    UseNewEnvironment = Unsimulated("switch")
    LoadUserProfile = Unsimulated("switch", aliases=["Lup"])
    Credential = Unsimulated("object", aliases=["RunAs"])

    def process(self) -> None:
        session, host = self.context.session, self.context.host
        cwd = self._directory()
        path = session.search(str(self.FilePath), session.env, cwd)
        if path is None:
            text = "This command cannot be run due to the error: The system cannot find the file specified."
            raise self.throw(
                ErrorRecord(
                    text,
                    "InvalidOperationException",
                    "InvalidOperation",
                    exception_type="System.InvalidOperationException",
                )
            )
        line = " ".join(self.ArgumentList or [])
        name = path.rpartition("\\")[2]
        pid = host.processes.start(
            name, f'"{path}" {line}'.rstrip(), now=host.now(), user=f"{host.name}\\{session.user}"
        )
        shown = process_object(host, host.processes.get(pid))
        out: list[str] = []
        err: list[str] = []
        try:
            code = self._run(path, line, cwd, out, err)
        finally:
            host.processes.end(pid)
        self._deliver("".join(out), self.RedirectStandardOutput)
        self._deliver("".join(err), self.RedirectStandardError)
        if self.PassThru:
            self.write(_ended(shown, code))

    def _run(self, path: str, line: str, cwd: str, out: list[str], err: list[str]) -> int:
        from fakes.windows.shell.programs import arguments, run_program
        from fakes.windows.shell.streams import Bytes, TextReader

        session = self.context.session
        refused = len(self.context.host.not_simulated.entries())
        code = run_program(
            path,
            [path, *arguments(line)],
            f" {line}" if line else "",
            session=session,
            stdin=TextReader(Bytes(), session.encoding),
            out=out.append,
            err=err.append,
            stop=self.context.stop,
            cwd=cwd,
        )
        known = self.context.host.not_simulated.entries()
        if len(known) > refused:
            from fakes.notsimulated import NotSimulated

            raise NotSimulated(known[-1]["construct"], known[-1]["where"] or "Start-Process")
        return code

    def _directory(self) -> str:
        try:
            place = locate(self.context, str(self.WorkingDirectory or "."))
        except PathError as error:
            raise self.throw(error.record) from None
        return place.path if place.provider == "FileSystem" else str(self.context.session.cwd)

    def _deliver(self, text: str, target: Any) -> None:
        """To a file, to our own output with -NoNewWindow, else to a window nobody sees."""
        if target:
            place = locate(self.context, str(target))
            self.context.host.files.write(
                place.path, text.replace("\r\n", "\n").replace("\n", "\r\n").encode("cp437", "replace")
            )
        elif self.NoNewWindow and text:
            for line in text.replace("\r\n", "\n").rstrip("\n").split("\n"):
                self.context.streams.output(line)


def _ended(process: PSObject, code: int) -> PSObject:
    process.add("ExitCode", code, note=False)
    return process
