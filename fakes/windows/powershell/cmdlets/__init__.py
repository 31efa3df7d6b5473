"""Cmdlets of Windows PowerShell 5.1, one family a module; importing the package registers them all."""

from __future__ import annotations

import importlib

# fmt: off
FAMILIES = (
    "accounts", "cim", "compare", "content", "csv_text", "environment", "events", "filters",
    "items_change", "items_copy", "items_get", "json_cmdlets", "locations", "measure", "misc",
    "network", "objects", "output", "path_parts", "processes", "properties", "properties_change",
    "security", "select", "service_setup", "services", "session", "sort", "start_process",
    "strings", "times", "variables", "web", "write",
)
# fmt: on

for _name in FAMILIES:
    importlib.import_module(f"{__name__}.{_name}")
