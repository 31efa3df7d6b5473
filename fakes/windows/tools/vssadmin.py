"""vssadmin.exe of Windows Server: list, create shadow, delete shadows, resize shadowstorage.

Texts and layout: published transcripts (banner "2001-2013" from Server 2012 R2 on). All
of it goes to standard output; the exit code is 0, 1 when the work failed, 2 on wrong usage.
"""

from __future__ import annotations

import re
from datetime import datetime

from fakes.windows.model.files import Volume
from fakes.windows.model.vss import E_INSUFFICIENT_STORAGE, ShadowCopy, VssError
from fakes.windows.model.win32 import message
from fakes.windows.shell.session import ProgramContext

_BANNER = (
    "vssadmin 1.1 - Volume Shadow Copy Service administrative command-line tool\n"
    "(C) Copyright 2001-2013 Microsoft Corp.\n\n"
)
_COMMANDS = """---- Commands Supported ----

Add ShadowStorage     - Add a new volume shadow copy storage association
Create Shadow         - Create a new volume shadow copy
Delete Shadows        - Delete volume shadow copies
Delete ShadowStorage  - Delete volume shadow copy storage associations
List Providers        - List registered volume shadow copy providers
List Shadows          - List existing volume shadow copies
List ShadowStorage    - List volume shadow copy storage associations
List Volumes          - List volumes eligible for shadow copies
List Writers          - List subscribed volume shadow copy writers
Resize ShadowStorage  - Resize a volume shadow copy storage association
Revert Shadow         - Revert a volume to a shadow copy
Query Reverts         - Query the progress of in-progress revert operations.
"""
_NOTHING = "No items found that satisfy the query.\n"
_UNEXPECTED = (
    "Error: A Volume Shadow Copy Service component encountered an unexpected\n"
    "error.\nCheck the Application event log for more information.\n"
)
_NOT_HERE = {
    ("add", "shadowstorage"),
    ("delete", "shadowstorage"),
    ("revert", "shadow"),
    ("query", "reverts"),
}


class Failure(Exception):
    """The work failed; the text goes out, exit code 1."""


class Usage(Exception):
    """Wrong usage; the text goes out, exit code 2."""


def main(context: ProgramContext) -> int:
    """Run ``vssadmin`` with the arguments of ``context``."""
    context.out(_BANNER)
    words = context.argv[1:]
    if not words or words == ["/?"]:
        context.out(_COMMANDS)
        return 0
    if not context.session.elevated:
        context.out(
            "Error: You don't have the correct permissions to run this command.  Please run this utility\n"
            "from a command window that has elevated administrator privileges.\n"
        )
        return 2
    pair = (words[0].lower(), words[1].lower() if len(words) > 1 else "")
    handlers = {
        ("list", "writers"): _writers, ("list", "providers"): _providers, ("list", "volumes"): _volumes,
        ("list", "shadows"): _shadows, ("list", "shadowstorage"): _storage, ("create", "shadow"): _create,
        ("delete", "shadows"): _delete, ("resize", "shadowstorage"): _resize,
    }  # fmt: skip
    if pair in _NOT_HERE or (pair in handlers and "/?" in words):
        raise context.refuse(f"vssadmin {' '.join(words)}")
    if pair not in handlers:
        context.out(f"Error: Invalid command.\n\n{_COMMANDS}")
        return 2
    try:
        return handlers[pair](context, _options(words[2:]))
    except Usage as usage:
        context.out(str(usage))
        return 2
    except Failure as failure:
        context.out(str(failure))
        return 1
    except VssError as error:
        context.out(explanation(error))
        return 1


def explanation(error: VssError) -> str:
    """Return what vssadmin prints for a failed VSS call."""
    if error.hresult == E_INSUFFICIENT_STORAGE:
        return "Error: Insufficient storage available to create either the shadow copy storage\nfile or other shadow copy data.\n"
    if error.hresult == 0x80042317:
        return "Error: The specified number of shadow copies could not be created.\nThe maximum number was reached.\n"
    code = error.hresult & 0xFFFF
    if error.hresult >> 16 == 0x8007 and code == 1058:
        return f"Error: {message(code)}\n"
    return _UNEXPECTED


def _options(words: list[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for word in words:
        match = re.fullmatch(r"/([A-Za-z]+)(?:=(.*))?", word)
        if match is None:
            raise_invalid(word)
        else:
            options[match[1].lower()] = match[2] or ""
    return options


def raise_invalid(word: str) -> None:
    """Refuse an option that no command has."""
    raise Usage(
        f"Error: Invalid option value.\n\n{_COMMANDS}"
        if "=" in word
        else f"Error: Invalid command.\n\n{_COMMANDS}"
    )


def _known(options: dict[str, str], *names: str) -> None:
    for name in options:
        if name not in names:
            raise_invalid(f"/{name}")


def _writers(context: ProgramContext, options: dict[str, str]) -> int:
    _known(options)
    for status in context.host.vss.writers():
        context.out(
            f"Writer name: '{status.writer.name}'\n"
            f"   Writer Id: {{{status.writer.id}}}\n"
            f"   Writer Instance Id: {{{status.instance}}}\n"
            f"   State: [{int(status.state)}] {status.state.text}\n"
            f"   Last error: {status.last_error}\n\n"
        )
    return 0


def _providers(context: ProgramContext, options: dict[str, str]) -> int:
    _known(options)
    for provider in context.host.vss.providers():
        context.out(
            f"Provider name: '{provider.name}'\n"
            f"   Provider type: {provider.type}\n"
            f"   Provider Id: {{{provider.id}}}\n"
            f"   Version: {provider.version}\n\n"
        )
    return 0


def _volumes(context: ProgramContext, options: dict[str, str]) -> int:
    _known(options, "provider")
    for volume in context.host.vss.volumes():
        context.out(f"Volume path: {volume.letter}\\\n    Volume name: {volume.device}\n")
    return 0


def _volume(context: ProgramContext, text: str) -> Volume:
    r"""Return the volume that ``C:``, ``C:\`` or its device name means."""
    bare = text.rstrip("\\").lower()
    for volume in context.host.vss.volumes():
        if bare in {volume.letter.lower(), volume.device.rstrip("\\").lower()}:
            return volume
    raise Usage("Error: Either the specified volume was not found or it is not a\nlocal volume.\n")


def stamp(time: datetime) -> str:
    """Return a time as vssadmin prints it: ``6/25/2018 2:05:09 PM``."""
    hour = time.hour % 12 or 12
    return f"{time.month}/{time.day}/{time.year} {hour}:{time:%M:%S} {time:%p}"


def _selected(context: ProgramContext, options: dict[str, str]) -> list[ShadowCopy]:
    shadows = context.host.vss.shadows()
    if "for" in options:
        volume = _volume(context, options["for"])
        shadows = [shadow for shadow in shadows if shadow.volume == volume]
    if "shadow" in options:
        shadows = [shadow for shadow in shadows if shadow.id == options["shadow"].strip("{}").lower()]
    if "set" in options:
        shadows = [shadow for shadow in shadows if shadow.set_id == options["set"].strip("{}").lower()]
    return shadows


def _shadows(context: ProgramContext, options: dict[str, str]) -> int:
    _known(options, "for", "shadow", "set")
    shadows = _selected(context, options)
    if not shadows:
        raise Failure(_NOTHING)
    providers = {provider.id: provider.name for provider in context.host.vss.providers()}
    for set_id in dict.fromkeys(shadow.set_id for shadow in shadows):
        members = [shadow for shadow in shadows if shadow.set_id == set_id]
        context.out(f"Contents of shadow copy set ID: {{{set_id}}}\n")
        context.out(
            f"   Contained {len(members)} shadow copies at creation time: {stamp(members[0].created)}\n"
        )
        for shadow in members:
            client = shadow.context == "ClientAccessible"
            attributes = ["Persistent", *(["Client-accessible"] if client else []), "No auto release"]
            attributes += ["No writers" if client else "", "Differential"]
            context.out(
                f"      Shadow Copy ID: {{{shadow.id}}}\n"
                f"         Original Volume: ({shadow.volume.letter}){shadow.volume.device}\n"
                f"         Shadow Copy Volume: {shadow.device}\n"
                f"         Originating Machine: {context.host.name}\n"
                f"         Service Machine: {context.host.name}\n"
                f"         Provider: '{providers.get(shadow.provider, '')}'\n"
                f"         Type: {'ClientAccessible' if client else 'ApplicationRollback'}\n"
                f"         Attributes: {', '.join(name for name in attributes if name)}\n\n"
            )
    return 0


def _create(context: ProgramContext, options: dict[str, str]) -> int:
    _known(options, "for", "autoretry")
    if not options.get("for"):
        raise Usage(f"Error: Invalid option value.\n\n{_COMMANDS}")
    volume = _volume(context, options["for"])
    made = context.host.vss.create([volume])[0]
    typed = options["for"].rstrip("\\")
    context.out(
        f"Successfully created shadow copy for '{typed}\\'\n"
        f"    Shadow Copy ID: {{{made.id}}}\n"
        f"    Shadow Copy Volume Name: {made.device}\n"
    )
    return 0


def _delete(context: ProgramContext, options: dict[str, str]) -> int:
    _known(options, "for", "oldest", "all", "shadow", "quiet")
    if not {"for", "shadow", "all"} & set(options):
        raise Usage(f"Error: Invalid command.\n\n{_COMMANDS}")
    shadows = _selected(context, options)
    if "oldest" in options:
        shadows = shadows[:1]
    if not shadows:
        raise Failure(_NOTHING)
    if "quiet" not in options:
        context.out(f"Do you really want to delete {len(shadows)} shadow copies (Y/N): [N]? ")
        line = context.stdin.readline()
        context.out("\n")
        if line is None or line.strip().lower() not in {"y", "yes"}:
            return 2
    count = context.host.vss.delete([shadow.id for shadow in shadows])
    if "quiet" not in options:
        context.out(f"Successfully deleted {count} shadow copies.\n")
    return 0


def size_text(size: int) -> str:
    """Return a size as vssadmin prints it, with three digits: ``320 MB``, ``26.0 GB``, ``2.06 GB``."""
    for unit, factor in (("TB", 1024**4), ("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if size >= factor:
            value = size / factor
            digits = 2 if value < 10 else 1 if value < 100 else 0
            return f"{value:.{digits}f} {unit}"
    return f"{size} bytes"


def _storage(context: ProgramContext, options: dict[str, str]) -> int:
    _known(options, "for", "on")
    found = context.host.vss.storage()
    if options.get("for"):
        volume = _volume(context, options["for"])
        found = [storage for storage in found if storage.volume == volume]
    if not found:
        raise Failure(_NOTHING)
    for storage in found:
        maximum = (
            f"{size_text(storage.maximum)} ({_percent(storage.maximum, storage.on)})"
            if storage.maximum
            else "UNBOUNDED (100%)"
        )
        context.out(
            "Shadow Copy Storage association\n"
            f"   For volume: ({storage.volume.letter}){storage.volume.device}\n"
            f"   Shadow Copy Storage volume: ({storage.on.letter}){storage.on.device}\n"
            f"   Used Shadow Copy Storage space: {size_text(storage.used)} ({_percent(storage.used, storage.on)})\n"
            f"   Allocated Shadow Copy Storage space: {size_text(storage.allocated)} ({_percent(storage.allocated, storage.on)})\n"
            f"   Maximum Shadow Copy Storage space: {maximum}\n\n"
        )
    return 0


def _percent(part: int, volume: Volume) -> str:
    return f"{100 * part // volume.size}%"


def _resize(context: ProgramContext, options: dict[str, str]) -> int:
    _known(options, "for", "on", "maxsize")
    if not options.get("for") or not options.get("on"):
        raise Usage(f"Error: Invalid option value.\n\n{_COMMANDS}")
    volume, on = _volume(context, options["for"]), _volume(context, options["on"])
    if volume != on:
        raise context.refuse("vssadmin resize shadowstorage with another volume behind /on")
    if not any(storage.volume == volume for storage in context.host.vss.storage()):
        raise Failure("Error: The specified volume shadow copy storage association was not found.\n")
    text = options.get("maxsize", "UNBOUNDED").upper()
    match = re.fullmatch(r"(\d+)(KB|MB|GB|TB|%)?", text)
    if match is None and text != "UNBOUNDED":
        raise Usage(f"Error: Invalid option value.\n\n{_COMMANDS}")
    maximum = 0
    if match:
        factors = {"KB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4, None: 1}
        maximum = volume.size * int(match[1]) // 100 if match[2] == "%" else int(match[1]) * factors[match[2]]
    context.host.vss.resize_storage(volume, maximum)
    context.out("Successfully resized the shadow copy storage association\n")
    return 0
