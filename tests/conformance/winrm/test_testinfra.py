"""pytest-testinfra's winrm backend against a simulated host.

Only commands: its modules ask Windows hosts things that real ones do not answer either
(pytest-dev/pytest-testinfra issue 330).
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import testinfra

USER, PASSWORD = "labadmin", "Pa55:w0rd-é"


def test_host_run(winrm_listener):
    parts = urlsplit(winrm_listener.http_url)
    host = testinfra.get_host(f"winrm://{USER}:{quote(PASSWORD)}@{parts.netloc}?no_ssl=true")

    assert host.run("echo %s", "a b").stdout == '"a b"\r\n'
    failed = host.run("exit 3")
    assert (failed.rc, failed.stderr) == (3, "")
