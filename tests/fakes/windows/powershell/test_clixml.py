"""CLIXML of standard error, read by clients that others wrote."""

from datetime import UTC, datetime

import winrm
from pypsrp.client import Client

from fakes.windows.powershell.clixml import ClixmlWriter, HostMessage, encode_string


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


def test_write_host_leaves_a_record_that_clients_pass_over():
    # Layout as captured from Windows PowerShell 5.1 over WinRM (apache/brooklyn-server, PrettyXmlWriterTest).
    moment = datetime(2021, 1, 18, 19, 8, 50, 372713, tzinfo=UTC)
    message = HostMessage("hello", "Write-Host", moment, "MYWIN-01\\Administrator", "mywin-01", 3864)
    text = document(lambda writer: writer.information(message))
    assert (
        '<Obj S="information" RefId="0"><TN RefId="0"><T>System.Management.Automation.InformationRecord</T>'
        in text
    )
    assert (
        '<DT N="TimeGenerated">2021-01-18T19:08:50.3727130+00:00</DT><Obj N="Tags" RefId="2"><TN RefId="2">'
        in text
    )
    assert Client.sanitise_clixml(text) == ""
    assert "System.Management.Automation.HostInformationMessage" in text
