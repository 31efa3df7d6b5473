r"""Regular expressions of .NET on Python's ``re``.

Translated are named groups ``(?<n>...)`` and ``(?'n'...)``, ``\k<n>``, inline options in the
middle, ``\z`` and replacement patterns ``$1`` and
``${name}``. Balancing groups and right-to-left matching are refused as not simulated.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fakes.notsimulated import NotSimulated
from fakes.windows.powershell.dotnet.registry import NetError

_GROUP = re.compile(r"\(\?(?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')")
_BALANCING = re.compile(r"\(\?<\w*-\w+>")
_REFERENCE = re.compile(r"\\k(?:<(\w+)>|'(\w+)')")
_TOKEN = re.compile(r"\\[pP]\{(\w+)\}|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\(\?[imsnx-]+\)|.", re.DOTALL)
_CATEGORIES = {
    "L": r"[^\W\d_]",
    "Lu": r"[A-Z\u00c0-\u00de]",
    "Ll": r"[a-z\u00df-\u00ff]",
    "N": r"\d",
    "Nd": r"\d",
    "P": r"[!-/:-@\[-`{-~]",
    "IsBasicLatin": r"[\x00-\x7f]",
}


@lru_cache(maxsize=1024)
def compile_regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Compile a .NET pattern.

    Args:
        pattern: as a script has it.
        flags: ``re`` flags.

    Raises:
        NetError: the pattern is not valid (``System.ArgumentException``).
        NotSimulated: it uses what Python cannot do.
    """
    if _BALANCING.search(pattern):
        raise NotSimulated("regular expression with balancing groups")
    try:
        return re.compile(translate(pattern), flags)
    except re.error as error:
        raise NetError("System.ArgumentException", f'parsing "{pattern}" - {_reason(error)}') from None


def _reason(error: re.error) -> str:
    """The .NET words for what is wrong with a pattern (Regex.resx), as far as they map."""
    text = str(error.msg)
    if "unterminated character set" in text:
        return "Unterminated [] set."
    if "missing )" in text:
        return "Not enough )'s."
    if "unbalanced parenthesis" in text:
        return "Too many )'s."
    if "nothing to repeat" in text:
        return "Quantifier {x,y} following nothing."
    if "multiple repeat" in text:
        return "Nested quantifier."
    if "bad escape (end of pattern)" in text:
        return "Illegal \\ at end of pattern."
    return text[:1].upper() + text[1:] + "."


def translate(pattern: str) -> str:
    """The Python pattern of a .NET one."""
    pattern = _GROUP.sub(lambda found: f"(?P<{found.group(1) or found.group(2)}>", pattern)
    pattern = _REFERENCE.sub(lambda found: f"(?P={found.group(1) or found.group(2)})", pattern)
    options: set[str] = set()
    pieces: list[str] = []
    for found in _TOKEN.finditer(pattern):
        token = found.group()
        if token == r"\z":
            pieces.append(r"\Z")
        elif token == r"\Z":
            pieces.append(r"(?=\n?\Z)")
        elif token == r"\e":
            pieces.append(r"\x1b")
        elif token == r"\G":
            raise NotSimulated("regular expression with \\G")
        elif token == "$":
            pieces.append("$")
        elif found.group(1):
            category = _CATEGORIES.get(found.group(1))
            if category is None:
                raise NotSimulated(f"regular expression category {token}")
            pieces.append(category if token[1] == "p" else f"(?!{category})(?s:.)")
        elif token.startswith("(?") and token.endswith(")") and len(token) > 3:
            if "-" in token:
                raise NotSimulated(f"regular expression option {token}")
            options.update(token[2:-1].replace("n", ""))
        elif token.startswith("[") and len(token) > 1:
            pieces.append(_character_class(token))
        elif (
            len(token) == 2
            and token[0] == "\\"
            and token[1].isalpha()
            and token[1] not in "abBcdDfkknNrsStuvwWxAZzP"
        ):
            raise NetError(
                "System.ArgumentException", f'parsing "{pattern}" - Unrecognized escape sequence {token}.'
            )
        else:
            pieces.append(token)
    head = f"(?{''.join(sorted(options & set('imsx')))})" if options & set("imsx") else ""
    return head + "".join(pieces)


def _character_class(token: str) -> str:
    """A class for Python: nested brackets escaped, no subtraction."""
    if re.search(r"-\[", token):
        raise NotSimulated("regular expression with character class subtraction")
    inner = token[1:-1]
    negated = "^" if inner.startswith("^") else ""
    inner = inner[len(negated) :]
    inner = re.sub(r"(?<!\\)\[", r"\\[", inner)
    inner = re.sub(r"\\p\{(\w+)\}", lambda found: _CATEGORIES.get(found.group(1), "").strip("[]"), inner)
    return f"[{negated}{inner}]"


def replacement(template: str, found: re.Match[str]) -> str:
    """Expand ``$1``, ``${name}``, ``$&``, ``$$``, ``$_``, ``$` `` and ``$'`` for a match."""

    def one(reference: re.Match[str]) -> str:
        number, name, special = reference.group(1), reference.group(2), reference.group(3)
        if special:
            return {
                "$": "$",
                "&": found.group(),
                "_": found.string,
                "`": found.string[: found.start()],
                "'": found.string[found.end() :],
                "+": found.group(found.re.groups) or "" if found.re.groups else "$+",
            }[special]
        key: int | str = int(number or name) if (number or name).isdigit() else name
        try:
            return found.group(key) or ""
        except (IndexError, KeyError):
            return reference.group()

    return _REPLACEMENT.sub(one, template)


_REPLACEMENT = re.compile(r"\$(?:(\d+)|\{(\w+)\}|([$&_`'+]))")
