"""What a body is, by its first bytes. Names and headers are not asked: a .pdf is often a page that says sorry."""

from __future__ import annotations

import re

from nianbao.model import Outcome, UnreadableError
from nianbao.reading.packed import Packed

HTML, TEXT, JSON, PDF = "text/html", "text/plain", "application/json", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC, RTF, OFD, MHTML = "application/msword", "application/rtf", "application/ofd", "multipart/related"
JPEG, PNG, TIFF = "image/jpeg", "image/png", "image/tiff"
PICTURES = frozenset({JPEG, PNG, TIFF})

_CONVERT = "save it as PDF or Word (.docx) and import that file"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_MAGIC = b"PK\x03\x04"
_RTF_MAGIC = b"{\\rtf"
_PICTURES = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"II*\0", TIFF), (b"MM\0*", TIFF))
_REFUSED = (
    (b"GIF8", "GIF: is a picture of a kind that holds no report; look at it by hand"),
    (b"Rar!\x1a\x07", "is a RAR archive; unpack it and import the files in it"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive; unpack it and import the files in it"),
    (b"\x1f\x8b", "is a gzip file; unpack it and import the file in it"),
)
_TAG = re.compile(
    r"<(?:!doctype|html|head|body|meta|title|div|table|p|span|script|link|ul|ol|a|h[1-6]|br|font|center)\b[^<]{0,2000}>",
    re.IGNORECASE,
)
_TAG_REACH = 4096
_PDF_REACH = 1024
_MIME = re.compile(rb"\s{0,20}(?:MIME-Version|From|Content-Type)\s*:", re.IGNORECASE)
_MIME_HTML = re.compile(rb"^Content-Type:\s*(?:multipart/related|text/html)", re.IGNORECASE | re.MULTILINE)


def is_binary(body: bytes) -> bool:
    """Whether a body is of a kind whose parser deserves a process of its own: PDF, Office, OFD, pictures."""
    magics = (_OLE_MAGIC, _ZIP_MAGIC, _RTF_MAGIC, *(magic for magic, _ in _PICTURES))
    return b"%PDF-" in body[:_PDF_REACH] or body.startswith(magics)


def sniff(body: bytes) -> str:
    """One of the constants above, or '' for what must be decoded to be known.

    Raises UnreadableError with a sentence for empty bodies (EMPTY), formats nobody here reads (UNSUPPORTED_FORMAT)
    and archives that are damaged or beyond all bounds.
    """
    if not body.strip(b"\0 \t\r\n"):
        raise UnreadableError("it is empty, or holds nothing but blanks; look at it by hand", Outcome.EMPTY)
    if b"%PDF-" in body[:_PDF_REACH]:
        return PDF
    if body.startswith(_ZIP_MAGIC):
        return _zip(body)
    if body.startswith(_OLE_MAGIC):
        return _ole(body)
    if body.startswith(_RTF_MAGIC):
        return RTF
    for magic, media_type in _PICTURES:
        if body.startswith(magic):
            return media_type
    for magic, sentence in _REFUSED:
        if body.startswith(magic):
            raise UnreadableError(sentence, Outcome.UNSUPPORTED_FORMAT)
    if _MIME.match(body) and _MIME_HTML.search(body, 0, _TAG_REACH):
        return MHTML
    return ""


def is_html(text: str, content_type: str) -> bool:
    """Whether decoded text is a web page: a tag near its beginning, or the header says so and there is any tag."""
    if _TAG.search(text, 0, _TAG_REACH):
        return True
    return "html" in content_type.lower() and _TAG.search(text) is not None


def _ole(body: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in body:
        raise UnreadableError("is an Office file locked with a password; unlock it and import it again")
    if "WordDocument".encode("utf-16-le") in body:
        return DOC
    if "Workbook".encode("utf-16-le") in body:
        raise UnreadableError(
            f"is an old Excel file (.xls), which is not read; {_CONVERT}", Outcome.UNSUPPORTED_FORMAT
        )
    raise UnreadableError(
        f"is an old Office file without a Word document in it, or cut off; fetch it again, or {_CONVERT}",
        Outcome.UNSUPPORTED_FORMAT,
    )


def _zip(body: bytes) -> str:
    names = Packed(body).names
    if "word/document.xml" in names:
        return DOCX
    if "OFD.xml" in names:
        return OFD
    if any(name.startswith("xl/") for name in names):
        sentence = f"is an Excel file (.xlsx), which is not read; {_CONVERT}"
    else:
        sentence = "is a ZIP archive; unpack it and import the files in it"
    raise UnreadableError(sentence, Outcome.UNSUPPORTED_FORMAT)
