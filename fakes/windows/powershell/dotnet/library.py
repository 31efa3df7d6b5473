"""Imports the modules that declare .NET classes."""

from __future__ import annotations

import importlib

_MODULES = (
    "text_types",
    "encoding_types",
    "number_types",
    "time_types",
    "collection_types",
    "environment_types",
    "event_log_types",
    "io_types",
    "stream_types",
    "regex_types",
    "enum_types",
    "guid_types",
    "net_types",
    "principal_types",
    "socket_types",
    "system_types",
    "version",
    "reflection",
)


def load() -> None:
    """Import them all, once each."""
    for name in _MODULES:
        importlib.import_module(f"fakes.windows.powershell.dotnet.{name}")
