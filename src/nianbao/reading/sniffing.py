"""What a body is, by its first bytes. Names and headers are not asked: a .pdf is often a page that says sorry."""

from __future__ import annotations

import io
import re
import zipfile

from nianbao.model import Outcome, UnreadableError

HTML, TEXT, PDF = "text/html", "text/plain", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_CONVERT = "save it as PDF or Word (.docx) and import that file"
_PICTURE = (
    "is a picture, whose text nobody has read out; bring the report as a PDF with text, Word or web page"
)
_REFUSED = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ""),  # told apart below
    (b"\xff\xd8\xff", f"JPEG: {_PICTURE}"),
    (b"\x89PNG\r\n\x1a\n", f"PNG: {_PICTURE}"),
    (b"GIF8", f"GIF: {_PICTURE}"),
    (b"II*\0", f"TIFF: {_PICTURE}"),
    (b"MM\0*", f"TIFF: {_PICTURE}"),
    (b"{\\rtf", f"is a rich text file (.rtf), which is not read; {_CONVERT}"),
    (b"Rar!\x1a\x07", "is a RAR archive; unpack it and import the files in it"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive; unpack it and import the files in it"),
    (b"\x1f\x8b", "is a gzip file; unpack it and import the file in it"),
)
_TAG = re.compile(
    r"<(?:!doctype|html|head|body|meta|title|div|table|p|span|script|link|ul|ol|a|h[1-6]|br|font|center)\b[^<]{0,2000}>",
    re.IGNORECASE,
)
_TAG_REACH = 4096
# A Word file is text: more than this, unpacked, is no report but an attack or an accident.
_UNPACKED_BYTES = 300_000_000


def sniff(body: bytes) -> str:
    """PDF, DOCX, or '' for what must be decoded to be known.

    Raises UnreadableError with a sentence for empty bodies (EMPTY) and formats nobody here reads (UNSUPPORTED_FORMAT).
    """
    if not body.strip(b"\0 \t\r\n"):
        raise UnreadableError("it is empty, or holds nothing but blanks; look at it by hand", Outcome.EMPTY)
    if b"%PDF-" in body[:1024]:
        return PDF
    if body.startswith(b"PK\x03\x04"):
        return _zip(body)
    for magic, sentence in _REFUSED:
        if body.startswith(magic):
            raise UnreadableError(sentence or _ole(body), Outcome.UNSUPPORTED_FORMAT)
    return ""


def is_html(text: str, content_type: str) -> bool:
    """Whether decoded text is a web page: a tag near its beginning, or the header says so and there is any tag."""
    if _TAG.search(text, 0, _TAG_REACH):
        return True
    return "html" in content_type.lower() and _TAG.search(text) is not None


def _ole(body: bytes) -> str:
    if "Workbook".encode("utf-16-le") in body:
        return f"is an old Excel file (.xls), which is not read; {_CONVERT}"
    if "EncryptedPackage".encode("utf-16-le") in body:
        return "is an Office file locked with a password; unlock it and import it again"
    return f"is an old Word or WPS file (.doc, .wps), which is not read; {_CONVERT}"


def _zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise UnreadableError(f"the file is cut off or damaged ({error}); fetch it again") from error
    names = {info.filename for info in infos}
    unpacked = sum(info.file_size for info in infos)
    if unpacked > _UNPACKED_BYTES:
        raise UnreadableError(
            f"the file unpacks to {unpacked // 1_000_000} MB, far more than a report; look at it by hand",
            Outcome.OVERSIZED,
        )
    if "word/document.xml" in names:
        return DOCX
    if "OFD.xml" in names:
        sentence = f"is an OFD file, which is not read; {_CONVERT}"
    elif any(name.startswith("xl/") for name in names):
        sentence = f"is an Excel file (.xlsx), which is not read; {_CONVERT}"
    else:
        sentence = "is a ZIP archive; unpack it and import the files in it"
    raise UnreadableError(sentence, Outcome.UNSUPPORTED_FORMAT)
