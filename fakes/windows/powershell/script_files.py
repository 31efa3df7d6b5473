r"""Script files of the host: ``.\x.ps1``, ``& 'C:\\x.ps1'``, dot sourcing, -File."""

from __future__ import annotations

from fakes.windows.powershell.errors import AUTOMATION, runtime_error
from fakes.windows.powershell.flow import ExitFlow
from fakes.windows.powershell.functions import FunctionProcessor
from fakes.windows.powershell.host_files import decode
from fakes.windows.powershell.interpreter import Interpreter
from fakes.windows.powershell.parser import parse
from fakes.windows.powershell.script_block import ScriptBlock


def load_script(interp: Interpreter, path: str) -> ScriptBlock:
    """Parse a script file, after the checks of ``#requires``.

    Raises:
        ParseError: it does not parse.
        PowerShellError: the execution policy or a ``#requires`` forbids it.
    """
    _check_policy(interp, path)
    block = ScriptBlock(parse(decode(interp.host.files.read(path)), path), name=path.rpartition("\\")[2])
    check_requires(block.ast.requires, path.rpartition("\\")[2], elevated=bool(interp.session.elevated))
    return block


def _check_policy(interp: Interpreter, path: str) -> None:
    if getattr(interp, "execution_policy", "Unrestricted").lower() not in {"restricted", "allsigned"}:
        return
    if interp.execution_policy.lower() == "restricted":
        reason = "running scripts is disabled on this system"
    else:
        reason = f"The file {path} is not digitally signed. You cannot run this script on the current system"
    raise runtime_error(
        f"File {path} cannot be loaded because {reason}. For more information, see about_Execution_Policies at "
        "https:/go.microsoft.com/fwlink/?LinkID=135170.",
        "UnauthorizedAccess",
        "SecurityError",
        exception_type=AUTOMATION + "PSSecurityException",
    )


def check_requires(requires: list[str], name: str, *, elevated: bool) -> None:
    """Honour ``#requires`` lines.

    Raises:
        PowerShellError: a requirement is not met.
    """
    for line in requires:
        words = line.split()
        option = words[0].lower() if words else ""
        if option == "-version" and len(words) > 1 and _version(words[1]) > (5, 1):
            raise runtime_error(
                f"The script '{name}' cannot be run because it contained a \"#requires\" statement for Windows PowerShell "
                f"{words[1]}. The version of Windows PowerShell that is required by the script does not match the currently "
                "running version of Windows PowerShell 5.1.17763.1.",
                "ScriptRequiresUnmatchedPSVersion",
                "ResourceUnavailable",
                name,
                exception_type=AUTOMATION + "ScriptRequiresException",
            )
        if option == "-runasadministrator" and not elevated:
            raise runtime_error(
                f"The script '{name}' cannot be run because it contains a \"#requires\" statement for running as "
                "Administrator. The current Windows PowerShell session is not running as Administrator. Start Windows "
                "PowerShell by  using the Run as Administrator option, and then try running the script again.",
                "ScriptRequiresElevation",
                "PermissionDenied",
                name,
                exception_type=AUTOMATION + "ScriptRequiresException",
            )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


class ScriptProcessor(FunctionProcessor):
    """A script file: ``exit`` ends only it, and sets ``$LASTEXITCODE``."""

    def end(self) -> None:
        """Run the body."""
        try:
            super().end()
        except ExitFlow as flow:
            self._exited(flow)

    def begin(self) -> None:
        """Run ``begin``."""
        try:
            super().begin()
        except ExitFlow as flow:
            self._exited(flow)

    def _exited(self, flow: ExitFlow) -> None:
        if self.interp.exiting_process:
            raise flow
        self.interp.set_variable("LASTEXITCODE", flow.code, "global")
        self.failed = flow.code != 0
