"""Which command a name means: alias, function, cmdlet, script, program; or a clear refusal."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell import ast
from fakes.windows.powershell.arguments import Argument, evaluate
from fakes.windows.powershell.command import cmdlet_alias, find_cmdlet
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord, PowerShellError, runtime_error
from fakes.windows.powershell.functions import FunctionProcessor
from fakes.windows.powershell.host_files import resolve
from fakes.windows.powershell.interpreter import Interpreter, Write
from fakes.windows.powershell.known_commands import BUILT_IN_ALIASES, is_known_command
from fakes.windows.powershell.native import NativeProcessor
from fakes.windows.powershell.processors import CmdletProcessor, Processor
from fakes.windows.powershell.script_block import ScriptBlock
from fakes.windows.powershell.streams import Streams
from fakes.windows.powershell.values import PSObject
from fakes.windows.powershell.variables import find_function


def resolve_alias(interp: Interpreter, name: str) -> str | None:
    """What an alias stands for, or None."""
    lower = name.lower()
    own = interp.aliases.get(lower)
    if own is not None:
        return own
    return cmdlet_alias(lower) or BUILT_IN_ALIASES.get(lower)


def processor_for(interp: Interpreter, node: ast.Command, streams: Streams, out: Write) -> Processor:
    """The stage of a parsed command.

    Raises:
        PowerShellError: nobody knows the name.
        NotSimulated: Windows knows it, this host does not implement it.
    """
    name = interp.eval(node.name)
    arguments = evaluate(interp, node.elements)
    if node.invocation and name is None:
        raise runtime_error(
            f"The expression after '{node.invocation}' in a pipeline element produced an object that was not valid. It must "
            "result in a command name, a script block, or a CommandInfo object.",
            "BadExpression",
        )
    if isinstance(name, list) and len(name) == 1:
        name = name[0]
    if isinstance(name, ScriptBlock):
        return FunctionProcessor(
            interp,
            name,
            name.name,
            node.invocation,
            arguments,
            node,
            streams,
            out,
            dot=node.invocation == ".",
        )
    if (
        isinstance(name, PSObject)
        and name.has("ScriptBlock")
        and isinstance(name.get("ScriptBlock"), ScriptBlock)
    ):
        block = name.get("ScriptBlock")
        return FunctionProcessor(
            interp, block, to_string(name.get("Name")), "&", arguments, node, streams, out
        )
    if isinstance(name, PSObject) and name.has("Name") and name.has("CommandType"):
        name = name.get("Name")
    return _by_name(interp, to_string(name), arguments, node, streams, out)


def _by_name(
    interp: Interpreter, name: str, arguments: list[Argument], node: ast.Command, streams: Streams, out: Write
) -> Processor:
    dot = node.invocation == "."
    found = lookup(interp, name)
    if isinstance(found, ScriptBlock):
        shown = resolve_alias(interp, name) or name
        return FunctionProcessor(interp, found, _bare(shown), name, arguments, node, streams, out, dot=dot)
    if isinstance(found, str):
        return _file(interp, name, found, arguments, node, streams, out, dot=dot)
    info = find_cmdlet(resolve_alias(interp, name) or name)
    if info is None:
        raise not_recognized(interp, name, node)
    return CmdletProcessor(interp, info, name, arguments, node, streams, out)


def _bare(name: str) -> str:
    scope, colon, rest = name.partition(":")
    return rest if colon and scope.lower() in {"global", "script", "local"} else name


def lookup(interp: Interpreter, name: str) -> ScriptBlock | str | None:
    """A function's block, a file's path, or None for a cmdlet or nothing.

    The order is alias, function, cmdlet, script and program (about_Command_Precedence).
    """
    target = resolve_alias(interp, name) or name
    function = find_function(interp, _bare(target))
    if function is not None:
        return function  # type: ignore[no-any-return]
    if find_cmdlet(target) is not None:
        return None
    return find_file(interp, target)


def find_file(interp: Interpreter, name: str) -> str | None:
    """The script or program a name means, along PATH; a bare name is not taken from the current directory."""
    if interp.session is None or interp.host is None or not name.strip():
        return None
    explicit = "\\" in name or "/" in name or (len(name) > 1 and name[1] == ":")
    if explicit:
        full = resolve(interp, name)
        for candidate in (full, full + ".ps1"):
            if interp.host.files.is_file(candidate):
                return str(interp.host.files.true_path(candidate))
        found = interp.session.search(full, interp.session.env, "C:\\")
        return str(found) if found is not None else None
    found = interp.session.search(name, interp.session.env, "C:\\Windows\\System32")
    if found is not None:
        return str(found)
    for directory in str(interp.session.env.get("PATH", interp.session.env.get("Path", ""))).split(";"):
        script = f"{directory}\\{name}" if name.lower().endswith(".ps1") else f"{directory}\\{name}.ps1"
        if directory and interp.host.files.is_file(script):
            return str(interp.host.files.true_path(script))
    return None


def _file(
    interp: Interpreter,
    name: str,
    path: str,
    arguments: list[Argument],
    node: ast.Command,
    streams: Streams,
    out: Write,
    *,
    dot: bool,
) -> Processor:
    if path.lower().endswith(".ps1"):
        from fakes.windows.powershell.script_files import ScriptProcessor, load_script

        block = load_script(interp, path)
        return ScriptProcessor(
            interp,
            block,
            path.rpartition("\\")[2],
            name,
            arguments,
            node,
            streams,
            out,
            dot=dot,
            script_file=path,
        )
    return NativeProcessor(interp, name, path, arguments, node.verbatim, node, streams, out)


def not_recognized(interp: Interpreter, name: str, node: ast.Node | None) -> Exception:
    """The error for a name: not simulated when real Windows knows it, else 5.1's own."""
    target = resolve_alias(interp, name) or name
    if is_known_command(target):
        return interp.refuse(f"cmdlet {is_known_command(target)}")
    message = (
        f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the "
        "spelling of the name, or if a path was included, verify that the path is correct and try again."
    )
    record = ErrorRecord(
        message,
        "CommandNotFoundException",
        "ObjectNotFound",
        name,
        exception_type=AUTOMATION + "CommandNotFoundException",
    )
    record.invocation.command = record.invocation.name = name
    if node is not None:
        start = node.name if isinstance(node, ast.Command) else node
        record.invocation.extent = interp.extent_of(start)
    return PowerShellError(record)


def command_processor(
    interp: Interpreter, name: str, arguments: list[Argument], streams: Streams, out: Write
) -> Processor:
    """The stage of a command called by name from inside the interpreter."""
    found = lookup(interp, name)
    if isinstance(found, ScriptBlock):
        return FunctionProcessor(interp, found, name, name, arguments, interp.node, streams, out)
    info = find_cmdlet(resolve_alias(interp, name) or name)
    if info is not None:
        return CmdletProcessor(interp, info, name, arguments, interp.node, streams, out)
    if isinstance(found, str) and not found.lower().endswith(".ps1"):
        return NativeProcessor(interp, name, found, arguments, None, interp.node, streams, out)
    raise not_recognized(interp, name, interp.node)


def processor_of_value(
    interp: Interpreter,
    value: Any,
    arguments: list[Argument],
    streams: Streams,
    out: Write,
    *,
    dot: bool = False,
) -> Processor:
    """The stage of a script block or of a command's name."""
    if isinstance(value, ScriptBlock):
        return FunctionProcessor(interp, value, value.name, "", arguments, None, streams, out, dot=dot)
    return command_processor(interp, to_string(value), arguments, streams, out)
