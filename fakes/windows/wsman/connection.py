"""One client connection: HTTP requests in, authentication, decryption, answers out."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable
from http import HTTPStatus

from . import envelope, faults
from .auth import ConnectionAuth
from .http import BadRequest, Request, Response, read_request
from .service import Call, Service

_log = logging.getLogger(__name__)

# An idle client connection is closed after this (http.sys: 120 s).
IDLE_TIMEOUT = 120.0
_PATHS = ("/wsman", "/wsman-anon/identify")


class Connection:
    """Serves one connection until the client leaves.

    Args:
        connection: Connected socket, after the TLS handshake where there is one.
        client_ip: Address of the client.
        auth: Authentication state, fresh.
        service: The host's WS-Management service.
        running: Says whether the host's WinRM service still runs; without it nobody answers.
        encrypted_channel: TLS: unsealed messages are fine.
    """

    def __init__(
        self,
        connection: socket.socket,
        client_ip: str,
        auth: ConnectionAuth,
        service: Service,
        *,
        running: Callable[[], bool],
        encrypted_channel: bool,
    ) -> None:
        self._socket = connection
        self._client_ip = client_ip
        self._auth = auth
        self._service = service
        self._running = running
        self._encrypted_channel = encrypted_channel

    def serve(self) -> None:
        """Answer requests until the connection ends; never raises for what a client does."""
        self._socket.settimeout(IDLE_TIMEOUT)
        stream = self._socket.makefile("rb")
        with contextlib.suppress(OSError), stream:
            keep_alive = True
            while keep_alive:
                try:
                    request = read_request(stream, self._socket)
                except BadRequest as error:
                    self._socket.sendall(Response(error.status, close=True).encode())
                    return
                if request is None or not self._running():
                    return
                response = self._respond(request)
                keep_alive = request.keep_alive and not response.close
                response.close = not keep_alive
                self._socket.sendall(response.encode())

    def _respond(self, request: Request) -> Response:
        if request.path.partition("?")[0].lower().rstrip("/") not in _PATHS:
            return Response(HTTPStatus.NOT_FOUND)
        if request.method != "POST":
            return Response(HTTPStatus.METHOD_NOT_ALLOWED, headers=[("Allow", "POST")])
        if _asks_identity_unauthenticated(request):
            return self._identify(request.body)
        user, headers = self._auth.authorize(request.headers.get("authorization", ""))
        if user is None:
            return Response(HTTPStatus.UNAUTHORIZED, headers=headers)
        response = self._answer(request, user)
        response.headers += headers
        return response

    def _identify(self, body: bytes) -> Response:
        try:
            message = envelope.parse(body)
        except envelope.MalformedEnvelope:
            return Response(HTTPStatus.BAD_REQUEST)
        if not _is_identify(message):
            return Response(HTTPStatus.UNAUTHORIZED, headers=[("WWW-Authenticate", "Negotiate")])
        return Response(HTTPStatus.OK, self._service.identify(authenticated=False))

    def _answer(self, request: Request, user: str) -> Response:
        if not request.body:
            # pywinrm sends an empty request first, only to log on.
            return Response(HTTPStatus.OK)
        from .encryption import CONTENT_TYPE, MalformedMultipart, decrypt, encrypt, is_encrypted

        sealed = is_encrypted(request.headers.get("content-type", ""))
        security = self._auth.security
        if not sealed:
            if not self._encrypted_channel:
                # AllowUnencrypted=false: status 500 without a fault to read (diyan/pywinrm
                # issues 129 and 208).
                return Response(HTTPStatus.INTERNAL_SERVER_ERROR)
            status, answer = self._process(request.body, user)
            return Response(status, answer)
        if security is None:
            return Response(HTTPStatus.BAD_REQUEST, close=True)
        try:
            plain = decrypt(request.body, security)
        except MalformedMultipart as error:
            # The cipher streams no longer agree: nothing more can be said on this connection.
            _log.info("%s: encrypted message refused: %s", self._service.name, error)
            return Response(HTTPStatus.BAD_REQUEST, close=True)
        status, answer = self._process(plain, user)
        return Response(status, encrypt(answer, security), CONTENT_TYPE)

    def _process(self, body: bytes, user: str) -> tuple[HTTPStatus, bytes]:
        """Return status and envelope of the answer; whatever happens, there is one.

        An answer must always be sealed and sent: a request left without one would put
        the client's cipher stream out of step.
        """
        message_id = ""
        try:
            message = envelope.parse(body)
            message_id = message.message_id
            if _is_identify(message):
                return HTTPStatus.OK, self._service.identify(authenticated=True)
            return HTTPStatus.OK, self._service.handle(Call(message, user, self._client_ip))
        except envelope.MalformedEnvelope as error:
            fault = faults.schema_violation(str(error))
        except faults.Fault as error:
            fault = error
        except Exception as error:  # noqa: BLE001 - a bug of ours becomes a fault
            _log.exception("%s: request failed", self._service.name)
            fault = faults.internal_error(repr(error))
        answer = fault.to_envelope(message_id, self._service.name)
        return HTTPStatus.INTERNAL_SERVER_ERROR, answer


def _asks_identity_unauthenticated(request: Request) -> bool:
    """MS-WSMV 3.1.4.1.25: the header WSMANIDENTIFY asks for Identify without a logon."""
    return request.headers.get("wsmanidentify", "").lower() == "unauthenticated"


def _is_identify(message: envelope.Message) -> bool:
    payload = message.payload
    return payload is not None and payload.tag == f"{{{envelope.ID}}}Identify"
