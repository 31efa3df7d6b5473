"""What the harness's own tests share.

A state folder of their own, a program that plays the fabric, a small HTTP server, and an
in-memory world (a lamp) whose one fault can be steered, so that the engine's judgement is
what is tested.
"""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lab import registry
from lab.engine.run import Options, Run
from lab.engine.sequence import sequence
from lab.engine.world import AzureReply, BackupResult, Refusal
from lab.hosts.base import CommandResult
from lab.journal.journal import Journal
from lab.model.loader import load


@pytest.fixture(autouse=True)
def state_dir(tmp_path_factory, monkeypatch):
    """No test sees or touches the sessions of the person who runs it."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("LAB_STATE_DIR", str(folder))
    yield folder
    monkeypatch.setenv("LAB_STATE_DIR", str(folder))
    for record in registry.records():  # kept on purpose by the test
        shutil.rmtree(record.dir, ignore_errors=True)


@pytest.fixture
def fabric_command(tmp_path):
    """Make a program that plays the fabric: its body is Python, `config` and `say` are given."""

    def make(body):
        script = tmp_path / "fabric.py"
        script.write_text(
            textwrap.dedent("""\
                import json, os, signal, sys, time
                config = json.loads(sys.stdin.readline())
                def say(**more):
                    ready = {"ready": True, "pid": os.getpid(), "arm": "https://localhost:1", "arm_token": "armtoken",
                             "ca": "/ca.pem", "control": "http://127.0.0.1:1", "control_token": "controltoken",
                             "sockets": config["dir"], "storage": {"account": "a", "key": "storagekey"},
                             "hosts": {"vm": {"http": "http://x", "user": "u", "password": "hostpassword"}},
                             "facts": {"vm_id": "/x"}, **more}
                    print(json.dumps(ready), flush=True)
            """)
            + textwrap.dedent(body)
        )
        return (sys.executable, str(script))

    return make


class Recorder(ThreadingHTTPServer):
    """A small HTTP server that answers from a table and remembers what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = {}
        self.asked = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, request, *answers):
        """Answers to ``"GET /path"`` in turn, the last one for ever: (status, body[, headers])."""
        self.answers[request] = list(answers)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _handle(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        request = f"{self.command} {self.path}"
        self.server.asked.append((request, body, dict(self.headers)))
        known = self.server.answers.get(request)
        if not known:
            status, content, headers = 404, {"error": f"no answer for {request}"}, {}
        else:
            status, content, *rest = known.pop(0) if len(known) > 1 else known[0]
            headers = rest[0] if rest else {}
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _handle

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    recorder = Recorder()
    thread = threading.Thread(target=recorder.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield recorder
    recorder.shutdown()
    thread.join()
    recorder.server_close()


SCENARIO = """
title: The light is off
covers: [light_off]
error: LightIsOff
fidelity: {windows: emulated, fault: modelled}
hosts:
  vm: {os: windows}
inject:
  - {name: Turn it off, on: vm, simulated: {light: 'off'}}
symptom:
  backup: {status: Failed, error: LightIsOff}
detect:
  - {name: Look at the light, on: vm, cmd: look, finds: 'light is off'}
remediate:
  - {name: Press the switch, on: vm, cmd: switch on}
healthy:
  - {name: The light is on, on: vm, cmd: look, finds: 'light is on'}
  - {backup: Completed}
wrong_fixes:
  - {name: Clap, on: vm, cmd: clap}
allows: [vm/switch/presses]
"""


@dataclass
class LampHost:
    """A host that is a lamp; `commands` says what each command does to it."""

    world: LampWorld
    name: str = "vm"
    os: str = "windows"
    fidelity: dict[str, str] = field(default_factory=dict)

    def run(self, command, shell, *, stdin=None, timeout=120.0, env=None):
        self.world.ran.append(command)
        action = self.world.commands.get(command)
        if action is None:
            return CommandResult(self.name, command, 1, "", f"'{command}' is not recognized", 0.001)
        answer = action(self.world)
        if isinstance(answer, CommandResult):
            return answer
        return CommandResult(self.name, command, 0, answer or "", "", 0.001)

    def run_script(self, path, *, args=(), timeout=600.0, env=None):
        return self.run(path.read_text().strip(), "powershell", timeout=timeout)

    def wait_ready(self, timeout):
        pass

    def restart(self, timeout):
        self.world.on_restart(self.world)

    def pulse(self):
        return None

    def settle(self, pulse, timeout):
        return self.world.on_settle(self.world)

    def capture_state(self):
        return {"light": self.world.light, "switch": dict(self.world.switch)}

    def logs(self):
        return {"lamp": "flicker password=hunter22"}

    def close(self):
        pass


def press(world: LampWorld) -> str:
    if world.light != "on":
        world.light = "on"
        world.switch["presses"] += 1
    return "click"


def look(world: LampWorld) -> str:
    return f"light is {world.light}"


@dataclass
class LampWorld:
    light: str = "on"
    switch: dict[str, Any] = field(default_factory=lambda: {"presses": 0, "colour": "white"})
    commands: dict[str, Callable[[LampWorld], Any]] = field(
        default_factory=lambda: {"look": look, "switch on": press, "clap": lambda _: ""}
    )
    facts: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ("s3cret-value",)
    fidelity: Mapping[str, str] = field(default_factory=lambda: {"lamp": "modelled"})
    python_env: Mapping[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    closed: int = 0
    on_inject: Callable[[LampWorld], None] = lambda w: setattr(w, "light", "off")
    on_backup: Callable[[LampWorld], BackupResult | None] = lambda _: None
    on_advance: Callable[[LampWorld], None] = lambda _: None
    on_restart: Callable[[LampWorld], None] = lambda _: None
    on_settle: Callable[[LampWorld], str] = lambda _: ""
    on_close: Callable[[LampWorld], None] = lambda _: None

    @property
    def hosts(self):
        return {"vm": LampHost(self)}

    def is_simulated(self, host):
        return True

    def inject(self, host, change):
        self.on_inject(self)

    def backup(self, timeout):
        self.ran.append("<backup>")
        steered = self.on_backup(self)
        if steered is not None:
            return steered
        if self.light == "on":
            return BackupResult("Completed", tasks={"Take Snapshot": "Completed"})
        return BackupResult("Failed", "LightIsOff", "It is dark. token=abcdef123456")

    def azure(self, method, path, body, timeout):
        return AzureReply(200, {})

    def knob(self, settings):
        pass

    def advance(self, seconds):
        self.on_advance(self)

    def restart(self, host, timeout):
        self.on_restart(self)

    def not_simulated(self):
        return list(self.refusals)

    def capture_state(self):
        return {"vm": {"light": self.light, "switch": dict(self.switch)}}

    def logs(self):
        return self.hosts["vm"].logs()

    def leave(self):
        self.left = True

    def close(self):
        self.closed += 1
        self.on_close(self)


@dataclass
class Lab:
    """Runs the lamp scenario, possibly changed, in steered worlds."""

    folder: Path
    world_class: ClassVar[type[LampWorld]] = LampWorld
    worlds: list[LampWorld] = field(default_factory=list)
    journal: Journal | None = None

    def scenario(self, text=SCENARIO):
        folder = self.folder / "light_off"
        folder.mkdir(exist_ok=True)
        (folder / "scenario.yaml").write_text(textwrap.dedent(text))
        return load(folder)

    def run(self, mode="prove", *, text=SCENARIO, make=LampWorld, **options):
        scenario = self.scenario(text)

        def fresh():
            world = make()
            self.worlds.append(world)
            return world

        with Journal(self.folder / "report" / "journal.jsonl") as self.journal:
            return Run(scenario, fresh, self.journal, Options(mode=mode, **options)).execute(sequence)

    @property
    def world(self) -> LampWorld:
        return self.worlds[-1]


@pytest.fixture
def lamp_scenario():
    """Text of the lamp's scenario, for tests that change it."""
    return SCENARIO


@pytest.fixture
def lamp(tmp_path):
    return Lab(tmp_path)


@pytest.fixture
def prove(lamp):
    """Prove the lamp scenario in a world whose hooks and commands are given."""

    def start(mode="prove", *, commands=None, options=None, text=None, **hooks):
        def make():
            world = type(lamp).world_class(**hooks)
            world.commands.update(commands or {})
            return world

        return lamp.run(mode, make=make, **({"text": text} if text else {}), **(options or {}))

    return start
