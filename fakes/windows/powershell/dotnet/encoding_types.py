"""``System.Text.Encoding`` and ``StringBuilder``."""

from __future__ import annotations

from typing import Any

from fakes.windows.powershell.containers import TypedArray
from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.dotnet.formatting import composite
from fakes.windows.powershell.dotnet.number_types import byte_array
from fakes.windows.powershell.dotnet.registry import NetError, net_class
from fakes.windows.powershell.values import PropertyGetter, PSObject

_BY_PAGE = {
    65001: ("utf-8", "System.Text.UTF8Encoding", "Unicode (UTF-8)"),
    1200: ("utf-16-le", "System.Text.UnicodeEncoding", "Unicode"),
    1201: ("utf-16-be", "System.Text.UnicodeEncoding", "Unicode (Big-Endian)"),
    12000: ("utf-32-le", "System.Text.UTF32Encoding", "Unicode (UTF-32)"),
    20127: ("ascii", "System.Text.ASCIIEncoding", "US-ASCII"),
    28591: ("latin-1", "System.Text.Latin1Encoding", "Western European (ISO)"),
    1252: ("cp1252", "System.Text.SBCSCodePageEncoding", "Western European (Windows)"),
    437: ("cp437", "System.Text.SBCSCodePageEncoding", "OEM United States"),
    850: ("cp850", "System.Text.SBCSCodePageEncoding", "Western European (DOS)"),
}
_WEB = {
    65001: "utf-8",
    1200: "utf-16",
    1201: "utf-16BE",
    12000: "utf-32",
    20127: "us-ascii",
    28591: "iso-8859-1",
    1252: "Windows-1252",
    437: "IBM437",
    850: "ibm850",
}


class Encoding(PSObject):
    """An encoding as a value."""

    __slots__ = ("codec", "mark", "page")

    def __init__(self, page: int, *, mark: bool = False) -> None:
        self.page = page
        self.codec, name, title = _BY_PAGE[page]
        self.mark = mark
        super().__init__(
            [name, "System.Text.Encoding", "System.Object"],
            {
                "BodyName": _WEB[page], "EncodingName": title, "HeaderName": _WEB[page], "WebName": _WEB[page],
                "WindowsCodePage": 1252 if page == 437 else 1200, "IsSingleByte": page in {20127, 28591, 1252, 437, 850}, "CodePage": page,
            },
            {
                "GetBytes": self.get_bytes,
                "GetString": self.get_string,
                "GetByteCount": lambda text: len(self.encode(to_string(text))),
                "GetCharCount": lambda data: len(self.get_string(data)),
                "GetChars": lambda data: TypedArray(list(self.get_string(data)), "System.Char"),
                "GetPreamble": self.preamble,
            },
        )  # fmt: skip

    def encode(self, text: str) -> bytes:
        """Bytes of a text; what the encoding lacks becomes ``?``."""
        return text.encode(self.codec, "replace")

    def get_bytes(self, text: Any) -> TypedArray:
        """``GetBytes(text)``."""
        return byte_array(self.encode("".join(text) if isinstance(text, list) else to_string(text)))

    def get_string(self, data: Any, start: int = 0, count: int | None = None) -> str:
        """``GetString(bytes)``."""
        whole = bytes(int(one) for one in data)
        return whole[start : start + count if count is not None else None].decode(self.codec, "replace")

    def preamble(self) -> TypedArray:
        """The byte order mark."""
        marks = {65001: b"\xef\xbb\xbf", 1200: b"\xff\xfe", 1201: b"\xfe\xff", 12000: b"\xff\xfe\0\0"}
        return byte_array(marks.get(self.page, b"") if self.mark else b"")


def encoding_of_page(page: int) -> Encoding:
    """The encoding of a code page.

    Raises:
        NetError: not a known code page.
    """
    if page not in _BY_PAGE:
        raise NetError("System.NotSupportedException", f"No data is available for encoding {page}.")
    return Encoding(page)


def _by_name(name: Any) -> Encoding:
    text = to_string(name)
    if text.isdigit():
        return encoding_of_page(int(text))
    for page, known in _WEB.items():
        if known.lower() == text.lower():
            return Encoding(page, mark=page in {65001, 1200, 1201})
    raise NetError(
        "System.ArgumentException",
        f"'{text}' is not a supported encoding name. For information on defining a custom encoding, see the documentation for "
        "the Encoding.RegisterProvider method.\r\nParameter name: name",
    )


def _to_encoding(value: Any) -> Any:
    if value is None or isinstance(value, Encoding):
        return value
    try:
        return _by_name(value)
    except NetError as error:
        raise ValueError(error.message) from None


encoding = net_class("System.Text.Encoding", convert=_to_encoding)
encoding.exists("GetEncodings Convert GetDecoder GetEncoder IsAlwaysNormalized RegisterProvider")
for _name, _page in (("UTF8", 65001), ("Unicode", 1200), ("BigEndianUnicode", 1201), ("UTF32", 12000)):
    encoding.static_property(_name)(lambda page=_page: Encoding(page, mark=True))
encoding.static_property("ASCII")(lambda: Encoding(20127))
encoding.static_property("Default")(lambda: Encoding(1252))
encoding.static("GetEncoding", ("object",))(_by_name)
utf8 = net_class("System.Text.UTF8Encoding")
utf8.constructor((), ("bool",))(lambda mark=False: Encoding(65001, mark=mark))
utf16 = net_class("System.Text.UnicodeEncoding")
utf16.constructor((), ("bool", "bool"))(
    lambda big=False, mark=True: Encoding(1201 if big else 1200, mark=mark)
)
ascii_class = net_class("System.Text.ASCIIEncoding")
ascii_class.constructor(())(lambda: Encoding(20127))


class StringBuilder(PSObject):
    """``System.Text.StringBuilder``."""

    __slots__ = ("value",)

    def __init__(self, text: str = "") -> None:
        self.value = text
        super().__init__(
            ["System.Text.StringBuilder", "System.Object"],
            {
                "Capacity": 16,
                "MaxCapacity": 2147483647,
                "Length": PropertyGetter(lambda _: len(self.value), self._cut),
            },
            text=lambda: self.value,
        )

    def _cut(self, _: PSObject, length: Any) -> None:
        self.value = self.value[: int(length)].ljust(int(length), "\0")

    def appended(self, text: str) -> StringBuilder:
        """Append and return itself."""
        self.value += text
        return self


builder = net_class("System.Text.StringBuilder")
builder.exists("EnsureCapacity CopyTo Chars AppendJoin")


@builder.constructor((), ("string",), ("int",))
def _new_builder(initial: Any = "") -> StringBuilder:
    return StringBuilder(initial if isinstance(initial, str) else "")


builder.method("Append", ("object",), ("object", "int"))(
    lambda one, value, count=1: one.appended(
        ("".join(value) if isinstance(value, list) else to_string(value)) * count
    )
)
builder.method("AppendLine", (), ("string",))(lambda one, text="": one.appended(text + "\r\n"))
builder.method("AppendFormat", ("string", "object..."))(
    lambda one, template, *values: one.appended(composite(template, values))
)
builder.method("ToString", ())(lambda one: one.value)


@builder.method("Clear", ())
def _clear(one: StringBuilder) -> StringBuilder:
    one.value = ""
    return one


@builder.method("Insert", ("int", "object"))
def _insert(one: StringBuilder, at: int, value: Any) -> StringBuilder:
    one.value = one.value[:at] + to_string(value) + one.value[at:]
    return one


@builder.method("Replace", ("string", "string"))
def _replace(one: StringBuilder, old: str, new: str) -> StringBuilder:
    one.value = one.value.replace(old, new)
    return one


@builder.method("Remove", ("int", "int"))
def _remove(one: StringBuilder, at: int, count: int) -> StringBuilder:
    one.value = one.value[:at] + one.value[at + count :]
    return one
