"""whoami.exe: the user, /user; the groups of a token are not simulated."""

from __future__ import annotations

from fakes.windows.shell.session import ProgramContext


def main(context: ProgramContext) -> int:
    """Run ``whoami`` or ``whoami /user``."""
    words = [word.lower() for word in context.argv[1:]]
    name = f"{context.host.name}\\{context.user}".lower()
    if context.user.lower() == "system":
        name = "nt authority\\system"
    if not words:
        context.out(f"{name}\n")
        return 0
    if words != ["/user"]:
        known = {
            "/upn",
            "/fqdn",
            "/groups",
            "/priv",
            "/claims",
            "/logonid",
            "/all",
            "/fo",
            "/nh",
            "/?",
            "/user",
        }
        if not set(words) & known:
            context.err(
                f"ERROR: Invalid argument/option - '{context.argv[1]}'.\nType \"WHOAMI /?\" for usage.\n"
            )
            return 1
        raise context.refuse(f"whoami {' '.join(words)}")
    sid = context.session.sid
    width = max(len(name), 9)
    context.out(
        "\nUSER INFORMATION\n----------------\n\n"
        f"{'User Name':<{width}} SID\n{'=' * width} {'=' * len(sid)}\n{name:<{width}} {sid}\n"
    )
    return 0
