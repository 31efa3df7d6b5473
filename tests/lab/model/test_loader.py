from __future__ import annotations

import json

import pytest

from lab.errors import UsageError
from lab.model.loader import load, schema
from lab.model.scenario import PHASES


def test_a_good_file_is_loaded(write):
    scenario = load(write())
    assert scenario.id == "light_off"
    assert scenario.spec.hosts["vm"].os == "windows"
    assert scenario.spec.symptom[0].backup.error == "LightIsOff"


def test_a_missing_file_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"scenario\.yaml: there is no such file"):
        load(tmp_path)


def test_a_list_is_no_scenario(refusal):
    assert refusal("- 1\n")[0].startswith("1: expected a mapping")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title: The light is off", "titel: x", "1: title: missing, and it is needed"),
        ("title: The light is off", "titel: x", "1: titel: unknown key; did you mean 'title'?"),
        ("os: windows", "os: windos", "6: hosts.vm.os: expected 'windows' or 'linux', not 'windos'; did you mean 'windows'?"),
        ("finds: 'light is off'", "fnds: x", "12: detect[0].fnds: unknown key; did you mean 'finds'?"),
        ("finds: 'light is off'", "finds: '('", "12: detect[0].finds: not a regular expression: missing ), unterminated subpattern at position 0"),
        ("finds: 'light is off'", "name: look", "12: detect[0]: a check must be able to fail: needs finds:, lacks: or exit:"),
        ("cmd: switch on", "cmmd: switch on", ("14: remediate[0]: no kind of step; expected one of cmd, powershell, sh, azure, python, knob, wait, "
         "backup, service, file, process, package, port, registry, acl, event, simulated, real; did you mean 'cmd'?")),
        ("cmd: switch on", "cmd: a, powershell: b", "14: remediate[0]: one step does one thing; this has cmd and powershell"),
        ("cmd: switch on", "cmd: my-fix.cmd", "14: remediate[0].cmd: there is no script 'my-fix.cmd' beside the scenario file"),
        ("cmd: switch on", "simulated: {light: 'on'}", "14: remediate[0]: simulated: is not allowed here"),
        ("on: vm, cmd: switch on", "on: vmm, cmd: switch on", "14: remediate[0]: on: there is no host 'vmm'; did you mean 'vm'?"),
        ("cmd: switch on", "sh: switch on", "14: remediate[0]: sh: vm is a windows host; use cmd: or powershell:"),
        ("error: LightIsOff}", "error: Other}", "1: error: is LightIsOff, but symptom: expects Other"),
        ("status: Failed, error: LightIsOff", "status: Faild", ("10: symptom.backup.status: expected 'Completed', 'CompletedWithWarnings', 'Failed' or "
         "'Cancelled', not 'Faild'; did you mean 'Failed'?")),
        ("cmd: switch on", "acl: C:\\x", "14: remediate[0]: acl: is not allowed here"),
        ("cmd: look, lacks: 'light is off'", "acl: 'C:\\x'", "16: healthy[0]: acl: checks are not implemented; use a command with finds:"),
        ("cmd: look, lacks: 'light is off'", "package: vim", "16: healthy[0]: package: checks are not implemented for windows hosts; use powershell: with finds:"),
        ("cmd: look, lacks: 'light is off'", "service: VSS", "16: healthy[0].service: needs exists:, running: or enabled:"),
        ("cmd: switch on", "azure: GTE /x?api-version=1", ("14: remediate[0].azure: starts with one of GET, PUT, PATCH, POST, DELETE, HEAD, such as "
         "'GET ${vm_id}?api-version=...'")),
        ("cmd: switch on", "azure: 'GET ${vm_id}'", "14: remediate[0].azure: needs an api-version, such as '?api-version=2024-05-01'"),
        ("cmd: switch on", "cmd: 'ping ${storage_hst}'", "14: ${storage_hst}: no such fact; did you mean 'storage_host'? (write $${...} for a shell's own variable)"),
        ("covers: [light_off]", "covers: []", "2: covers: List should have at least 1 item after validation, not 0, not []"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_file_line_and_field(refusal, good, old, new, line):
    assert old in good
    lines = refusal(good.replace(old, new, 1))
    assert line in lines, "\n".join(lines)


def test_all_complaints_come_at_once_in_the_order_of_the_file(refusal, good):
    lines = refusal(good.replace("os: windows", "os: dos").replace("cmd: switch on", "cmnd: x"))
    assert [line.split(":")[0] for line in lines] == ["6", "14"]


def test_several_hosts_need_to_be_named(refusal, good):
    two = good.replace("  vm: {os: windows}\n", "  vm: {os: windows}\n  dc: {os: windows}\n")
    lines = refusal(two.replace("{on: vm, cmd: switch on}", "{cmd: switch on}"))
    assert lines == ["15: remediate[0]: on: is needed where there are several hosts (vm, dc)"]


def test_a_wrong_fix_may_be_one_step_or_several(write, good):
    text = (
        good
        + "wrong_fixes:\n  - {name: Clap, on: vm, cmd: clap}\n  - {name: Both, steps: [{cmd: clap}], undo: [{cmd: hush}]}\n"
    )
    clap, both = load(write(text)).spec.wrong_fixes
    assert (clap.name, clap.steps[0].cmd, clap.undo) == ("Clap", "clap", [])
    assert (both.steps[0].cmd, both.undo[0].cmd) == ("clap", "hush")


def test_a_wrong_fix_with_an_unknown_key_is_refused_at_its_line(refusal, good):
    text = (
        good
        + "wrong_fixes:\n  - {name: Clap, on: vm, cmd: clap}\n  - {name: X, on: vm, cmd: clap, finds: '['}\n"
    )
    assert refusal(text)[0].startswith("19: wrong_fixes[1].finds: not a regular expression")


def test_scripts_are_found_beside_the_file(write, good):
    scenario = load(write(good.replace("cmd: switch on", "powershell: fix.ps1"), fix__ps1="x"))
    assert scenario.script("fix.ps1") == scenario.folder / "fix.ps1"
    assert scenario.script("net stop VSS") is None


def test_facts_are_resolved_and_escaped_in_patterns(write, good):
    text = good.replace("cmd: switch on", "cmd: 'ping ${storage_host} $${kept}'").replace(
        "'light is off'}", "'^${storage_host}$'}", 1
    )
    resolved = load(write(text)).resolved({"storage_host": "a.b"})
    assert resolved.spec.remediate[0].cmd == "ping a.b ${kept}"
    assert resolved.spec.detect[0].finds == [r"^a\.b$"]


def test_a_fact_the_world_lacks_is_refused_with_its_line(write, good):
    scenario = load(write(good.replace("cmd: switch on", "cmd: 'ping ${storage_host}'")))
    with pytest.raises(
        UsageError, match=r"scenario\.yaml:14: \$\{storage_host\}: this world has no such fact"
    ):
        scenario.resolved({})
    assert scenario.resolved({}, partial=True).spec.remediate[0].cmd == "ping ${storage_host}"


def test_the_schema_names_every_field_and_is_json(write):
    text = json.dumps(schema())
    for name in ("wrong_fixes", "simulated", "powershell", "training", *PHASES):
        assert f'"{name}"' in text
