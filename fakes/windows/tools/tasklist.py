"""tasklist.exe: /svc, /v, /fi, /fo table|csv|list, /nh.

Column widths are those of published transcripts (25, 8, 16, 11, 12).
"""

from __future__ import annotations

import csv
import fnmatch
import io
import operator
import re
from collections.abc import Callable

from fakes.windows.model.processes import Process
from fakes.windows.model.services import ServiceState
from fakes.windows.shell.session import ProgramContext

_WIDTHS = {
    "Image Name": 25, "PID": 8, "Session Name": 16, "Session#": 11, "Mem Usage": 12, "Status": 15, "User Name": 50,
    "CPU Time": 12, "Window Title": 72, "Services": 44,
}  # fmt: skip
_RIGHT = {"PID", "Session#", "Mem Usage", "CPU Time"}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "lt": operator.lt, "ge": operator.ge, "le": operator.le,
}  # fmt: skip
_NUMERIC = {"pid", "session", "memusage"}


class Invalid(Exception):
    """Wrong usage; the text goes to standard error, exit code 1."""


def main(context: ProgramContext) -> int:
    """Run ``tasklist`` with the arguments of ``context``."""
    try:
        return _run(context)
    except Invalid as error:
        context.err(f"ERROR: {error}\n")
        return 1


def _run(context: ProgramContext) -> int:
    form, header, services, verbose = "table", True, False, False
    tests: list[Callable[[Process], bool]] = []
    words = iter(context.argv[1:])
    for word in words:
        switch = word.lower()
        if switch == "/fo":
            form = next(words, "").lower()
            if form not in {"table", "csv", "list"}:
                raise Invalid('Invalid argument/option - invalid format.\nType "TASKLIST /?" for usage.')
        elif switch == "/nh":
            header = False
        elif switch == "/svc":
            services = True
        elif switch == "/v":
            verbose = True
        elif switch == "/fi":
            tests.append(_filter(context, next(words, "")))
        elif switch in {"/s", "/u", "/p", "/m", "/apps", "/?"}:
            raise context.refuse(f"tasklist {switch}")
        else:
            raise Invalid(f"Invalid argument/option - '{word}'.\nType \"TASKLIST /?\" for usage.")
    found = [process for process in context.host.processes if all(test(process) for test in tests)]
    if not found:
        context.out("INFO: No tasks are running which match the specified criteria.\n")
        return 0
    rows = [_row(context, process, services=services, verbose=verbose) for process in found]
    context.out({"table": _table, "csv": _csv, "list": _list}[form](rows, header))
    return 0


def hosted(context: ProgramContext, pid: int) -> list[str]:
    """Return the names of the services that live in a process."""
    running = (s for s in context.host.services.all() if s.state is not ServiceState.STOPPED)
    return [service.name for service in running if service.status.pid == pid and pid]


def _row(context: ProgramContext, process: Process, *, services: bool, verbose: bool) -> dict[str, str]:
    row = {"Image Name": process.name, "PID": str(process.pid)}
    if services:
        return row | {"Services": ", ".join(hosted(context, process.pid)) or "N/A"}
    row |= {
        "Session Name": process.session_name, "Session#": str(process.session), "Mem Usage": f"{process.memory:,} K",
    }  # fmt: skip
    if verbose:
        seconds = process.pid % 97
        row |= {
            "Status": "Unknown", "User Name": process.user if process.pid else "NT AUTHORITY\\SYSTEM",
            "CPU Time": f"0:{seconds // 60:02}:{seconds % 60:02}", "Window Title": "N/A",
        }  # fmt: skip
    return row


def _table(rows: list[dict[str, str]], header: bool) -> str:
    columns = list(rows[0])
    lines = [""]
    if header:
        lines += [
            " ".join(c.rjust(_WIDTHS[c]) if c in _RIGHT else c.ljust(_WIDTHS[c]) for c in columns),
            " ".join("=" * _WIDTHS[c] for c in columns),
        ]
    for row in rows:
        cells = [
            (v[: _WIDTHS[c]].rjust if c in _RIGHT else v[: _WIDTHS[c]].ljust)(_WIDTHS[c])
            for c, v in row.items()
        ]
        extra: list[str] = []
        if "Services" in row:
            wrapped = _wrapped(row["Services"], _WIDTHS["Services"])
            cells[-1] = wrapped[0].ljust(_WIDTHS["Services"])
            indent = " " * (_WIDTHS["Image Name"] + _WIDTHS["PID"] + 2)
            extra = [indent + line.ljust(_WIDTHS["Services"]) for line in wrapped[1:]]
        lines += [" ".join(cells), *extra]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in re.findall(r"[^,]+,? ?", text):
        if len(lines[-1]) + len(word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    return [line.rstrip() for line in lines]


def _csv(rows: list[dict[str, str]], header: bool) -> str:
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
    if header:
        writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return target.getvalue()


def _list(rows: list[dict[str, str]], header: bool) -> str:  # noqa: ARG001
    return "".join(
        "\n" + "".join(f"{name + ':':<14}{value}\n" for name, value in row.items()) for row in rows
    )


def _filter(context: ProgramContext, text: str) -> Callable[[Process], bool]:
    match = re.fullmatch(r"\s*(\w+)\s+(eq|ne|gt|lt|ge|le)\s+(.*?)\s*", text, re.IGNORECASE)
    known = {"imagename", "pid", "session", "sessionname", "memusage", "username", "services", "status"}
    if match is None or match[1].lower() not in known | {"cputime", "windowtitle", "modules"}:
        raise Invalid("The search filter cannot be recognized.")
    name, how, wanted = match[1].lower(), match[2].lower(), match[3].strip('"')
    if name not in known or name == "status":
        raise context.refuse(f"tasklist /fi {name}")
    if name in _NUMERIC:
        if not wanted.isdigit():
            raise Invalid("The search filter cannot be recognized.")
        attribute = {"pid": "pid", "session": "session", "memusage": "memory"}[name]
        return lambda process: _COMPARE[how](getattr(process, attribute), int(wanted))
    if how not in {"eq", "ne"}:
        raise Invalid("The search filter cannot be recognized.")
    test = re.compile(fnmatch.translate(wanted.lower()))

    def holds(process: Process) -> bool:
        texts = {
            "imagename": [process.name], "username": [process.user, process.user.rpartition("\\")[2]],
            "sessionname": [process.session_name], "services": hosted(context, process.pid) if name == "services" else [],
        }[name]  # fmt: skip
        return any(test.match(each.lower()) for each in texts) == (how == "eq")

    return holds
