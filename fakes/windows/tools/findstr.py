r"""findstr.exe, with its own dialect of regular expressions.

``findstr /?`` and D. Benham, "What are the undocumented features and limitations of the
Windows FINDSTR command?": blanks separate search strings, ``. * ^ $ [ ] \< \>`` are special,
there is no alternation, and the first search string decides between literal and regular
expression when neither /L nor /R is given.
"""

from __future__ import annotations

import ntpath
import re
from dataclasses import dataclass, field

from fakes.windows.model.win32 import Win32Error
from fakes.windows.shell.session import ProgramContext
from fakes.windows.tools import textinput

_META = re.compile(r"[.*^$\[\]]")
_FLAGS = frozenset("bselrivxnmop")


class Bad(Exception):
    """Wrong usage; ``FINDSTR: text`` on standard error, exit code 2."""


@dataclass
class _Options:
    flags: set[str] = field(default_factory=set)
    literals: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    listed: bool = False


def main(context: ProgramContext) -> int:
    """Run ``findstr`` with the arguments of ``context``; exit code 0 found, 1 not found, 2 wrong usage."""
    try:
        option = _parse(context, context.argv[1:])
        pattern = _pattern(option)
        return _search(context, option, pattern)
    except Bad as error:
        context.err(f"FINDSTR: {error}\n")
        return 2


def _parse(context: ProgramContext, words: list[str]) -> _Options:
    option = _Options()
    for word in words:
        lower = word.lower()
        if word.startswith(("/", "-")) and len(word) > 1 and not (option.listed and option.names):
            if lower[1:3] == "c:":
                option.literals.append(word[3:])
                option.flags.add("C")
                option.listed = True
            elif lower[1:3] == "g:":
                name = word[3:]
                lines = textinput.split(context.stdin.read()) if name == "/" else _file(context, name)
                option.literals += [line for line in lines if line]
                option.flags.add("C")
                option.listed = True
            elif lower[1:3] in {"f:", "d:", "a:"} or lower[1:] == "offline" or lower == "/?":
                raise context.refuse(f"findstr {word[:3]}")
            else:
                for letter in re.sub(r"[/-]", "", lower):
                    if letter in _FLAGS:
                        option.flags.add(letter)
                    else:
                        context.err(f"FINDSTR: /{letter} ignored\n")
        elif not option.listed:
            option.literals += word.split()
            option.listed = True
        else:
            option.names.append(word)
    if not option.listed:
        raise Bad("Bad command line")
    return option


def _file(context: ProgramContext, name: str) -> list[str]:
    try:
        return textinput.lines_of(context, name)
    except Win32Error:
        raise Bad(f"Cannot open {name}") from None


def translate(text: str, *, literal: bool) -> str:
    r"""Return Python's form of one search string.

    >>> translate(r"a.*\.b$", literal=False), translate("a.b", literal=True)
    ('a.*\\.b$', 'a\\.b')
    """
    if literal:
        return re.escape(re.sub(r'\\(["\\])', r"\1", text))
    out: list[str] = []
    i = 0
    while i < len(text):
        char = text[i]
        if char == "\\" and text[i + 1 : i + 2] in {"<", ">"}:
            out.append(r"\b(?=\w)" if text[i + 1] == "<" else r"\b(?<=\w)")
            i += 2
        elif char == "\\" and i + 1 < len(text):
            out.append(re.escape(text[i + 1]))
            i += 2
        elif char == "[" and "]" in text[i + 2 :]:
            end = text.index("]", i + 2)
            body = text[i + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            out.append(f"[{body}]")
            i = end + 1
        elif char == "^":
            out.append("^" if i == 0 else r"\^")
            i += 1
        elif char == "$":
            out.append("$" if i == len(text) - 1 else r"\$")
            i += 1
        elif char == "*":
            out.append("*" if out and out[-1] != "^" else r"\*")
            i += 1
        else:
            out.append("." if char == "." else re.escape(char))
            i += 1
    return "".join(out)


def _pattern(option: _Options) -> re.Pattern[str]:
    if "l" in option.flags:
        literal = True
    elif "r" in option.flags:
        literal = False
    else:
        literal = "C" in option.flags or not (option.literals and _META.search(option.literals[0]))
    parts = [translate(text, literal=literal) for text in option.literals]
    wrap = "^(?:{})$" if "x" in option.flags else "{}"
    if "b" in option.flags:
        wrap = "^(?:{})"
    if "e" in option.flags:
        wrap = wrap.replace("{}", "(?:{})") + "$"
    body = "|".join(f"(?:{part})" for part in parts) or r"(?!)"
    return re.compile(wrap.format(body), re.IGNORECASE if "i" in option.flags else 0)


def _search(context: ProgramContext, option: _Options, pattern: re.Pattern[str]) -> int:
    flags = option.flags
    found = False
    if not option.names:
        sources = [("", textinput.split(context.stdin.read()))]
        several = False
    else:
        names = _names(context, option)
        several = len(names) > 1 or "s" in flags or any(c in n for n in option.names for c in "*?")
        sources = []
        for name in names:
            try:
                sources.append((name, textinput.lines_of(context, name)))
            except Win32Error:
                context.err(f"FINDSTR: Cannot open {name}\n")
    for name, lines in sources:
        offset = 0
        for number, line in enumerate(lines, 1):
            if bool(pattern.search(line)) != ("v" in flags):
                found = True
                if "m" in flags:
                    context.out(f"{name}\n")
                    break
                prefix = (f"{name}:" if several else "") + (f"{number}:" if "n" in flags else "")
                prefix += f"{offset}:" if "o" in flags else ""
                context.out(f"{prefix}{line}\n")
            offset += len(line) + 2
    return 0 if found else 1


def _names(context: ProgramContext, option: _Options) -> list[str]:
    names: list[str] = []
    for name in option.names:
        folder, file = ntpath.split(name)
        if "s" in option.flags:
            names += textinput.below(context, folder, file)
            continue
        try:
            names += textinput.expanded(context, name)
        except Win32Error:
            context.err(f"FINDSTR: Cannot open {name}\n")
    return names
