r"""Which handler answers which operation: tables of templates, found by regular expression.

A provider declares its operations in a :class:`RouteTable` and the plane takes them in::

    routes = RouteTable()

    @routes.operation("GET", RESOURCE + "/Microsoft.RecoveryServices/vaults/{vault}")
    def get_vault(request: ArmRequest) -> ArmResponse:
        found = request.plane.store.get(request.path)
        if found is None:
            raise resource_not_found(request.path)
        return ArmResponse(200, found.body)

    plane.register(routes)

A handler may be ``async def``. Literal segments are compared without regard to case; a
``{name}`` stands for one segment, and ``{scope:path}`` for one or more. api-versions play no
part: clients ask for a dozen different ones of the same operation.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from fakes.arm.http import ArmRequest, ArmResponse

Handler = Callable[[ArmRequest], ArmResponse | Awaitable[ArmResponse]]

SUBSCRIPTION = "/subscriptions/{subscription}"
GROUP = SUBSCRIPTION + "/resourceGroups/{group}"
RESOURCE = GROUP + "/providers"
"""Prefix of every resource's template; the provider's namespace follows."""

_PARAMETER = re.compile(r"\{(\w+)(:path)?\}")


@dataclass(frozen=True)
class Route:
    """One operation: method, template and who answers."""

    method: str
    template: str
    handler: Handler
    pattern: re.Pattern[str]
    segments: int | None  # None: any number, for templates with a {scope:path}


class RouteTable:
    """The operations of one provider, in order of declaration."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def operation(self, method: str, *templates: str) -> Callable[[Handler], Handler]:
        """Declare that the decorated function answers ``method`` on the templates.

        Raises:
            ValueError: A template does not start with a slash, or names a parameter twice.
        """

        def declare(handler: Handler) -> Handler:
            self.routes.extend(compile_route(method, template, handler) for template in templates)
            return handler

        return declare


def compile_route(method: str, template: str, handler: Handler) -> Route:
    """Turn a template into a route; see :meth:`RouteTable.operation`."""
    names = [match[1] for match in _PARAMETER.finditer(template)]
    if not template.startswith("/") or len(set(names)) != len(names):
        raise ValueError(f"bad template: {template!r}")
    expression, at, deep = "", 0, False
    for match in _PARAMETER.finditer(template):
        expression += re.escape(template[at : match.start()])
        expression += f"(?P<{match[1]}>{'.+' if match[2] else '[^/]+'})"
        deep |= bool(match[2])
        at = match.end()
    expression += re.escape(template[at:])
    pattern = re.compile(expression, re.IGNORECASE)
    return Route(method, template, handler, pattern, None if deep else template.count("/"))


class Dispatcher:
    """All operations of a plane."""

    def __init__(self) -> None:
        self._routes: dict[tuple[str, int | None], list[Route]] = {}

    def add(self, table: RouteTable) -> None:
        """Take in a provider's operations.

        Raises:
            ValueError: An operation is declared already.
        """
        for route in table.routes:
            bucket = self._routes.setdefault((route.method, route.segments), [])
            if any(known.pattern.pattern.lower() == route.pattern.pattern.lower() for known in bucket):
                raise ValueError(f"operation declared twice: {route.method} {route.template}")
            bucket.append(route)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route of a canonical path and its parameters, or ``None``."""
        for count in (path.count("/"), None):
            for route in self._routes.get((method, count), ()):
                match = route.pattern.fullmatch(path)
                if match:
                    return route, match.groupdict()
        return None

    def __iter__(self) -> Iterator[Route]:
        for bucket in self._routes.values():
            yield from bucket
