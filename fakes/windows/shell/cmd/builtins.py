"""The table of cmd's built-in commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fakes.windows.shell.cmd import control, dirlist, files, variables

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.interp import Cmd, Io

Builtin = Callable[["Cmd", str, "Io"], int]


def _missing(name: str) -> Builtin:
    def refuse(cmd: Cmd, arguments: str, io: Io) -> int:  # noqa: ARG001 (a built-in's signature)
        raise cmd.context.refuse(f"cmd built-in {name}")

    return refuse


BUILTINS: dict[str, Builtin] = {
    "call": control.call, "cls": control.cls, "echo": control.echo, "exit": control.exit_, "goto": control.goto,
    "pause": control.pause, "rem": control.rem, "setlocal": control.setlocal, "endlocal": control.endlocal,
    "shift": control.shift, "title": control.title, "ver": control.ver, "date": control.date, "time": control.time,
    "color": control.title, "break": control.rem, "verify": control.verify, "prompt": variables.prompt,
    "path": variables.path, "set": variables.set_, "cd": files.cd, "chdir": files.cd, "pushd": files.pushd,
    "popd": files.popd, "type": files.type_, "copy": files.copy, "del": files.delete, "erase": files.delete,
    "md": files.mkdir, "mkdir": files.mkdir, "rd": files.rmdir, "rmdir": files.rmdir, "ren": files.rename,
    "rename": files.rename, "move": files.move, "vol": files.vol, "dir": dirlist.dir_,
    **{name: _missing(name) for name in ("assoc", "ftype", "mklink", "start", "dpath", "keys")},
}  # fmt: skip
