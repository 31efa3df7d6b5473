"""ScriptBlock, GC, Random, CultureInfo and Thread."""

from __future__ import annotations

import random
from typing import Any

from fakes.windows.powershell import script_block
from fakes.windows.powershell.conversion import convert, to_string
from fakes.windows.powershell.current import required_interpreter
from fakes.windows.powershell.dotnet.registry import net_class
from fakes.windows.powershell.errors import AUTOMATION
from fakes.windows.powershell.values import PSObject

block = net_class(AUTOMATION + "ScriptBlock")
block.exists("Ast GetSteppablePipeline GetPowerShell CheckRestrictedLanguage InvokeWithContext")
block.static("Create", ("string",))(script_block.create)
block.convert = lambda value: (
    value
    if value is None or isinstance(value, script_block.ScriptBlock)
    else script_block.create(to_string(value))
)


collector = net_class("System.GC")
collector.exists("GetTotalMemory CollectionCount AddMemoryPressure")
collector.static("Collect", ())(lambda: None)
collector.static("WaitForPendingFinalizers", ())(lambda: None)


class Random(PSObject):
    """``System.Random``; a seed repeats our own sequence, not .NET's."""

    __slots__ = ("source",)

    def __init__(self, seed: int | None = None) -> None:
        self.source = random.Random(seed)  # noqa: S311
        super().__init__(["System.Random", "System.Object"])


random_class = net_class("System.Random")
random_class.constructor((), ("int",))(Random)
random_class.method("Next", ())(lambda one: one.source.randrange(2**31 - 1))
random_class.method("Next", ("int",))(lambda one, high: one.source.randrange(high))
random_class.method("Next", ("int", "int"))(lambda one, low, high: one.source.randrange(low, high))
random_class.method("NextDouble", ())(lambda one: one.source.random())


culture = net_class("System.Globalization.CultureInfo")


def _invariant(name: str = "") -> PSObject:
    if name.lower() not in {"", "en-us", "en"}:
        raise required_interpreter("CultureInfo").refuse(f"culture {name}")
    return PSObject(
        ["System.Globalization.CultureInfo", "System.Object"],
        {"Name": name, "LCID": 1033 if name else 127, "DisplayName": name},
        text=name,
    )


culture.static_property("InvariantCulture")(_invariant)
culture.static_property("CurrentCulture")(lambda: _invariant("en-US"))
culture.static_property("CurrentUICulture")(lambda: _invariant("en-US"))
culture.static("GetCultureInfo", ("string",))(_invariant)
culture.constructor(("string",))(_invariant)
culture.convert = lambda value: value if isinstance(value, PSObject) else _invariant(to_string(value))


threads = net_class("System.Threading.Thread")
threads.exists("CurrentThread Start Join Abort")


@threads.static("Sleep", ("object",))
def _sleep(amount: Any) -> None:
    interpreter = required_interpreter("[Threading.Thread]::Sleep")
    seconds = amount.total_seconds() if hasattr(amount, "total_seconds") else convert(amount, "int") / 1000
    interpreter.sleep(seconds)
