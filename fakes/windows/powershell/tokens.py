"""The tables of the lexical grammar: keywords, operators, character classes.

Source: chapter 2 of the Windows PowerShell Language Specification 3.0 and about_Operators,
about_Special_Characters, about_Operator_Precedence of 5.1.
"""

from __future__ import annotations

import re

DASHES = "-\u2013\u2014\u2015"
SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"
DOUBLE_QUOTES = '"\u201c\u201d\u201e'

#: Binary dash operators -> precedence. Higher binds tighter.
LOGICAL, BITWISE, COMPARISON, ADDITIVE, MULTIPLICATIVE, FORMAT, RANGE = range(1, 8)

# fmt: off
_CASED = [
    "eq", "ne", "gt", "ge", "lt", "le", "like", "notlike", "match", "notmatch", "contains", "notcontains",
    "in", "notin", "replace", "split",
]
# fmt: on

BINARY_WORDS: dict[str, int] = {
    **dict.fromkeys(("and", "or", "xor"), LOGICAL),
    **dict.fromkeys(("band", "bor", "bxor"), BITWISE),
    **{prefix + word: COMPARISON for word in _CASED for prefix in ("", "c", "i")},
    **dict.fromkeys(("join", "is", "isnot", "as", "shl", "shr"), COMPARISON),
    "f": FORMAT,
}
UNARY_WORDS = frozenset({"not", "bnot", "join", "split", "csplit", "isplit"})

#: Words that begin a statement of their own when they stand at a statement's start.
# fmt: off
KEYWORDS = frozenset(
    [
        "if", "switch", "foreach", "for", "while", "do", "function", "filter", "workflow", "configuration",
        "try", "trap", "throw", "return", "break", "continue", "exit", "data", "class", "enum", "using",
        "begin", "process", "end", "dynamicparam", "param",
    ]
)
# fmt: on
#: Words that only continue a statement; a statement cannot begin with them.
CONTINUATIONS = frozenset(["else", "elseif", "catch", "finally", "until", "in"])
RESERVED = frozenset(["from", "define", "var"])

ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}

SPACE = re.compile(r"(?:[ \t\f\v\x85\xa0\u2000-\u200a\u3000]+|`(?:\r\n|\n|\r)|#[^\r\n]*|<#.*?#>)*", re.DOTALL)
SPACE_LINES = re.compile(r"(?:[\s\x85\xa0]+|`(?:\r\n|\n|\r)|#[^\r\n]*|<#.*?#>)*", re.DOTALL)
SPACE_SEPARATORS = re.compile(r"(?:[\s;\x85\xa0]+|`(?:\r\n|\n|\r)|#[^\r\n]*|<#.*?#>)*", re.DOTALL)

VARIABLE = re.compile(
    r"\$(?:\{(?P<braced>(?:`.|[^}`])*)\}|(?:(?P<scope>[\w?]+):(?!:))?(?P<name>[\w?]+)|(?P<special>[$^]))",
    re.DOTALL,
)
SPLAT = re.compile(r"@(?:(?P<scope>\w+):(?!:))?(?P<name>[\w?]+)")
NUMBER = re.compile(
    r"(?P<number>0x[0-9a-f]+|(?:\d+(?:\.\d+|\.(?![\w.]))?|\.\d+)(?:e[+-]?\d+)?)(?P<suffix>[ld])?(?P<multiplier>[kmgtp]b)?",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d]\w*")
MEMBER_NAME = re.compile(r"\w+")
DASH_WORD = re.compile(rf"[{DASHES}]([A-Za-z]+)")
ASSIGNMENT = re.compile(rf"=|[{DASHES}+*/%]=")
REDIRECTION = re.compile(r"([1-6*])?>(>|&([1-6]))?")

#: Characters that end a bare argument unless escaped.
END_BARE = frozenset(" \t\r\n\f\v\x85\xa0{}();,|&<>")
BARE_CHUNK = re.compile(rf"[^\s\x85\xa0{{}}();,|&<>`${SINGLE_QUOTES}{DOUBLE_QUOTES}]+")
PARAMETER = re.compile(
    rf"[{DASHES}](?P<name>[^\W\d][^\s\x85\xa0{{}}();,|&<>.\[:`${SINGLE_QUOTES}{DOUBLE_QUOTES}]*|\?)(?P<colon>:)?"
)
FUNCTION_NAME = re.compile(r"[^\s{}();,|&<>'\"]+")
#: Attributes before a class or enum definition.
ATTRIBUTED_TYPE = re.compile(
    r"(?:\[[\w.]+(?:\([^()]*\))?\]\s*)+(?P<keyword>class|enum)\s+\w+\s*[:{]", re.IGNORECASE
)
TYPE_NAME = re.compile(r"[^\W\d][\w.+`]*")
QUOTED_STOP = re.compile(rf"[`$]|[{DOUBLE_QUOTES}]")
SINGLE_STOP = re.compile(rf"[{SINGLE_QUOTES}]")
REQUIRES = re.compile(r"^[ \t]*#requires[ \t]+(.*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
