"""Built-ins that work on files, and dir with a foreign parser."""

from __future__ import annotations

import jc
import pytest


@pytest.fixture
def box(run):
    for name, text in (("a.txt", "alpha"), ("b.txt", "beta"), ("c.log", "gamma")):
        run.host.inject({"file": f"C:\\box\\{name}", "text": text})
    run.session.cwd = "C:\\box"
    return run


def names(run) -> list[str]:
    return [entry.name for entry in run.host.files.list("C:\\box")]


def test_copy(box):
    assert box("copy a.txt d.txt").out == "        1 file(s) copied.\n"
    assert box("copy *.txt C:\\Windows\\Temp").out == "a.txt\nb.txt\nd.txt\n        3 file(s) copied.\n"
    assert box("copy /b a.txt+b.txt ab.txt").out == "        1 file(s) copied.\n"
    assert box.host.files.read("C:\\box\\ab.txt") == b"alphabeta"
    missing = box("copy x.txt y.txt")
    assert (missing.code, missing.err) == (1, "The system cannot find the file specified.\n")
    assert box("copy a.txt b.txt", stdin="n\n").out.startswith("Overwrite C:\\box\\b.txt? (Yes/No/All): ")
    assert box.host.files.read("C:\\box\\b.txt") == b"beta"
    assert box("copy /y a.txt b.txt").code == 0
    assert box.host.files.read("C:\\box\\b.txt") == b"alpha"


def test_del(box):
    assert box("del a.txt").code == 0
    assert names(box) == ["b.txt", "c.log"]
    assert box("del nothing.txt").err == "Could Not Find C:\\box\\nothing.txt\n"
    box("del /q *")
    assert names(box) == []


def test_del_asks_before_it_deletes_everything(box):
    result = box("del *", stdin="n\n")
    assert result.out == "C:\\box\\*, Are you sure (Y/N)? "
    assert len(names(box)) == 3


def test_md_rd_ren_move(box):
    assert box("md x\\y\\z").code == 0
    assert box("rd x").err == "The directory is not empty.\n"
    assert box("rd /s /q x").code == 0
    assert box("ren a.txt z.txt").code == 0
    assert box("ren z.txt b.txt").err == "A duplicate file name exists, or the file\ncannot be found.\n"
    assert box("move z.txt C:\\Windows\\Temp").out == "        1 file(s) moved.\n"
    assert box.host.files.exists("C:\\Windows\\Temp\\z.txt")
    assert names(box) == ["b.txt", "c.log"]


def test_read_only_files_resist(box):
    box.host.files.change("C:\\box\\a.txt", attributes="R")
    assert "Access is denied." in box("del a.txt").err
    assert box("echo x>a.txt").err == "Access is denied.\n"
    assert box("del /f a.txt").err == ""


def test_type_several(box):
    result = box("type a.txt b.txt")
    assert (result.out, result.err) == ("alphabeta", "\na.txt\n\n\n\nb.txt\n\n\n")


def test_dir(box):
    result = box("dir")
    volume = box.host.files.volumes["c:"]
    assert result.out.startswith(
        f" Volume in drive C is Windows\n Volume Serial Number is {volume.serial}\n\n"
    )
    assert "06/25/2018  02:05 PM                 5 a.txt\n" in result.out
    assert "               3 File(s)             14 bytes\n               2 Dir(s) " in result.out


def test_dir_for_a_foreign_parser(box):
    found = jc.parse("dir", box("dir C:\\Windows").out, quiet=True)
    entries = {entry["filename"]: entry for entry in found}
    assert entries["System32"]["dir"] is True
    assert entries["win.ini"]["size"] == 92
    assert {entry["parent"] for entry in found} == {"C:\\Windows"}
    assert "Installer" not in entries  # hidden


def test_dir_switches(box):
    assert box("dir /b").out == "a.txt\nb.txt\nc.log\n"
    assert box("dir /b /o-n").out == "c.log\nb.txt\na.txt\n"
    assert box("dir /b/s C:\\box\\*.log").out == "C:\\box\\c.log\n"
    assert box("dir /b /ad C:\\Windows\\Inst*").out == "Installer\n"
    missing = box("dir nothing")
    assert (missing.code, missing.err) == (1, "File Not Found\n")
    assert missing.out.endswith(
        "\n\n Directory of C:\\box\n\n"
    )  # the transcripts name the directory that was searched
    assert box("dir /foo").err == 'Invalid switch - "foo".\n'
    assert box("dir /x").code == 120


def test_vol(box):
    assert "Volume Serial Number is" in box("vol").out
    assert box("vol E:").code == 1
