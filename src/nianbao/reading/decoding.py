"""Bytes → text for HTML and plain text, whatever the labels say."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from email.message import Message

from nianbao.model import UnreadableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
_META_REACH = 4096
# Every byte means something in these, so that they decode would prove nothing.
_PROVE_NOTHING = frozenset({"iso8859-1", "cp1252", "ascii", "latin-1", "iso8859-15"})
_CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text. encoding: what decoded it. warnings: what was doubtful about that."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decodes by byte order mark, strict UTF-8, the label, strict GB18030, in this order.

    A label (header, or meta within the first 4 KB) that strict decoding contradicts is overruled with a warning.
    gb2312 and gbk are read as gb18030, of which they are parts. Raises UnreadableError if nothing fits.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            text = _strict(body[len(mark) :], encoding)
            return Decoded(text, encoding) if text is not None else _replaced(body[len(mark) :], encoding)
    label = _label(body, content_type)
    text = _strict(body, "utf-8")
    if text is not None and "\0" not in text:
        overruled = _overruled(label, "utf-8") if not body.isascii() else ()
        return Decoded(text, "utf-8", overruled)
    if label and label not in _PROVE_NOTHING and label != "utf-8":
        text = _strict(body, label)
        if text is not None and not (label.startswith("utf-16") and not _looks_chinese(text)):
            return Decoded(text, label)
    return _guess(body, label)


def _guess(body: bytes, label: str) -> Decoded:
    if b"\0" in body:
        for encoding in ("utf-16-le", "utf-16-be"):
            text = _strict(body, encoding)
            if text is not None and _looks_chinese(text):
                return Decoded(text, encoding, _overruled(label, encoding))
        raise UnreadableError("the bytes are neither text nor a known file format; look at the file by hand")
    nearly = _nearly_utf8(body)
    if nearly is not None:
        return nearly
    text = _strict(body, "gb18030")
    if text is not None:
        return Decoded(text, "gb18030", _overruled(label, "gb18030"))
    return _replaced(body, label if label and label not in _PROVE_NOTHING else "gb18030")


def _nearly_utf8(body: bytes) -> Decoded | None:
    """UTF-8 with a few broken bytes. GB18030 would decode it too, to nonsense, so this comes first."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - broken
    return _replaced(body, "utf-8") if broken * 20 <= whole else None


def _replaced(body: bytes, encoding: str) -> Decoded:
    text = body.decode(encoding, "replace")
    broken = text.count("\ufffd")
    if broken > max(1, len(text) // 50):
        raise UnreadableError(
            f"the text is in no encoding that fits (as {encoding}, {broken} of {len(text)} characters are broken);"
            " save it as UTF-8 and import it"
        )
    return Decoded(text, encoding, (f"{broken} characters are broken in {encoding} and show as \ufffd",))


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeError:
        return None


def _label(body: bytes, content_type: str) -> str:
    """The encoding that the header or the page names, as Python's name, '' if none or unknown."""
    message = Message()
    message["Content-Type"] = content_type.replace("\n", " ").replace("\r", " ") or "text/plain"
    found = _META.search(body, 0, _META_REACH)
    for name in (message.get_content_charset(), found[1].decode("ascii", "replace") if found else None):
        try:
            encoding = codecs.lookup(name).name if name else ""
        except (LookupError, ValueError):
            continue
        if encoding:
            return "gb18030" if encoding in ("gb2312", "gbk") else encoding
    return ""


def _overruled(label: str, encoding: str) -> tuple[str, ...]:
    if not label or label == encoding or label == "ascii":
        return ()
    return (f"labelled {label}, but is {encoding}; read as {encoding}",)


def _looks_chinese(text: str) -> bool:
    sample = text[:4000]
    plain = sum(1 for char in sample if " " <= char <= "~" or char in "\r\n\t")
    return plain + len(_CJK.findall(sample)) > 0.8 * len(sample)
