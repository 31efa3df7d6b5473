"""where.exe: where programs and files lie."""

from __future__ import annotations

import ntpath

from fakes.windows.shell.session import ProgramContext


def main(context: ProgramContext) -> int:
    """Run ``where [/q] name...``: the current directory and PATH, every match."""
    quiet = False
    names: list[str] = []
    for word in context.argv[1:]:
        if word.lower() == "/q":
            quiet = True
        elif word.startswith("/"):
            raise context.refuse(f"where {word}")
        else:
            names.append(word)
    if not names:
        raise context.refuse("where without a name: its help text")
    missing = 0
    for name in names:
        found = _matches(context, name)
        if not found:
            missing += 1
            if not quiet:
                context.err("INFO: Could not find files for the given pattern(s).\n")
        elif not quiet:
            context.out("".join(f"{path}\n" for path in found))
    return 1 if missing else 0


def _matches(context: ProgramContext, name: str) -> list[str]:
    files = context.host.files
    suffixes = ["", *context.env.text("PATHEXT").split(";")]
    folders = [context.cwd, *(part for part in context.env.text("PATH").split(";") if part)]
    found: list[str] = []
    for folder in folders:
        place = files.resolve(folder, context.cwd)
        if not files.is_dir(place):
            continue
        for suffix in suffixes:
            for entry in files.glob(place, name + suffix):
                path = files.true_path(ntpath.join(place, entry.name))
                if not entry.is_dir and path not in found:
                    found.append(path)
    return found
