"""CLIXML of standard error, read by clients that others wrote."""

import winrm
from pypsrp.client import Client

from fakes.windows.powershell.clixml import ClixmlWriter, encode_string


def document(fill):
    parts = []
    writer = ClixmlWriter(parts.append)
    fill(writer)
    writer.close()
    return "".join(parts)


def test_nothing_written_leaves_standard_error_empty():
    assert document(lambda writer: None) == ""


def test_a_progress_record_reads_as_the_one_windows_sends():
    # Captured over WinRM many times in public issues, for example diyan/pywinrm#103.
    assert document(lambda writer: writer.progress()) == (
        '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
        '<Obj S="progress" RefId="0"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T>'
        '<T>System.Object</T></TN><MS><I64 N="SourceId">1</I64><PR N="Record"><AV>Preparing modules for first '
        "use.</AV><AI>0</AI><Nil /><PI>-1</PI><PC>-1</PC><T>Completed</T><SR>-1</SR><SD> </SD></PR></MS></Obj></Objs>"
    )


def test_pywinrm_turns_errors_back_into_text_and_drops_progress():
    def fill(writer):
        writer.progress()
        writer.string("Error", "Get-Service : Cannot find <any> service\r\n")
        writer.string("Error", "At line:1 char:1\r\n")

    session = winrm.Session("localhost", auth=("user", "password"))
    cleaned = session._clean_error_msg(document(fill).encode())
    assert cleaned == b"Get-Service : Cannot find <any> service\nAt line:1 char:1"


def test_pypsrp_reads_only_the_errors_back():
    def fill(writer):
        writer.string("warning", "not shown\r\n")
        writer.string("Error", "50% _x000D_ done & \x1bwaiting\r\n")
        writer.progress(2)

    assert Client.sanitise_clixml(document(fill)) == "50% _x000D_ done & \x1bwaiting\r\n"


def test_an_underscore_sequence_in_the_text_survives():
    assert encode_string("_x0041_ and a_b") == "_x005F_x0041_ and a_b"
