"""The driver's small parts: addresses, credentials, CLIXML, staging."""

from __future__ import annotations

import base64
import doctest
import re
from importlib.resources import files

import pytest

from lab.errors import UsageError
from lab.hosts.winrm import clixml, credentials, endpoint, staging
from lab.hosts.winrm.credentials import Credentials, find_credentials
from lab.hosts.winrm.endpoint import Endpoint

HEAD = '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'


def test_doctests():
    for module in (endpoint, clixml, credentials, staging):
        results = doctest.testmod(module)
        assert results.attempted
        assert results.failed == 0


class TestEndpoint:
    @pytest.mark.parametrize(
        ("address", "url"),
        [
            ("srv", "http://srv:5985/wsman"),
            ("srv:8080", "http://srv:8080/wsman"),
            ("https://srv", "https://srv:5986/wsman"),
            ("https://[fe80::1]:443/wsman", "https://[fe80::1]:443/wsman"),
        ],
    )
    def test_addresses(self, address, url):
        assert Endpoint.parse(address).url == url

    @pytest.mark.parametrize("address", ["", "ftp://srv", "http://", "srv:port", "http://user:pw@srv"])
    def test_no_addresses(self, address):
        with pytest.raises(UsageError, match="is no WinRM address"):
            Endpoint.parse(address)

    def test_basic_needs_tls(self):
        assert Endpoint.parse("https://srv", "basic").transport == "basic"
        with pytest.raises(UsageError, match="in clear"):
            Endpoint.parse("srv", "basic")


class TestCredentials:
    FILE = "[my-vm]\nuser = labadmin\npassword = a%b=c\n"

    @pytest.fixture
    def file(self, tmp_path):
        made = tmp_path / "credentials"
        made.write_text(self.FILE)
        made.chmod(0o600)
        return made

    def test_environment(self):
        found = find_credentials("my-vm", {"LAB_MY_VM_USER": "u", "LAB_MY_VM_PASSWORD": "p"})

        assert found == Credentials("u", "p")

    def test_file(self, file):
        assert find_credentials("my-vm", {}, file) == Credentials("labadmin", "a%b=c")
        assert find_credentials("my-vm", {"LAB_CREDENTIALS_FILE": str(file)}).user == "labadmin"

    def test_password_shows_nowhere(self):
        assert "secret" not in repr(Credentials("u", "secret"))

    @pytest.mark.parametrize(
        ("environment", "complaint"),
        [
            ({}, "set LAB_VM_USER and LAB_VM_PASSWORD"),
            ({"LAB_VM_USER": "u"}, "LAB_VM_PASSWORD is not set"),
            ({"LAB_VM_PASSWORD": "p"}, "LAB_VM_USER is not set"),
        ],
    )
    def test_missing(self, environment, complaint):
        with pytest.raises(UsageError, match=complaint):
            find_credentials("vm", environment)

    def test_file_that_others_can_read(self, file):
        file.chmod(0o640)

        with pytest.raises(UsageError, match=r"mode 0640\): run chmod 600"):
            find_credentials("my-vm", {}, file)

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("[vm]\nuser = u\n", "needs both"),
            ("", "needs both"),
            ("password = secret", "no credentials file"),
        ],
    )
    def test_bad_file(self, file, text, complaint):
        file.write_text(text)

        with pytest.raises(UsageError, match=complaint) as caught:
            find_credentials("vm", {}, file)
        assert "secret" not in str(caught.value)

    def test_no_file(self, tmp_path):
        with pytest.raises(UsageError, match="cannot read the credentials of vm"):
            find_credentials("vm", {}, tmp_path / "absent")


class TestClixml:
    def test_streams_as_at_the_console(self):
        text = (
            f'{HEAD}<Obj S="progress" RefId="0"><TN RefId="0"><T>X</T></TN></Obj>'
            '<S S="Error">Get-It : no_x000D__x000A_</S><S S="Error">At line:1_x000D__x000A_</S>'
            '<S S="warning">careful</S><S S="verbose">more</S><S S="debug">inside</S>'
            '<Obj S="information" RefId="1"/></Objs>'
        )

        assert clixml.to_text(text) == (
            "Get-It : no\nAt line:1\nWARNING: careful\nVERBOSE: more\nDEBUG: inside\n"
        )

    def test_progress_alone_says_nothing(self):
        assert clixml.to_text(f'{HEAD}<Obj S="progress" RefId="0"/></Objs>') == ""

    def test_native_text_around_documents_is_kept(self):
        document = f'{HEAD}<S S="Error">ps_x000A_</S></Objs>'

        assert clixml.to_text(f"before\n{document}between\n{document}after") == (
            "before\nps\nbetween\nps\nafter"
        )

    @pytest.mark.parametrize(
        "text", ["plain", "", "<Objs>no header</Objs>", "a <Objs> b", "<Objs><S S='Error'>x</S></Objs>"]
    )
    def test_text_without_the_header_is_left_alone(self, text):
        assert clixml.to_text(text) == text

    @pytest.mark.parametrize("broken", ["<Objs><S></Objs>", "<Objs><!DOCTYPE x></Objs>"])
    def test_broken_document_is_shown(self, broken):
        assert clixml.to_text(f"#< CLIXML\r\n{broken}") == broken

    def test_entities_and_escapes(self):
        assert clixml.to_text(f'{HEAD}<S S="Error">a &lt;b&gt; _x005F_x0041_</S></Objs>') == "a <b> _x0041_"


class TestStaging:
    def test_command_is_encoded_as_powershell_wants_it(self):
        staged = staging.stage_command("Write-Output 'ä'")

        assert base64.b64decode(staged.command_line.split()[-1]).decode("utf-16-le") == "Write-Output 'ä'"
        assert staged.stdin is None

    @pytest.mark.parametrize("length", [2900, 3100])
    def test_no_command_line_is_longer_than_cmd_takes(self, length):
        staged = staging.stage_command("x" * length)

        assert len(staged.command_line) < 8191
        assert (staged.stdin is None) == (length < 3000)

    @pytest.mark.parametrize(
        ("text", "literal"),
        [("a b", "'a b'"), ("it's", "'it''s'"), ("\u2019", "'\u2019\u2019'"), ("$x`n", "'$x`n'")],
    )
    def test_quote(self, text, literal):
        assert staging.quote(text) == literal

    @pytest.mark.parametrize("arg", ['a"b', "50%", "a^b", "two\nlines"])
    def test_arguments_cmd_cannot_carry(self, arg):
        with pytest.raises(ValueError, match=r"cmd\.exe cannot pass on"):
            staging.stage_batch(b"ver", ".cmd", [arg])

    def test_line_ends_of_a_batch_file(self):
        assert staging.stage_batch(b"a\r\nb\nc", ".cmd").content == b"a\r\nb\r\nc\r\n"


class TestProxy:
    def test_is_that_of_the_environment(self, monkeypatch):
        monkeypatch.setenv("http_proxy", "http://proxy:3128")
        monkeypatch.setenv("no_proxy", "inside.example")

        assert endpoint.proxy_for("http://srv:5985/wsman") == "http://proxy:3128"
        assert endpoint.proxy_for("http://inside.example:5985/wsman") is None

    def test_none(self, monkeypatch):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)

        assert endpoint.proxy_for("http://srv:5985/wsman") is None


class TestCaptureState:
    """The script that only real hosts run, looked at from outside."""

    @pytest.fixture
    def text(self):
        return files("lab.hosts.winrm").joinpath("capture_state.ps1").read_text("utf-8")

    def test_foreign_parser_finds_no_fault(self, text):
        import tree_sitter
        import tree_sitter_pwsh

        language = tree_sitter.Language(tree_sitter_pwsh.language())

        assert not tree_sitter.Parser(language).parse(text.encode()).root_node.has_error

    def test_sections_are_those_of_a_simulated_host(self, text):
        from fakes.clock import Clock
        from fakes.windows.model.host import Host

        last = text.rstrip().splitlines()[-2]
        sections = re.findall(r"(\w+) = [$@]", last)

        assert {"services", "registry", "vss", "writers", "users", "files"} == set(sections)
        assert set(sections) - {"writers"} <= set(Host.server_2019("SRV1", clock=Clock()).dump())


class TestScriptText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_what_the_byte_order_mark_says(self, encoding):
        assert staging.script_text("'Grüße'\r\n".encode(encoding)) == "'Grüße'\r\n"
        assert staging.script_text(b"\xfe\xff" + "'ü'".encode("utf-16-be")) == "'ü'"

    def test_another_encoding_is_told_with_its_line(self):
        with pytest.raises(ValueError, match=r"line 2 is not UTF-8: save the script as"):
            staging.script_text(b"one\n'\xfc'\n")
