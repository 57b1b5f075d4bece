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
# The commonest characters of official prose in both scripts, and its stops: nonsense holds few of them.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要时来用到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进等部度家力理高自二现实加量都两体制机当使点从业本去把性好应开合还因由其前外天政四日社义事平形相全表间与关各重新线"
    "内数正心明看原利比或但质第向道变条只没结解问意建月公无系情者最立代已通并提直题党程展五果员革位入常文总次式活设及管特件长"
    "求基资路级少统接知较将组见计别手期根论农指区强放决西任取完举府治依规务案办审查执监督议复报告况年信息公开局委培训宣传领导"
    "这這為個時來們對會發動過說產種後學經進電現實體當點從業開還應義間與關線內數變條沒結無題黨員總長資級統將組見計別論農區決報"
    "務辦審執監督議復導訓傳領況縣鎮街道，。；：、（）《》“”「」"
)
_SAMPLE = 8000
# By how much another encoding must read better than the one on the label.
_CLEARLY = 0.15


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text. encoding: what decoded it. warnings: what was doubtful about that."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decodes by byte order mark, strict UTF-8, the label, UTF-16, strict GB18030 and Big5, in this order.

    A label (header, or meta within the first 4 KB) that strict decoding contradicts is overruled with a warning, and so
    is GB18030 or Big5 where the text reads clearly better in the other.
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
    if (
        label
        and label not in _PROVE_NOTHING
        and label != "utf-8"
        and not label.startswith(("utf-16", "utf-32"))
    ):
        text = _strict(body, label)
        if text is not None and "\0" not in text:
            other = _better(body, label, text) if _nearly_utf8(body) is None else None
            return other or Decoded(text, label)
    return _guess(body, label)


def _guess(body: bytes, label: str) -> Decoded:
    if b"\0" in body or label.startswith("utf-16"):
        texts = [(_strict(body, encoding), encoding) for encoding in ("utf-16-le", "utf-16-be")]
        found = max(((_likeness(text), text, encoding) for text, encoding in texts if text), default=None)
        if found is not None and found[0] > 0 and _looks_chinese(found[1]):
            overruled = () if label == "utf-16" else _overruled(label, found[2])
            return Decoded(found[1], found[2], overruled)
        if b"\0" in body:
            raise UnreadableError(
                "the bytes are neither text nor a known file format; look at the file by hand"
            )
    nearly = _nearly_utf8(body)
    if nearly is not None:
        return nearly
    text = _strict(body, "gb18030")
    if text is not None:
        return _better(body, "gb18030", text, label) or Decoded(text, "gb18030", _overruled(label, "gb18030"))
    text = _strict(body, "cp950")
    if text is not None and _likeness(text) > _CLEARLY:
        return Decoded(text, "cp950", _overruled(label, "cp950"))
    return _replaced(body, label if label and label not in _PROVE_NOTHING else "gb18030")


def _better(body: bytes, encoding: str, text: str, label: str = "") -> Decoded | None:
    """The other of the two Chinese encodings, where strict decoding fits both and it reads clearly better."""
    other = {"gb18030": "cp950", "big5": "gb18030", "cp950": "gb18030", "big5hkscs": "gb18030"}.get(encoding)
    read = _strict(body, other) if other else None
    if other is None or read is None or _likeness(read) < _likeness(text) + _CLEARLY:
        return None
    return Decoded(
        read, other, _overruled(label or encoding, other) if label or encoding != "gb18030" else ()
    )


def _likeness(text: str) -> float:
    """The share of common characters among those beyond ASCII, or of ASCII where there are none: 0 to 1."""
    beyond = [char for char in text[:_SAMPLE] if char > "\x7f"]
    plain = len(text[:_SAMPLE]) - len(beyond)
    if len(beyond) * 20 < plain:
        return plain / (plain + len(beyond))
    return sum(1 for char in beyond if char in _COMMON) / len(beyond)


def _nearly_utf8(body: bytes) -> Decoded | None:
    """UTF-8 with a few broken bytes. GB18030 would decode it too, to nonsense, so this comes first."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
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
