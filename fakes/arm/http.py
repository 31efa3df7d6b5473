"""What a handler gets and what it gives back: ARM requests and responses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fakes.arm.errors import ArmError, invalid_content
from fakes.arm.ids import group_id
from fakes.arm.shapes import check_shape

if TYPE_CHECKING:
    from fakes.arm.plane import ControlPlane

Json = dict[str, Any]


@dataclass(frozen=True)
class ArmRequest:
    """One request that has passed authentication and the api-version check.

    Attributes:
        plane: The control plane it was sent to.
        method: ``GET``, ``PUT``...
        path: The path with slashes collapsed, casing as sent. For a resource's own
            operations this is its id.
        params: The values of the template's ``{names}``, casing as sent.
        query: Query parameters by lower-cased name (``$expand``, ``api-version``).
        body: The parsed JSON body, ``None`` when there was none.
        base_url: ``https://host:port`` as the client sees us; polling URLs start with it.
        principal: Whose token it carried.
    """

    plane: ControlPlane
    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    base_url: str
    principal: str

    @property
    def subscription(self) -> str:
        """The ``{subscription}`` of the path."""
        return self.params["subscription"]

    @property
    def group_id(self) -> str:
        """The id of the ``{group}`` of the path."""
        return group_id(self.params["subscription"], self.params["group"])

    @property
    def api_version(self) -> str:
        """The api-version asked for; for polling URLs and the log, never for routing."""
        return self.query["api-version"]

    def expands(self, what: str) -> bool:
        """Tell whether ``$expand`` names ``what``, in any case."""
        return what.lower() in (part.strip().lower() for part in self.query.get("$expand", "").split(","))

    def resource(self, shape: Any = dict) -> Json:
        """Return the body of a PUT or PATCH.

        Args:
            shape: What it must look like (:mod:`fakes.arm.shapes`); any object when left out.

        Raises:
            ArmError: 400 InvalidRequestContent, when it is no object, or looks different.
            NotSimulated: It has members that the shape does not name.
        """
        if not isinstance(self.body, dict):
            raise invalid_content("The request body must be a JSON object")
        check_shape(self.body, shape)
        return self.body

    def url(self, path: str) -> str:
        """Return an absolute URL for a path, with the api-version of this request."""
        return f"{self.base_url}{path}?api-version={self.api_version}"


@dataclass(frozen=True)
class ArmResponse:
    """What a handler answers: a status, a JSON body (``None``: no content) and headers."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_error(cls, error: ArmError) -> ArmResponse:
        """Return an error's response."""
        return cls(error.status, error.body(), error.headers)


def listing(items: list[Json]) -> ArmResponse:
    """Return ARM's list answer, ``{"value": [...]}``."""
    return ArmResponse(200, {"value": items})
