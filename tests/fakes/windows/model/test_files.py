from __future__ import annotations

import threading

import pytest

from fakes.windows.model.files import matcher
from fakes.windows.model.win32 import Win32Error


def code_of(action, *arguments, **named) -> int:
    with pytest.raises(Win32Error) as caught:
        action(*arguments, **named)
    return caught.value.code


def test_paths(host):
    files = host.files
    assert files.resolve("x", "C:\\Windows") == "C:\\Windows\\x"
    assert files.resolve("\\x", "D:\\a") == "D:\\x"
    assert files.resolve("..\\x\\.\\y", "C:\\a\\b") == "C:\\a\\x\\y"
    assert files.resolve("C:x", "C:\\a") == "C:\\a\\x"
    assert files.resolve("D:x", "C:\\a") == "D:\\x"
    assert files.resolve("\\\\?\\C:\\x") == "C:\\x"
    assert files.true_path("c:\\WINDOWS\\system32\\NET.EXE") == "C:\\Windows\\System32\\net.exe"
    assert files.true_path("c:") == "C:\\"


def test_write_read_append(host):
    host.files.write("C:\\a.txt", b"one")
    host.files.write("c:\\A.TXT", b"two", append=True)
    entry = host.files.get("C:\\a.txt")
    assert (entry.name, entry.content, entry.size, entry.attributes) == ("a.txt", b"onetwo", 6, "A")
    assert entry.created <= entry.modified <= host.clock.now()


def test_errors(host):
    files = host.files
    assert code_of(files.read, "C:\\nothing") == 2
    assert code_of(files.read, "C:\\no\\thing") == 3
    assert code_of(files.read, "C:\\Windows") == 5
    assert code_of(files.write, "C:\\no\\x", b"") == 3
    assert code_of(files.write, "C:\\a|b", b"") == 123
    for action in (files.read, files.mkdir, files.delete, files.change):
        assert code_of(action, "\\\\") == 123
    assert code_of(files.write, "\\\\", b"") == 123
    assert code_of(files.move, "\\\\", "C:\\x") == 123
    assert code_of(files.copy, "C:\\Windows\\win.ini", "\\\\") == 123
    assert code_of(files.write, "E:\\x", b"") == 3
    assert code_of(files.mkdir, "C:\\Windows") == 183
    assert code_of(files.mkdir, "C:\\no\\x") == 3
    assert code_of(files.rmdir, "C:\\Windows") == 145
    assert code_of(files.rmdir, "C:\\Windows\\win.ini") == 267
    assert code_of(files.delete, "C:\\Windows") == 5
    assert code_of(files.list, "C:\\Windows\\win.ini") == 267
    assert code_of(files.move, "C:\\Windows\\win.ini", "C:\\Windows\\explorer.exe") == 183


def test_tree_operations(host):
    files = host.files
    files.mkdir("C:\\a\\b\\c", parents=True)
    files.write("C:\\a\\b\\x.txt", b"x")
    files.move("C:\\a\\b", "C:\\z")
    assert [entry.name for entry in files.list("C:\\z")] == ["c", "x.txt"]
    files.copy("C:\\z\\x.txt", "C:\\a\\y.txt")
    assert files.read("C:\\a\\y.txt") == b"x"
    files.rmdir("C:\\z", recursive=True)
    assert not files.exists("C:\\z")
    assert code_of(files.rmdir, "C:\\", recursive=True) == 5


def test_security_descriptors_are_inherited(host):
    keys = "C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys"
    assert host.files.sddl(keys) == "O:SYG:SYD:PAI(A;;0x12019f;;;WD)(A;;FA;;;BA)"
    host.files.write(f"{keys}\\k", b"")
    assert host.files.sddl(f"{keys}\\k") == host.files.sddl(keys)
    assert host.files.sddl("C:\\Windows\\win.ini") == host.files.sddl("C:\\")


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*", ["a", "a.txt", "b.tar.gz"]),
        ("*.*", ["a", "a.txt", "b.tar.gz"]),
        ("*.txt", ["a.txt"]),
        ("*.", ["a"]),
        ("?.TXT", ["a.txt"]),
        ("b*.gz", ["b.tar.gz"]),
        ("a.*", ["a", "a.txt"]),
        ("b.*.gz", ["b.tar.gz"]),
        ("[a]*", []),
    ],
)
def test_wild_cards(pattern, names):
    assert [name for name in ("a", "a.txt", "b.tar.gz") if matcher(pattern)(name)] == names


def test_changes_from_many_threads_are_all_kept(host):
    def work(number: int) -> None:
        for i in range(50):
            host.files.write(f"C:\\Windows\\Temp\\{number}-{i}", b"")
            host.registry.set("HKLM\\SOFTWARE\\Many", f"{number}-{i}", "REG_DWORD", i)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(host.files.list("C:\\Windows\\Temp")) == 400
    assert len(host.registry.open("HKLM\\SOFTWARE\\Many").values) == 400
