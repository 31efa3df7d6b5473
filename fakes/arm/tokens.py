"""Bearer tokens: who may speak to the control plane."""

from __future__ import annotations

import secrets

from fakes.arm.errors import ArmError


class Tokens:
    """The bearer tokens in force.

    >>> tokens = Tokens("tenant")
    >>> tokens.authenticate("Bearer " + tokens.issue("trainee"))
    'trainee'

    Args:
        tenant: Tenant id, named in the challenge of a 401.
    """

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant
        self._principals: dict[str, str] = {}

    def issue(self, principal: str) -> str:
        """Make a new token for a principal."""
        token = secrets.token_urlsafe(32)
        self._principals[token] = principal
        return token

    def accept(self, token: str, principal: str) -> None:
        """Let a token made elsewhere stand for a principal."""
        self._principals[token] = principal

    def revoke(self, token: str) -> None:
        """Let a token stand for nobody."""
        self._principals.pop(token, None)

    def authenticate(self, header: str | None) -> str:
        """Return the principal of an ``Authorization`` header.

        Raises:
            ArmError: 401, with the challenge that Azure's clients read.
        """
        if not header:
            raise self._refusal(
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.",
                "The authentication failed because of missing 'Authorization' header.",
            )
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise self._refusal(
                "AuthenticationFailedInvalidHeader",
                "Authentication failed. The 'Authorization' header is provided in an invalid format.",
                "The 'Authorization' header is provided in an invalid format.",
            )
        principal = self._principals.get(token.strip())
        if principal is None:
            text = "The access token is invalid."
            raise self._refusal("InvalidAuthenticationToken", text, text)
        return principal

    def _refusal(self, code: str, message: str, description: str) -> ArmError:
        challenge = (
            f'Bearer authorization_uri="https://login.microsoftonline.com/{self.tenant}", '
            f'error="invalid_token", error_description="{description}"'
        )
        return ArmError(401, code, message, headers={"WWW-Authenticate": challenge})
