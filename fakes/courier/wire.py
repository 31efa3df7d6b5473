"""The agent's side of the wire protocol: goal state, extensions, packages, status.

As WALinuxAgent does it (``protocol/wire.py``, ``protocol/hostplugin.py``); the Windows
agent speaks the same to the same two ports.
"""

from __future__ import annotations

import base64
import http.client
import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

AGENT_NAME = "WindowsAzureGuestAgent"
_VERSION = "2012-11-30"
_STATUS_VERSION = "2014-02-14"
_TIMEOUT = 10.0


class WireError(Exception):
    """The fabric's side did not answer as the protocol says."""


@dataclass(frozen=True)
class ExtensionGoal:
    """One extension of the goal state.

    Attributes:
        name: Publisher and type.
        version: The version to have.
        state: ``enabled`` or ``uninstall``.
        manifest: URL of its manifest.
        sequence: Number of its settings, ``None`` without settings.
        settings: Its public settings.
    """

    name: str
    version: str
    state: str
    manifest: str
    sequence: int | None
    settings: dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """A goal state: what the fabric wants of this VM.

    Attributes:
        incarnation: Its version.
        container_id: What the host calls the VM's container.
        config_name: Name of the role's configuration; HostGAPlugin asks for it.
        status_uri: Where the status is put.
        extensions: The extensions wanted.
    """

    incarnation: str
    container_id: str
    config_name: str
    status_uri: str
    extensions: tuple[ExtensionGoal, ...]


class WireClient:
    """Speaks to a wire server and a HostGAPlugin.

    Args:
        wire: Base URL of the wire server.
        hostga: Base URL of HostGAPlugin.
    """

    def __init__(self, wire: str, hostga: str) -> None:
        self._wire, self._hostga = wire.rstrip("/"), hostga.rstrip("/")
        self._agreed = False

    def goal_state(self, known: Goal | None) -> Goal:
        """Return the goal state; the configuration is fetched only when its version is new.

        Raises:
            WireError: An answer is not what the protocol says.
        """
        if not self._agreed:
            versions = _xml(self._get(f"{self._wire}/?comp=versions"))
            if _VERSION not in [one.text for one in versions.iter("Version")]:
                raise WireError(f"the wire server does not speak {_VERSION}")
            self._agreed = True
        state = _xml(self._get(f"{self._wire}/machine/?comp=goalstate"))
        incarnation = state.findtext("Incarnation") or ""
        if known is not None and known.incarnation == incarnation:
            return known
        config = state.findtext(".//ExtensionsConfig") or ""
        extensions = _xml(self._get(config))
        return Goal(
            incarnation,
            state.findtext(".//ContainerId") or "",
            state.findtext(".//ConfigName") or "",
            extensions.findtext("StatusUploadBlob") or "",
            tuple(_extensions(extensions)),
        )

    def package(self, goal: ExtensionGoal) -> bytes:
        """Download an extension's package.

        Raises:
            WireError: Its manifest names no such version, or a download fails.
        """
        manifest = _xml(self._get(goal.manifest))
        for plugin in manifest.iter("Plugin"):
            if plugin.findtext("Version") == goal.version:
                return self._get(plugin.findtext("Uris/Uri") or "")
        raise WireError(f"the manifest of {goal.name} has no version {goal.version}")

    def report(self, goal: Goal, status: dict[str, Any]) -> None:
        """Put the status document through HostGAPlugin.

        Raises:
            WireError: It was not taken.
        """
        headers = [
            {"headerName": "x-ms-version", "headerValue": _STATUS_VERSION},
            {"headerName": "x-ms-blob-type", "headerValue": "BlockBlob"},
        ]
        content = base64.b64encode(json.dumps(status, separators=(",", ":")).encode()).decode()
        order = {"requestUri": goal.status_uri, "headers": headers, "content": content}
        sent = {
            "Content-Type": "application/json",
            "x-ms-version": "2015-09-01",
            "x-ms-containerid": goal.container_id,
            "x-ms-host-config-name": goal.config_name,
        }
        self._request("PUT", f"{self._hostga}/status", sent, json.dumps(order).encode())

    # -- private ------------------------------------------------------------------
    def _get(self, url: str) -> bytes:
        return self._request("GET", url, {"x-ms-agent-name": AGENT_NAME, "x-ms-version": _VERSION})

    @staticmethod
    def _request(method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> bytes:
        parts = urlsplit(url)
        if parts.hostname is None:
            raise WireError(f"not a URL: {url!r}")
        connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=_TIMEOUT)
        try:
            target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise WireError(f"{method} {parts.path}: {error!r}") from error
        finally:
            connection.close()
        if response.status != 200:
            raise WireError(
                f"{method} {parts.path}: {response.status} {content[:200].decode(errors='replace')}"
            )
        return content


def _extensions(config: ET.Element) -> list[ExtensionGoal]:
    settings = {}
    for plugin in config.iterfind("PluginSettings/Plugin"):
        runtime = plugin.find("RuntimeSettings")
        if runtime is not None:
            handler = json.loads(runtime.text or "{}")["runtimeSettings"][0]["handlerSettings"]
            settings[plugin.get("name")] = (
                int(runtime.get("seqNo") or 0),
                handler.get("publicSettings") or {},
            )
    found = []
    for plugin in config.iterfind("Plugins/Plugin"):
        name = plugin.get("name") or ""
        sequence, public = settings.get(name, (None, {}))
        found.append(
            ExtensionGoal(
                name,
                plugin.get("version") or "",
                plugin.get("state") or "",
                plugin.get("location") or "",
                sequence,
                public,
            )
        )
    return found


def _xml(content: bytes) -> ET.Element:
    try:
        return ET.fromstring(content)  # noqa: S314 - the fabric's own wire server
    except ET.ParseError as error:
        raise WireError(f"not XML: {error}: {content[:100]!r}") from error
