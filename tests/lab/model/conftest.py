from __future__ import annotations

import textwrap

import pytest

from lab.errors import UsageError
from lab.model.loader import load

GOOD = """\
title: The light is off
covers: [light_off]
error: LightIsOff
fidelity: {windows: emulated}
hosts:
  vm: {os: windows}
inject:
  - {on: vm, simulated: {light: 'off'}}
symptom:
  backup: {status: Failed, error: LightIsOff}
detect:
  - {on: vm, cmd: look, finds: 'light is off'}
remediate:
  - {on: vm, cmd: switch on}
healthy:
  - {on: vm, cmd: look, lacks: 'light is off'}
"""


@pytest.fixture
def good():
    return GOOD


@pytest.fixture
def write(tmp_path):
    """Write a scenario file and return its folder."""

    def make(text=GOOD, **scripts):
        folder = tmp_path / "light_off"
        folder.mkdir(exist_ok=True)
        (folder / "scenario.yaml").write_text(textwrap.dedent(text))
        for name, content in scripts.items():
            (folder / name.replace("__", ".")).write_text(content)
        return folder

    return make


@pytest.fixture
def refusal(write):
    """The lines with which a file is refused, without the name of the file."""

    def why(text):
        folder = write(text)
        with pytest.raises(UsageError) as raised:
            load(folder)
        return [line.split("scenario.yaml:", 1)[1] for line in raised.value.message.splitlines()]

    return why
