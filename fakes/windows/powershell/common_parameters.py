"""The common parameters of cmdlets and advanced functions (about_CommonParameters)."""

from __future__ import annotations

from fakes.windows.powershell.command import Param
from fakes.windows.powershell.values import define_enum

ACTION_PREFERENCE = define_enum(
    "System.Management.Automation.ActionPreference",
    {"SilentlyContinue": 0, "Stop": 1, "Continue": 2, "Inquire": 3, "Ignore": 4, "Suspend": 5},
)
CONFIRM_IMPACT = define_enum(
    "System.Management.Automation.ConfirmImpact", {"None": 0, "Low": 1, "Medium": 2, "High": 3}
)

_ACTION = "System.Management.Automation.ActionPreference"


def _named(*params: Param) -> dict[str, Param]:
    return {param.name: param for param in params}


COMMON: dict[str, Param] = _named(
    Param("switch", name="Verbose", aliases=("vb",)),
    Param("switch", name="Debug", aliases=("db",)),
    Param(_ACTION, name="ErrorAction", aliases=("ea",)),
    Param(_ACTION, name="WarningAction", aliases=("wa",)),
    Param(_ACTION, name="InformationAction", aliases=("infa",)),
    Param("string", name="ErrorVariable", aliases=("ev",)),
    Param("string", name="WarningVariable", aliases=("wv",)),
    Param("string", name="InformationVariable", aliases=("iv",)),
    Param("string", name="OutVariable", aliases=("ov",)),
    Param("int", name="OutBuffer", aliases=("ob",)),
    Param("string", name="PipelineVariable", aliases=("pv",)),
)
SHOULD_PROCESS: dict[str, Param] = _named(
    Param("switch", name="WhatIf", aliases=("wi",)),
    Param("switch", name="Confirm", aliases=("cf",)),
)
