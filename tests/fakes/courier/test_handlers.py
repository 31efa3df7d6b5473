import io
import json
import zipfile

import pytest

from fakes.courier.handlers import PackageError, plain_errors, script_of
from fakes.extension.windows.package import build


def package(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def manifest(command):
    return json.dumps([{"handlerManifest": {"enableCommand": command}}])


def test_our_own_package():
    assert "[string] $Settings" in script_of(build("1.0.111.0"))


def test_somebody_elses_script():
    made = package(HandlerManifest__json=manifest("theirs.ps1"), theirs__ps1="\ufeff'hi'")
    assert script_of(made) == "'hi'"


@pytest.mark.parametrize(
    "broken",
    [
        b"no zip",
        package(),
        package(HandlerManifest__json="no json"),
        package(HandlerManifest__json="[]"),
        package(HandlerManifest__json=manifest("missing.ps1")),
        package(HandlerManifest__json=manifest("setup.exe"), setup__exe="MZ"),
    ],
)
def test_what_cannot_be_run_is_said(broken):
    with pytest.raises(PackageError):
        script_of(broken)


def test_errors_of_powershell_are_read_out_of_clixml():
    progress = '<Obj S="progress" RefId="0"><MS><I64 N="SourceId">1</I64></MS></Obj>'
    errors = '<S S="Error">Get-Foo : &lt;x&gt;_x000D__x000A_</S><S S="Error">again_x000D__x000A_</S>'
    assert plain_errors(f"#< CLIXML\r\n<Objs>{progress}{errors}</Objs>") == "Get-Foo : <x>\r\nagain"
    assert plain_errors(f"#< CLIXML\r\n<Objs>{progress}</Objs>") == ""
    assert plain_errors(" plain\n") == "plain"
