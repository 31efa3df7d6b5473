"""The command line of powershell.exe, against CommandLineParameterParserStrings.resx and about_PowerShell_exe."""

import base64

import pytest

from fakes.windows.powershell.startup import BadCommandLine, Unsupported, parse, script_arguments


def read(*arguments, exists=True):
    return parse(list(arguments), lambda _: exists)


def test_words_that_are_no_switch_begin_the_command():
    options = read("-NoProfile", "Get-Service", "-Name", "VSS")
    assert options.command == "Get-Service -Name VSS"


@pytest.mark.parametrize("switch", ["-EncodedCommand", "-enc", "-e", "-ec", "/EncodedCommand", "--enc"])
def test_every_spelling_of_an_encoded_command(switch):
    text = base64.b64encode("exit 3".encode("utf-16-le")).decode()
    options = read("-nop", "-noni", "-ex", "Bypass", switch, text)
    assert (options.command, options.encoded, options.policy) == ("exit 3", True, "Bypass")


def test_everything_after_file_belongs_to_the_script():
    options = read("-NoLogo", "-File", r"C:\a.ps1", "-Name", "VSS", "-Command")
    assert (options.file, options.arguments) == (r"C:\a.ps1", ["-Name", "VSS", "-Command"])


def test_a_dash_reads_commands_from_standard_input():
    options = read("-Command", "-")
    assert (options.from_stdin, options.prompts) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["-EncodedCommand", "%%%"], "is not properly encoded. The value must be Base64 encoded."),
        (["-Command"], "A command must follow -Command."),
        (["-File"], "The command cannot be run because the File parameter requires a file path."),
        (
            ["-File", "x.txt"],
            "Processing -File 'x.txt' failed because the file does not have a '.ps1' extension.",
        ),
        (["-File", "no.ps1"], "The argument 'no.ps1' to the -File parameter does not exist."),
        (["-OutputFormat", "Yaml"], '"Yaml" is not a valid format.'),
        (["-Command", "-", "x"], "no other arguments to -Command are permitted."),
    ],
)
def test_bad_command_lines(arguments, text):
    with pytest.raises(BadCommandLine) as caught:
        read(*arguments, exists=False)
    assert text in caught.value.text


def test_powershell_2_is_not_simulated():
    with pytest.raises(Unsupported, match="-Version 2"):
        read("-Version", "2.0", "-Command", "1")


def test_arguments_of_a_script():
    assert script_arguments(["-Name", "VSS", "-Force", "-Quiet:$false", "-Path:", "C:\\", "-5", "plain"]) == [
        ("Name", None),
        (None, "VSS"),
        ("Force", None),
        ("Quiet", False),
        ("Path", "C:\\"),
        (None, "-5"),
        (None, "plain"),
    ]
