"""What Out-Default prints for typical objects, against documented 5.1 output."""

from datetime import UTC, datetime

import pytest

from fakes.windows.powershell.formatting import format_objects
from fakes.windows.powershell.formatting.columns import assign_widths, items_per_row
from fakes.windows.powershell.formatting.wrap import fit, wrap
from fakes.windows.powershell.values import EnumValue, Int64, PSHashtable, PSObject, custom_object


def service(name, display, status="Running", number=4):
    state = EnumValue("System.ServiceProcess.ServiceControllerStatus", status, number)
    return PSObject(
        ["System.ServiceProcess.ServiceController", "System.Object"],
        {"Status": state, "Name": name, "DisplayName": display},
    )


def lines(*objects, width=80):
    return [line.rstrip() for line in format_objects(list(objects), width).split("\n")[:-1]]


def test_services_have_the_view_of_dotnettypes():
    # MicrosoftDocs/PowerShell-Docs reference/5.1/Microsoft.PowerShell.Management/Get-Service.md, examples 3 and 5.
    assert lines(service("WinRM", "Windows Remote Management (WS-Manag...")) == [
        "",
        "Status   Name               DisplayName",
        "------   ----               -----------",
        "Running  WinRM              Windows Remote Management (WS-Manag...",
        "",
        "",
    ]


def test_a_long_name_is_cut_and_columns_keep_their_width():
    text = format_objects([service("WindowsAzureGuestAgent", "Windows Azure Guest Agent", "Stopped", 1)])
    assert "Stopped  WindowsAzureGue... Windows Azure Guest Agent             \n" in text


def test_a_custom_object_of_four_properties_is_a_table_sized_by_its_content():
    # about_Object_Creation: a [pscustomobject] of a few properties prints as a table.
    assert lines(custom_object({"Name": "a", "Value": 1}), custom_object({"Name": "bbb", "Value": 22})) == [
        "",
        "Name Value",
        "---- -----",
        "a        1",
        "bbb     22",
        "",
        "",
    ]


def test_five_properties_make_a_list():
    value = custom_object({"A": 1, "B": "x", "C": None, "D": True, "LongName": [1, 2]})
    assert lines(value) == [
        "",
        "",
        "A        : 1",
        "B        : x",
        "C        :",
        "D        : True",
        "LongName : {1, 2}",
        "",
        "",
        "",
    ]


def test_a_hashtable_is_enumerated_into_name_and_value():
    # about_Hash_Tables: "Name                           Value".
    assert lines(PSHashtable({"Shape": "Square", "Number": 1})) == [
        "",
        "Name                           Value",
        "----                           -----",
        "Shape                          Square",
        "Number                         1",
        "",
        "",
    ]


def test_collections_show_four_elements():
    assert (
        lines(custom_object({"All": [1, 2, 3, 4, 5], "Few": ["a"], "None": []}))[3]
        == "{1, 2, 3, 4...} {a} {}"
    )


def test_strings_numbers_and_null():
    assert format_objects(["a\nb", 1, None, 2.5, True]) == "a\nb\n1\n2.5\nTrue\n"


def test_files_are_grouped_by_directory():
    # MicrosoftDocs/PowerShell-Docs, Get-ChildItem.md 5.1 example 1.
    def item(name, length, mode):
        kind = "File" if length is not None else "Directory"
        properties = {
            "Mode": mode,
            "LastWriteTime": datetime(2019, 9, 15, 12, 19, tzinfo=UTC),
            "Name": name,
            "PSParentPath": "Microsoft.PowerShell.Core\\FileSystem::C:\\Test",
        }
        if length is not None:
            properties["Length"] = Int64(length)
        return PSObject([f"System.IO.{kind}Info", "System.IO.FileSystemInfo", "System.Object"], properties)

    assert lines(item("Logs", None, "d-----"), item("anotherfile.txt", 20, "-a----")) == [
        "",
        "",
        "    Directory: C:\\Test",
        "",
        "",
        "Mode                LastWriteTime         Length Name",
        "----                -------------         ------ ----",
        "d-----        9/15/2019  12:19 PM                Logs",
        "-a----        9/15/2019  12:19 PM             20 anotherfile.txt",
        "",
        "",
    ]


def test_the_date_view_has_one_line_before_and_two_after():
    assert lines(datetime(2026, 11, 20, 6, 5, 4, tzinfo=UTC)) == [
        "",
        "Friday, November 20, 2026 6:05:04 AM",
        "",
        "",
    ]


def test_an_object_of_another_type_is_shown_outside_the_view():
    shown = lines(service("a", "A"), custom_object({"X": 1, "Y": 2}))
    assert shown[3:8] == ["Running  a                  A", "", "X : 1", "Y : 2", ""]


@pytest.mark.parametrize(
    ("wanted", "screen", "given"),
    [
        ([8, 18, 38], 79, [8, 18, 38]),
        ([0, 0], 21, [10, 10]),
        ([10, 0, 0], 79, [10, 34, 33]),
        ([40, 40, 40], 79, [40, 38, -1]),
        ([79], 79, [79]),
    ],
)
def test_widths(wanted, screen, given):
    assert assign_widths(wanted, screen) == given


def test_wide_columns_keep_one_blank_between_them():
    assert [items_per_row(n, 79) for n in (10, 38, 39, 79)] == [7, 2, 1, 1]


def test_wrapping_keeps_the_blank_that_ends_a_line():
    # The break that WinRM users know: PowerShell/PowerShell#3813 and countless error reports at 80 columns.
    text = (
        "+ CategoryInfo          : ObjectNotFound: (nosuch:String) [Get-Service], S    erviceCommandException"
    )
    assert wrap("    " + text, 79)[1].startswith("   ")
    assert fit("a\nb", 6) == "a...  "
