"""The command line of powershell.exe 5.1.

Rules and texts: ``CommandLineParameterParser.cs`` and ``CommandLineParameterParserStrings.resx`` of
PowerShell, and about_PowerShell_exe.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field

BAD_PARAMETER = -196608
"""ExitCodeBadCommandLineParameter, 0xFFFD0000."""
BANNER = "Windows PowerShell \nCopyright (C) Microsoft Corporation. All rights reserved.\n\n"
_FORMATS = ("Text", "XML", "None")
_SWITCHES: tuple[tuple[str, str], ...] = (  # in the order in which they are tried; name, shortest form
    ("help", "h"),
    ("?", "?"),
    ("noexit", "noe"),
    ("importsystemmodules", "imp"),
    ("noprofile", "nop"),
    ("nologo", "nol"),
    ("noninteractive", "noni"),
    ("servermode", "s"),
    ("configurationname", "config"),
    ("command", "c"),
    ("windowstyle", "w"),
    ("file", "f"),
    ("outputformat", "o"),
    ("of", "o"),
    ("inputformat", "i"),
    ("if", "i"),
    ("executionpolicy", "ex"),
    ("ep", "ep"),
    ("encodedcommand", "e"),
    ("ec", "e"),
    ("encodedarguments", "encodeda"),
    ("ea", "ea"),
    ("sta", "s"),
    ("mta", "mta"),
    ("version", "v"),
    ("psconsolefile", "psc"),
)
_SAME = {
    "of": "outputformat",
    "if": "inputformat",
    "ep": "executionpolicy",
    "ec": "encodedcommand",
    "ea": "encodedarguments",
    "?": "help",
}


class BadCommandLine(Exception):
    """The program ends with :data:`BAD_PARAMETER` after this text on standard error."""

    def __init__(self, text: str, *, banner: bool = False, usage: bool = True) -> None:
        super().__init__(text)
        self.text = text
        self.banner = banner
        self.usage = usage


class Unsupported(Exception):
    """A switch that is not simulated."""


@dataclass
class Options:
    """What powershell.exe is asked to do.

    Attributes:
        command: script text of -Command or -EncodedCommand; None when there is none.
        file: path of -File.
        arguments: arguments after -File, as given.
        encoded: the command came by -EncodedCommand: standard error becomes CLIXML.
        from_stdin: commands come from standard input.
        prompts: ... with prompts (-File - or nothing at all).
        output_format: Text, XML or None.
        no_logo: no banner.
        policy: -ExecutionPolicy, empty when not given.
        show_help: only the usage is wanted.
    """

    command: str | None = None
    file: str | None = None
    arguments: list[str] = field(default_factory=list)
    encoded: bool = False
    from_stdin: bool = False
    prompts: bool = True
    output_format: str = "Text"
    input_format: str = "Text"
    no_logo: bool = False
    no_exit: bool = False
    non_interactive: bool = False
    policy: str = ""
    show_help: bool = False


def switch_name(argument: str) -> str | None:
    """The full name of a switch, None when the word is none.

    >>> switch_name("-enc"), switch_name("/NoP"), switch_name("-x")
    ('encodedcommand', 'noprofile', None)
    """
    key = argument.strip().lower()
    if key[:1] not in {"-", "/", "\u2013", "\u2014", "\u2015"}:
        return None
    key = key[1:].removeprefix("-")
    for name, shortest in _SWITCHES:
        if key and name.startswith(key) and len(key) >= len(shortest):
            return _SAME.get(name, name)
    return None


def parse(arguments: list[str], file_exists: Callable[[str], bool]) -> Options:
    """Reads the arguments after the program's name.

    Args:
        arguments: as CommandLineToArgvW splits them.
        file_exists: tells whether the file of -File is there.

    Raises:
        BadCommandLine: an argument is wrong.
        Unsupported: a switch we do not have.
    """
    options = Options()
    index = 0
    while index < len(arguments):
        word = arguments[index]
        if not word.strip():
            index += 1
            continue
        name = switch_name(word)
        if name is None:
            _command(options, arguments, index, encoded=False)
            return options
        index = _apply(options, name, arguments, index, file_exists)
    if options.command is None and options.file is None and not options.show_help:
        options.from_stdin = True
    return options


def _apply(
    options: Options, name: str, arguments: list[str], index: int, file_exists: Callable[[str], bool]
) -> int:
    """Handles the switch at `index`; returns where to go on."""
    following = arguments[index + 1] if index + 1 < len(arguments) else None
    match name:
        case "help":
            options.show_help = True
        case "noexit":
            options.no_exit = True
        case "noprofile" | "importsystemmodules" | "sta" | "mta":
            pass
        case "nologo":
            options.no_logo = True
        case "noninteractive":
            options.non_interactive = True
        case "command":
            return _command(options, arguments, index + 1, encoded=False)
        case "encodedcommand":
            return _command(options, arguments, index + 1, encoded=True)
        case "file":
            return _file(options, arguments, index + 1, file_exists)
        case "outputformat" | "inputformat":
            _format(options, name, following)
            return index + 2
        case "executionpolicy":
            if following is None:
                raise BadCommandLine(
                    "Cannot process the execution policy because of a missing policy name. A policy name must follow "
                    "-ExecutionPolicy."
                )
            options.policy = following
            return index + 2
        case "windowstyle":
            if following is None:
                raise BadCommandLine(
                    "Cannot process the command because -WindowStyle requires an argument that is normal, hidden, minimized or "
                    "maximized. Specify one of these argument values and try again.",
                    usage=False,
                )
            if following.lower() not in {"normal", "hidden", "minimized", "maximized"}:
                raise BadCommandLine(
                    f"Processing -WindowStyle '{following}' failed: Cannot convert value \"{following}\" to type "
                    '"System.Diagnostics.ProcessWindowStyle" due to enumeration values that are not valid. Specify one of the '
                    "following enumeration values and try again. The possible enumeration values are "
                    '"Normal,Hidden,Minimized,Maximized"..',
                    usage=False,
                )
            return index + 2
        case "version":
            if following is None or not re.fullmatch(r"[1-5](\.[01])?", following):
                raise Unsupported(f"powershell.exe -Version {following or ''}".rstrip())
            if following.startswith(("1", "2")):
                raise Unsupported(f"powershell.exe -Version {following}")
            return index + 2
        case _:
            raise Unsupported(f"powershell.exe -{name}")
    return index + 1


def _command(options: Options, arguments: list[str], index: int, *, encoded: bool) -> int:
    if options.command is not None:
        raise BadCommandLine(
            "Cannot process command because a command is already specified with -Command or -EncodedCommand."
        )
    if index >= len(arguments):
        raise BadCommandLine(
            "Cannot process the command because of a missing parameter. A command must follow -Command."
        )
    if encoded:
        options.command, options.encoded = decode(arguments[index]), True
        return index + 1
    if arguments[index] == "-":
        if index + 1 != len(arguments):
            raise BadCommandLine(
                "'-' was specified with the -Command parameter; no other arguments to -Command are permitted."
            )
        options.from_stdin, options.prompts = True, False
    else:
        options.command = " ".join(arguments[index:])
    return len(arguments)


def decode(text: str) -> str:
    """The script of -EncodedCommand: Base64 of UTF-16LE.

    Raises:
        BadCommandLine: it is not.
    """
    try:
        return base64.b64decode(text, validate=True).decode("utf-16-le")
    except (binascii.Error, UnicodeDecodeError):
        raise BadCommandLine(
            "Cannot process the command because the value specified with -EncodedCommand is not properly encoded. The value must "
            "be Base64 encoded."
        ) from None


def _file(options: Options, arguments: list[str], index: int, file_exists: Callable[[str], bool]) -> int:
    if index >= len(arguments):
        raise BadCommandLine(
            "The command cannot be run because the File parameter requires a file path. Supply a path for the File parameter and "
            "then try the command again.",
            banner=True,
        )
    path = arguments[index]
    if path == "-":
        options.from_stdin = True
        return index + 1
    if not path.lower().endswith(".ps1"):
        raise BadCommandLine(
            f"Processing -File '{path}' failed because the file does not have a '.ps1' extension. Specify a valid Windows "
            "PowerShell script file name, and then try again.",
            banner=True,
            usage=False,
        )
    if not file_exists(path):
        raise BadCommandLine(
            f"The argument '{path}' to the -File parameter does not exist. Provide the path to an existing '.ps1' file as an "
            "argument to the -File parameter.",
            banner=True,
            usage=False,
        )
    options.file, options.arguments = path, arguments[index + 1 :]
    return len(arguments)


def _format(options: Options, name: str, value: str | None) -> None:
    shown = "".join(f"{known}\n" for known in _FORMATS)
    if value is None:
        if name == "outputformat":
            raise BadCommandLine(
                "The command cannot be run because no argument has been supplied for the OutputFormat parameter. Specify one of "
                f"the following formats for this parameter.\n{shown}"
            )
        raise BadCommandLine(
            "Cannot process the command because the -InputFormat parameter requires an argument. Specify a valid format argument "
            f"for this parameter.  Valid formats are:\n{shown}"
        )
    known = next((text for text in _FORMATS if text.lower() == value.lower()), None)
    if known is None:
        raise BadCommandLine(
            f'Cannot process the command because of an incorrect parameter value. "{value}" is not a valid format.  Valid formats '
            f"are:\n{shown}"
        )
    if name == "outputformat":
        options.output_format = known
    else:
        options.input_format = known


USAGE = """
PowerShell[.exe] [-PSConsoleFile <file> | -Version <version>]
    [-NoLogo] [-NoExit] [-Sta] [-Mta] [-NoProfile] [-NonInteractive]
    [-InputFormat {Text | XML}] [-OutputFormat {Text | XML}]
    [-WindowStyle <style>] [-EncodedCommand <Base64EncodedCommand>]
    [-ConfigurationName <string>]
    [-File <filePath> <args>] [-ExecutionPolicy <ExecutionPolicy>]
    [-Command { - | <script-block> [-args <arg-array>]
                  | <string> [<CommandParameters>] } ]

PowerShell[.exe] -Help | -? | /?
"""
"""The synopsis of ``powershell -?`` (about_PowerShell_exe); the real one goes on with a page of explanations."""


def script_arguments(arguments: list[str]) -> list[tuple[str | None, object]]:
    """Arguments after -File as (name, value) pairs: ``-Name value``, ``-Name:value``, ``-Switch``, plain words.

    A pair without a name is a positional argument; a name with None is a switch or takes the next word.
    """
    found: list[tuple[str | None, object]] = []
    index = 0
    while index < len(arguments):
        word = arguments[index]
        index += 1
        if not re.match(r"[-\u2013\u2014\u2015][A-Za-z_?]", word):
            found.append((None, word))
            continue
        name, colon, value = word[1:].partition(":")
        if not colon:
            found.append((name, None))
            continue
        if not value and index < len(arguments):
            value = arguments[index]
            index += 1
        booleans: dict[str, object] = {"$true": True, "true": True, "$false": False, "false": False}
        found.append((name, booleans.get(value.lower(), value)))
    return found
