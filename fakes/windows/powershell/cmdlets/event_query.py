"""Event filters: Get-WinEvent's -FilterHashtable, and the XPath that scripts use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.windows.model.event_logs import LEVELS, Event
from fakes.windows.powershell.cmdlets.files_provider import local
from fakes.windows.powershell.cmdlets.wildcard import matches
from fakes.windows.powershell.conversion import convert

if TYPE_CHECKING:
    from fakes.windows.powershell.cmdlets.support import PSCmdlet


@dataclass
class Filter:
    """What is wanted of an event; empty fields do not matter."""

    logs: list[str] = field(default_factory=list)
    providers: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    after: datetime | None = None
    before: datetime | None = None
    data: list[str] = field(default_factory=list)
    user: str = ""

    def accepts(self, event: Event) -> bool:
        """Whether an event meets all of it."""
        when = local(event.time)
        return (
            (not self.providers or any(matches(name, event.source) for name in self.providers))
            and (not self.ids or event.event_id in self.ids)
            and (not self.levels or LEVELS[event.level] in self.levels)
            and (self.after is None or when >= self.after)
            and (self.before is None or when <= self.before)
            and all(text in event.data for text in self.data)
            and (not self.user or event.user.lower() == self.user.lower())
        )


def from_table(table: Any, cmdlet: PSCmdlet) -> Filter:
    """The filter of a hashtable (keys of about Get-WinEvent -FilterHashtable)."""
    wanted = Filter()
    for key, value in table.items():
        items = value if isinstance(value, list) else [value]
        match cmdlet.text(key).lower():
            case "logname":
                wanted.logs = cmdlet.texts(items)
            case "providername":
                wanted.providers = cmdlet.texts(items)
            case "id":
                wanted.ids = [int(convert(item, "int")) for item in items]
            case "level":
                wanted.levels = [int(convert(item, "int")) for item in items]
            case "starttime":
                wanted.after = convert(value, "datetime").replace(tzinfo=None)
            case "endtime":
                wanted.before = convert(value, "datetime").replace(tzinfo=None)
            case "data":
                wanted.data = cmdlet.texts(items)
            case "userid":
                wanted.user = cmdlet.text(value)
            case other:
                raise cmdlet.not_simulated(f"Get-WinEvent -FilterHashtable key {other}")
    return wanted


_CONDITION = re.compile(
    r"""\s*(?:\(|\))?\s*(?:
        (?P<id>EventID)\s*=\s*(?P<number>\d+)
      | Level\s*=\s*(?P<level>\d+)
      | Provider\[@Name\s*=\s*(?P<quote>['"])(?P<provider>.*?)(?P=quote)\]
      | TimeCreated\[timediff\(@SystemTime\)\s*(?:<=|&lt;=)\s*(?P<recent>\d+)\]
    )\s*\)?""",
    re.VERBOSE | re.IGNORECASE,
)


def from_xpath(text: str, cmdlet: PSCmdlet) -> Filter:
    """The filter of ``*[System[...]]`` with conditions on id, level, provider and age.

    Raises:
        NotSimulated: a query of any other form.
    """
    found = re.fullmatch(
        r"\s*(?:\*|Event)\s*\[\s*System\s*\[(?P<body>.*)\]\s*\]\s*", text, re.IGNORECASE | re.DOTALL
    )
    if found is None:
        raise cmdlet.not_simulated(f"Get-WinEvent -FilterXPath {text}")
    wanted = Filter()
    body, position = found["body"], 0
    joins: list[str] = []
    while position < len(body):
        part = _CONDITION.match(body, position)
        if part is None:
            raise cmdlet.not_simulated(f"Get-WinEvent -FilterXPath {text}")
        position = part.end()
        if part["number"]:
            wanted.ids.append(int(part["number"]))
        elif part["level"]:
            wanted.levels.append(int(part["level"]))
        elif part["provider"] is not None:
            wanted.providers.append(part["provider"])
        else:
            now = cmdlet.context.clock.now().replace(tzinfo=None)
            wanted.after = now - timedelta(milliseconds=int(part["recent"]))
        join = re.match(r"\s*(and|or)\b", body[position:], re.IGNORECASE)
        if join:
            joins.append(join[1].lower())
            position += join.end()
    kinds = sum(map(bool, (wanted.ids, wanted.levels, wanted.providers, wanted.after)))
    if ("or" in joins and kinds > 1 and "and" not in joins) or (len(wanted.ids) > 1 and "or" not in joins):
        raise cmdlet.not_simulated(f"Get-WinEvent -FilterXPath {text}")
    return wanted
