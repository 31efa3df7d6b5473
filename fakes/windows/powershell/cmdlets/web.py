"""Invoke-WebRequest and Invoke-RestMethod of Windows PowerShell 5.1."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote_plus, urlsplit

from fakes.windows.powershell.cmdlets import json_text
from fakes.windows.powershell.cmdlets.paths import PathError, locate, path_not_found
from fakes.windows.powershell.cmdlets.support import UTILITY, PSCmdlet, Unsimulated
from fakes.windows.powershell.cmdlets.web_transport import Response, WebFailure, send
from fakes.windows.powershell.command import Param, cmdlet
from fakes.windows.powershell.conversion import convert
from fakes.windows.powershell.errors import ErrorRecord, net_exception
from fakes.windows.powershell.values import Byte, Int64, PSHashtable, PSObject, TypedArray, define_enum

USER_AGENT = "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.17763.1"
METHODS = ("Default", "Get", "Head", "Post", "Put", "Delete", "Trace", "Options", "Merge", "Patch")
STATUS = define_enum(
    "System.Net.WebExceptionStatus",
    {
        "Success": 0,
        "NameResolutionFailure": 1,
        "ConnectFailure": 2,
        "ReceiveFailure": 3,
        "SendFailure": 4,
        "PipelineFailure": 5,
        "RequestCanceled": 6,
        "ProtocolError": 7,
        "ConnectionClosed": 8,
        "TrustFailure": 9,
        "SecureChannelFailure": 10,
        "ServerProtocolViolation": 11,
        "KeepAliveFailure": 12,
        "Pending": 13,
        "Timeout": 14,
    },
)
_CODES = {
    "OK": 200,
    "Created": 201,
    "Accepted": 202,
    "NoContent": 204,
    "PartialContent": 206,
    "MovedPermanently": 301,
    "Found": 302,
    "NotModified": 304,
    "BadRequest": 400,
    "Unauthorized": 401,
    "PaymentRequired": 402,
    "Forbidden": 403,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "NotAcceptable": 406,
    "ProxyAuthenticationRequired": 407,
    "RequestTimeout": 408,
    "Conflict": 409,
    "Gone": 410,
    "LengthRequired": 411,
    "PreconditionFailed": 412,
    "RequestEntityTooLarge": 413,
    "RequestedRangeNotSatisfiable": 416,
    "InternalServerError": 500,
    "NotImplemented": 501,
    "BadGateway": 502,
    "ServiceUnavailable": 503,
    "GatewayTimeout": 504,
}
STATUS_CODE = define_enum("System.Net.HttpStatusCode", _CODES)
_REASONS = {code: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name, code in _CODES.items()}
_TEXT = (
    "text/",
    "application/json",
    "application/xml",
    "+json",
    "+xml",
    "application/javascript",
    "application/x-www-form",
)


def header_table(response: Response) -> PSHashtable:
    """Headers as the response object shows them: one entry a name."""
    table = PSHashtable()
    for name, _ in response.headers:
        table[name] = response.header(name)
    return table


def is_text(response: Response) -> bool:
    """Whether the content type is one 5.1 decodes."""
    kind = response.header("Content-Type").lower()
    return any(part in kind for part in _TEXT)


def body_text(response: Response) -> str:
    """The body decoded by its charset, ISO-8859-1 without one (5.1)."""
    found = re.search(r"charset=\"?([\w-]+)", response.header("Content-Type"), re.IGNORECASE)
    return response.body.decode(found[1] if found else "iso-8859-1", "replace")


def http_response(response: Response) -> PSObject:
    """``System.Net.HttpWebResponse``: what ``$_.Exception.Response`` is."""
    reason = response.reason or _REASONS.get(response.status, "")
    properties: dict[str, Any] = {
        "IsMutuallyAuthenticated": False,
        "Cookies": [],
        "Headers": header_table(response),
        "SupportsHeaders": True,
        "ContentLength": Int64(len(response.body)),
        "ContentEncoding": response.header("Content-Encoding"),
        "ContentType": response.header("Content-Type"),
        "CharacterSet": "",
        "Server": response.header("Server"),
        "LastModified": None,
        "StatusCode": STATUS_CODE.from_number(response.status),
        "StatusDescription": reason,
        "ProtocolVersion": "1.1",
        "ResponseUri": response.url,
        "Method": "",
        "IsFromCache": False,
    }
    methods: dict[str, Any] = {
        "GetResponseHeader": lambda name: response.header(str(name)),
        "Close": lambda: None,
        "Dispose": lambda: None,
    }
    return PSObject(
        [
            "System.Net.HttpWebResponse",
            "System.Net.WebResponse",
            "System.MarshalByRefObject",
            "System.Object",
        ],
        properties,
        methods,
    )


class WebCmdlet(PSCmdlet):
    """The parameters and the request that both cmdlets share."""

    Uri = Param("string", position=0, mandatory=True)
    Method = Param("string", validate_set=METHODS, default="Default")
    Headers = Param("hashtable")
    Body = Param("object", value_from_pipeline=True)
    ContentType = Param("string")
    TimeoutSec = Param("int")
    UserAgent = Param("string")
    MaximumRedirection = Param("int", default=5)
    InFile = Param("string")
    OutFile = Param("string")
    PassThru = Param("switch")
    UseBasicParsing = Param("switch")
    DisableKeepAlive = Param("switch")
    WebSession = Unsimulated("object")
    SessionVariable = Unsimulated("string", aliases=["SV"])
    Credential = Unsimulated("object")
    UseDefaultCredentials = Unsimulated("switch")
    CertificateThumbprint = Unsimulated("string")
    Certificate = Unsimulated("object")
    Proxy = Unsimulated("string")
    ProxyCredential = Unsimulated("object")
    ProxyUseDefaultCredentials = Unsimulated("switch")
    TransferEncoding = Unsimulated("string")

    def process(self) -> None:
        response = self._send()
        if self.OutFile:
            try:
                place = locate(self.context, str(self.OutFile))
            except PathError as error:
                raise self.throw(error.record) from None
            self.context.host.files.write(place.path, response.body)
            if not self.PassThru:
                return
        self.answer(response)

    def answer(self, response: Response) -> None:
        """Writes what the cmdlet returns."""
        raise NotImplementedError

    def _send(self) -> Response:
        method = str(self.Method or "Default").upper()
        method = "GET" if method == "DEFAULT" else method
        url = self._absolute(str(self.Uri))
        body, kind = self._body(method)
        if isinstance(self.Body, PSHashtable) and method == "GET":
            url += ("&" if urlsplit(url).query else "?") + _form(self.Body, self)
            body = None
        headers = {"User-Agent": str(self.UserAgent or USER_AGENT)}
        given: Any = self.Headers
        if given is not None:
            headers.update({self.text(name): self.text(value) for name, value in given.items()})
        if self.ContentType or (body is not None and kind):
            headers.setdefault("Content-Type", str(self.ContentType or kind))
        headers["Connection"] = "Close" if self.DisableKeepAlive else "Keep-Alive"
        timeout = float(self.TimeoutSec) if self.TimeoutSec else None
        try:
            response = send(
                self.context.host.network,
                method,
                url,
                headers,
                body,
                timeout=timeout,
                redirects=int(self.MaximumRedirection if self.MaximumRedirection is not None else 5),
            )
        except WebFailure as failure:
            raise self.throw(self._failure(failure)) from None
        if response.status >= 300:
            raise self.throw(self._protocol_error(response))
        return response

    def _absolute(self, uri: str) -> str:
        if "://" not in uri:
            uri = "http://" + uri
        if urlsplit(uri).scheme.lower() not in {"http", "https"}:
            raise self.not_simulated(f"{self.cmdlet_name} with {urlsplit(uri).scheme}:")
        return uri.replace(" ", "%20")

    def _body(self, method: str) -> tuple[bytes | None, str]:
        if self.InFile:
            try:
                place = locate(self.context, str(self.InFile))
            except PathError as error:
                raise self.throw(error.record) from None
            if not self.context.host.files.is_file(place.path):
                raise self.throw(path_not_found(place.path))
            return self.context.host.files.read(place.path), ""
        given: Any = (
            self.Body.base if isinstance(self.Body, PSObject) and self.Body.base is not None else self.Body
        )
        form = "application/x-www-form-urlencoded" if method == "POST" else ""
        if given is None:
            return (b"", form) if method == "POST" else (None, "")
        if isinstance(given, PSHashtable):
            return _form(given, self).encode("ascii"), "application/x-www-form-urlencoded"
        if isinstance(given, TypedArray) and given.element_type == "System.Byte":
            return bytes(int(byte) for byte in given), form
        found = re.search(r"charset=\"?([\w-]+)", str(self.ContentType or ""), re.IGNORECASE)
        return self.text(given).encode(found[1] if found else "iso-8859-1", "replace"), form

    def _failure(self, failure: WebFailure) -> ErrorRecord:
        inner = net_exception(failure.inner_type, failure.inner) if failure.inner else None
        return self._record(failure.text, failure.status, None, inner)

    def _protocol_error(self, response: Response) -> ErrorRecord:
        reason = response.reason or _REASONS.get(response.status, "")
        record = self._record(
            f"The remote server returned an error: ({response.status}) {reason}.",
            "ProtocolError",
            http_response(response),
            None,
        )
        details = re.sub(r"<[^>]*>", "", body_text(response))
        if details:
            record.details = details
        return record

    def _record(
        self, text: str, status: str, response: PSObject | None, inner: PSObject | None
    ) -> ErrorRecord:
        exception = net_exception(
            "System.Net.WebException", text, inner, {"Status": STATUS(status), "Response": response}
        )
        record = ErrorRecord(exception, "WebCmdletWebResponseException", "InvalidOperation")
        record.category.target_name = "System.Net.HttpWebRequest"
        record.category.target_type = "HttpWebRequest"
        return record


def _form(table: Any, owner: PSCmdlet) -> str:
    return "&".join(
        f"{quote_plus(owner.text(name))}={quote_plus(owner.text(value))}" for name, value in table.items()
    )


@cmdlet("Invoke-WebRequest", aliases=["iwr", "curl", "wget"], module=UTILITY)
class InvokeWebRequest(WebCmdlet):
    """Sends a request and returns the response."""

    def answer(self, response: Response) -> None:
        text = is_text(response)
        if text and not self.UseBasicParsing:
            raise self.throw(
                ErrorRecord(
                    "The response content cannot be parsed because the Internet Explorer engine is not available, or Internet "
                    "Explorer's first-launch configuration is not complete. Specify the UseBasicParsing parameter and try again. ",
                    "WebCmdletIEDomNotSupportedException",
                    "NotImplemented",
                    exception_type="System.NotSupportedException",
                )
            )
        reason = response.reason or _REASONS.get(response.status, "")
        head = "\r\n".join(
            [f"HTTP/1.1 {response.status} {reason}", *(f"{k}: {v}" for k, v in response.headers)]
        )
        content: Any = (
            body_text(response) if text else TypedArray([Byte(byte) for byte in response.body], "System.Byte")
        )
        properties: dict[str, Any] = {
            "StatusCode": response.status,
            "StatusDescription": reason,
            "Content": content,
            "RawContent": head + "\r\n\r\n" + body_text(response),
        }
        base = "Microsoft.PowerShell.Commands."
        names = [base + "WebResponseObject", "System.Object"]
        if text:
            names.insert(0, base + "BasicHtmlWebResponseObject")
            properties.update(
                {
                    "Forms": None,
                    "Headers": header_table(response),
                    "Images": [],
                    "InputFields": [],
                    "Links": [],
                    "ParsedHtml": None,
                }
            )
        properties.update(
            {
                "Headers": header_table(response),
                "RawContentLength": Int64(len(response.body)),
                "BaseResponse": http_response(response),
            }
        )
        self.write(PSObject(names, properties, text=head if not text else str(content)))


@cmdlet("Invoke-RestMethod", aliases=["irm"], module=UTILITY)
class InvokeRestMethod(WebCmdlet):
    """Sends a request and returns what the body says: JSON as objects, XML as a document, else text."""

    def answer(self, response: Response) -> None:
        kind = response.header("Content-Type").lower()
        text = body_text(response)
        if not text:
            self.write("")
            return
        if "json" in kind or (not kind and text.lstrip()[:1] in {"{", "["}):
            try:
                self.write(json_text.read(text))
            except json_text.JsonError:
                self.write(text)
        elif "xml" in kind:
            self.write(convert(text, "xml"))
        else:
            self.write(text)
