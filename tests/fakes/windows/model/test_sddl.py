from __future__ import annotations

import pytest

from fakes.windows.model import sddl


@pytest.mark.parametrize(
    "text",
    [
        "O:SYG:SYD:PAI(A;;0x12019f;;;WD)(A;;FA;;;BA)",
        "O:BAG:SYD:AI(D;;FW;;;BG)(A;OICIID;FA;;;SY)(A;CIIOID;LC;;;BU)(A;;0x1200a9;;;S-1-5-21-1-2-3-1000)",
    ],
)
def test_round_trip(text):
    assert sddl.text_of(sddl.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["nonsense", "O:SYD:(A;;XX;;;BA)", "O:SYD:(Z;;FA;;;BA)", "O:SYD:(A;;FA;;BA)"]
)
def test_bad_text(text):
    with pytest.raises(ValueError, match=r"no security descriptor|unknown right|no access control entry"):
        sddl.parse(text)


def test_inheritance(host):
    host.files.mkdir("C:\\dir")
    host.files.write("C:\\dir\\file.txt", b"")
    inside = {(ace.sid, ace.flags, ace.mask) for ace in sddl.effective(host.files, "C:\\dir\\file.txt").aces}
    assert ("S-1-5-32-544", ("ID",), 0x1F01FF) in inside
    assert ("S-1-5-32-545", ("ID",), 0x1200A9) in inside
    assert all(flags == ("ID",) for _, flags, _ in inside)
    above = {(ace.sid, ace.flags) for ace in sddl.effective(host.files, "C:\\dir").aces}
    assert ("S-1-5-18", ("OI", "CI", "ID")) in above
    assert ("S-1-5-32-545", ("CI", "ID")) in above  # LC, and DC that was inherit-only on the drive
    assert ("S-1-3-0", ("OI", "CI", "IO", "ID")) in above


def test_a_protected_list_keeps_inheritance_off(host):
    keys = "C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys"
    assert [ace.sid for ace in sddl.effective(host.files, keys).aces] == ["S-1-1-0", "S-1-5-32-544"]
    host.files.change(keys, sddl="O:SYG:SYD:AI(D;;FA;;;WD)")
    aces = sddl.effective(host.files, keys).aces
    assert (aces[0].allow, aces[0].inherited) == (False, False)
    assert all(ace.inherited for ace in aces[1:])
    assert len(aces) > 3


def test_names(host):
    assert sddl.name_of("S-1-5-32-544", host.users) == r"BUILTIN\Administrators"
    assert sddl.name_of(host.users.get("labadmin").sid, host.users) == r"SRV1\labadmin"
    assert sddl.name_of("S-1-5-21-9-9-9-9", host.users) == "S-1-5-21-9-9-9-9"
