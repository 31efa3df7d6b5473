"""What the harness's own tests share: a state folder of their own, and a stand-in fabric."""

from __future__ import annotations

import json
import sys
import textwrap
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@pytest.fixture(autouse=True)
def state_dir(tmp_path_factory, monkeypatch):
    """No test sees or touches the sessions of the person who runs it."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("LAB_STATE_DIR", str(folder))
    return folder


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
