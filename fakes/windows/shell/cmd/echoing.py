"""How cmd shows a line before it runs it: a batch file's lines and the bodies of loops (``echo on``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.windows.shell.cmd.ast import Binary, Block, For, If, Node, Pipe, Quiet, Redirect, Simple

if TYPE_CHECKING:
    from fakes.windows.shell.cmd.interp import Cmd, Io


def show(cmd: Cmd, node: Node, io: Io) -> None:
    """Show what runs next after the prompt, unless ``echo off`` or an ``@`` keeps it quiet."""
    if cmd.echo and not cmd.quiet and not isinstance(node, Quiet):
        io.out(f"\n{cmd.prompt()}{cmd.expand(text(node))}\n")


def text(node: Node | None) -> str:
    """Return a tree as cmd writes it: a blank after each command, redirections with their handle."""
    match node:
        case Simple(text=command, redirects=redirects):
            return f"{command}{_redirects(redirects)} "
        case Block(body=body, redirects=redirects):
            lines = _lines(body)
            inside = lines[0] if len(lines) == 1 else "\n" + "\n".join(lines) + "\n"
            return f"({inside}) {_redirects(redirects)}"
        case Binary(op=op, left=left, right=right):
            return f"{text(left)} {op} {text(right)}"
        case Pipe(left=left, right=right):
            return f"{text(left)} | {text(right)}"
        case If():
            return _if(node)
        case For():
            switch = f"/{node.kind.upper()} " if node.kind else ""
            options = f"{node.options} " if node.options else ""
            return f"for {switch}{options}%{node.variable} in ({node.items}) do {text(node.body)}"
        case Quiet(body=body):
            return f"@{text(body)}"
        case _:
            return ""


def _lines(node: Node | None) -> list[str]:
    if isinstance(node, Binary) and node.op == "&":
        return [*_lines(node.left), *_lines(node.right)]
    return [text(node)]


def _if(node: If) -> str:
    words = ["if", *(["/I"] if node.ignore_case else []), *(["not"] if node.negate else [])]
    if node.right:
        words += [node.left, node.kind, node.right]
    else:
        words += [node.kind, node.left]
    tail = f" else {text(node.other)}" if node.other else ""
    return f"{' '.join(words)} {text(node.then)}{tail}"


def _redirects(redirects: tuple[Redirect, ...]) -> str:
    return "".join(
        f" {r.fd}>&{r.target}" if r.op == "&" else f" {r.fd if r.op != '<' else ''}{r.op}{r.target}"
        for r in redirects
    )
