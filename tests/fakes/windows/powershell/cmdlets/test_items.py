"""Items, properties and content of the file system and the registry."""

import pytest


@pytest.mark.parametrize(
    ("path", "exists"),
    [
        (r"C:\Windows", True),
        (r"C:\Windows\System32\vssvc.exe", True),
        (r"C:\nope", False),
        ("HKLM:\\SOFTWARE", True),
        (r"HKLM:\SOFTWARE\nope", False),
        (r"Registry::HKEY_LOCAL_MACHINE\SYSTEM", True),
        ("Q:\\", False),
        ("Env:COMPUTERNAME", True),
        ("C:\\Win*", True),
    ],
)
def test_test_path(shell, path, exists):
    assert shell.ps(f"Test-Path '{path}'").lines == [str(exists)]


@pytest.mark.parametrize(
    ("script", "message", "fqid"),
    [
        ("Get-Item C:\\nope", "Cannot find path 'C:\\nope' because it does not exist.", "PathNotFound"),
        (
            "Get-ChildItem Q:\\",
            "Cannot find drive. A drive with the name 'Q' does not exist.",
            "DriveNotFound",
        ),
        (
            "Get-ItemProperty HKLM:\\SOFTWARE\\nope",
            "Cannot find path 'HKLM:\\SOFTWARE\\nope' because it does not exist.",
            "PathNotFound",
        ),
        (
            "Get-ItemProperty HKLM:\\SOFTWARE -Name Nope",
            "Property Nope does not exist at path HKEY_LOCAL_MACHINE\\SOFTWARE.",
            "System.Management.Automation.PSArgumentException",
        ),
        (
            "New-Item C:\\Windows -ItemType Directory",
            "An item with the specified name C:\\Windows already exists.",
            "DirectoryExist",
        ),
        ("New-Item HKLM:\\SOFTWARE", "A key in this path already exists.", "System.IO.IOException"),
        (
            "Get-Content C:\\Windows",
            "Access to the path 'C:\\Windows' is denied.",
            "GetContentReaderUnauthorizedAccessError",
        ),
        ("Set-Location C:\\nope", "Cannot find path 'C:\\nope' because it does not exist.", "PathNotFound"),
    ],
)
def test_error_texts(shell, script, message, fqid):
    result = shell.ps(
        f"try {{ {script} -ErrorAction Stop }} catch {{ $_.Exception.Message; $_.FullyQualifiedErrorId }}"
    )
    assert result.lines[0] == message
    assert result.lines[1].split(",")[0] == fqid


def test_registry_values_keep_their_types(shell, host):
    shell.ps(r"""
        New-Item HKLM:\SOFTWARE\Lab\Sub -Force | Out-Null
        New-ItemProperty HKLM:\SOFTWARE\Lab -Name D -PropertyType DWord -Value 4294967295 | Out-Null
        New-ItemProperty HKLM:\SOFTWARE\Lab -Name M -PropertyType MultiString -Value a,b | Out-Null
        New-ItemProperty HKLM:\SOFTWARE\Lab -Name E -PropertyType ExpandString -Value '%SystemRoot%\x' | Out-Null
        New-ItemProperty HKLM:\SOFTWARE\Lab -Name B -PropertyType Binary -Value ([byte[]](1,2)) | Out-Null
        Set-ItemProperty HKLM:\SOFTWARE\Lab -Name S -Value text
        Set-ItemProperty HKLM:\SOFTWARE\Lab -Name D -Value 5
    """)
    key = host.registry.open(r"HKLM\SOFTWARE\Lab")
    assert {value.name: (value.type, value.data) for value in key.values.values()} == {
        "D": ("REG_DWORD", 5),
        "M": ("REG_MULTI_SZ", ("a", "b")),
        "E": ("REG_EXPAND_SZ", r"%SystemRoot%\x"),
        "B": ("REG_BINARY", b"\x01\x02"),
        "S": ("REG_SZ", "text"),
    }
    shown = shell.ps(
        r"$p = Get-ItemProperty HKLM:\SOFTWARE\Lab; $p.E; $p.M -join '+'; $p.B.GetType().Name; $p.D"
    ).lines
    assert shown == [r"C:\Windows\x", "a+b", "Byte[]", "5"]


def test_a_key_prints_as_its_hive_and_properties(shell):
    # Get-ChildItem.md and about_Registry_Provider, 5.1.
    shell.ps(
        r"New-Item HKLM:\SOFTWARE\Lab\One -Force | Out-Null; Set-ItemProperty HKLM:\SOFTWARE\Lab\One A 1"
    )
    assert shell.ps(r"Get-ChildItem HKLM:\SOFTWARE\Lab").lines == [
        "",
        "",
        r"    Hive: HKEY_LOCAL_MACHINE\SOFTWARE\Lab",
        "",
        "",
        "Name                           Property",
        "----                           --------",
        "One                            A : 1",
        "",
        "",
    ]


def test_remove_item_asks_and_nobody_answers(shell, host):
    shell.ps(r"New-Item HKLM:\SOFTWARE\Lab\Sub -Force | Out-Null")
    refused = shell.ps(r"Remove-Item HKLM:\SOFTWARE\Lab")
    assert "Read and Prompt functionality is not available" in refused.message
    assert host.registry.exists(r"HKLM\SOFTWARE\Lab\Sub")
    shell.ps(r"Remove-Item HKLM:\SOFTWARE\Lab -Recurse")
    assert not host.registry.exists(r"HKLM\SOFTWARE\Lab")


def test_content_by_lines_encodings_and_appending(shell, host):
    shell.ps(
        r"Set-Content C:\a.txt one,two; Add-Content C:\a.txt three; 'x' | Out-File C:\b.txt; Set-Content C:\c.txt -Enc UTF8 é"
    )
    assert host.files.read(r"C:\a.txt") == b"one\r\ntwo\r\nthree\r\n"
    assert host.files.read(r"C:\b.txt") == b"\xff\xfex\x00\r\x00\n\x00"
    assert host.files.read(r"C:\c.txt") == "\ufeffé\r\n".encode()
    assert shell.ps(
        r"Get-Content C:\a.txt -Tail 1; (Get-Content C:\a.txt)[0]; (Get-Content C:\b.txt -Raw).Length"
    ).lines == ["three", "one", "3"]


def test_copy_move_rename_and_children(shell):
    script = r"""
        New-Item C:\d\e -ItemType Directory -Force | Out-Null
        Set-Content C:\d\1.log a; Copy-Item C:\d\1.log C:\d\e; Move-Item C:\d\1.log C:\d\2.log; Rename-Item C:\d\2.log 3.txt
        Get-ChildItem C:\d -Recurse -Name
        (Get-ChildItem C:\d -Recurse -File -Filter *.log).FullName
        Copy-Item C:\d C:\f -Recurse; Get-ChildItem C:\f -Recurse | % Name
    """
    assert shell.ps(script).lines == ["e", "3.txt", r"e\1.log", r"C:\d\e\1.log", "e", "3.txt", "1.log"]


def test_locations_and_paths(shell):
    script = r"""
        Set-Location HKLM:\SOFTWARE; (Get-Location).Path; Test-Path Microsoft; Push-Location C:\Windows; (Resolve-Path .).Path
        Pop-Location; "$pwd"; Split-Path C:\a\b.txt; Split-Path C:\a\b.txt -Leaf; Split-Path C:\a -Qualifier; Join-Path C:\ x
    """
    assert shell.ps(script).lines == [
        r"HKLM:\SOFTWARE",
        "True",
        r"C:\Windows",
        r"HKLM:\SOFTWARE",
        r"C:\a",
        "b.txt",
        "C:",
        r"C:\x",
    ]


def test_a_drive_of_the_session_reaches_the_other_hives(shell):
    script = r"New-PSDrive HKU Registry HKEY_USERS | % Name; Test-Path HKU:\S-1-5-18; (Get-PSDrive C).Root"
    assert shell.ps(script).lines == ["HKU", "True", "C:\\"]


def test_a_provider_we_do_not_have_is_refused(shell):
    assert (
        shell.ps(r"Get-ChildItem Cert:\LocalMachine\My").err
        == "NOT SIMULATED: PowerShell provider Certificate"
    )
