"""ZIP archives that hold a document (DOCX, OFD): few members, bounded sizes, and XML without a document type."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from lxml import etree

from nianbao.model import Outcome, UnreadableError

# A report is text: more than this, unpacked, is an attack or an accident.
UNPACKED_BYTES = 300_000_000
_MEMBERS = 5_000
# XML packs to a twentieth or so; a small file with a huge member is a bomb, whatever its size.
_RATIO, _RATIO_FROM = 200, 10_000_000
_XML_BYTES = 60_000_000
_DIRECTORY_ENTRY = b"PK\x01\x02"
# In UTF-8 and in UTF-16: neither OOXML nor OFD knows document types, attacks by entities need one.
_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E", re.IGNORECASE)


class Packed:
    """An opened archive. Member names are only looked up in it and never used as file names."""

    def __init__(self, body: bytes) -> None:
        """Raises UnreadableError for damaged archives (UNREADABLE) and for those beyond the bounds (OVERSIZED)."""
        entries = body.count(_DIRECTORY_ENTRY)  # before the directory is read, which costs memory for each
        if entries > _MEMBERS:
            raise UnreadableError(
                f"the archive has about {entries} members, far more than a report; look at it by hand",
                Outcome.OVERSIZED,
            )
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(body))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            raise UnreadableError(f"the file is cut off or damaged ({error}); fetch it again") from error
        self._infos = {_normal(info.filename): info for info in self._archive.infolist()}
        self._check_sizes()

    def _check_sizes(self) -> None:
        unpacked = 0
        for info in self._archive.infolist():
            unpacked += info.file_size
            if info.file_size > _RATIO_FROM and info.file_size > _RATIO * max(1, info.compress_size):
                raise UnreadableError(
                    f"a member of the archive unpacks to {info.file_size // max(1, info.compress_size)} times its"
                    " size, as no document does; look at it by hand",
                    Outcome.OVERSIZED,
                )
        if unpacked > UNPACKED_BYTES:
            raise UnreadableError(
                f"the file unpacks to {unpacked // 1_000_000} MB, far more than a report; look at it by hand",
                Outcome.OVERSIZED,
            )

    @property
    def names(self) -> frozenset[str]:
        """The members' names, with single slashes and none at the beginning."""
        return frozenset(self._infos)

    def xml(self, name: str) -> etree._Element:
        """The root of a member. Raises UnreadableError for missing, damaged, huge ones and such with a document type."""
        return parse_xml(self.read(name), name)

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises UnreadableError for missing, damaged, locked and huge ones."""
        info = self._infos.get(_normal(name))
        if info is None:
            raise UnreadableError(f"the file is damaged (it lacks {name}); fetch it again")
        if info.flag_bits & 0x1:
            raise UnreadableError("the file is locked with a password; bring an unlocked copy")
        if info.file_size > _XML_BYTES:
            raise UnreadableError(
                f"its member {name} has {info.file_size // 1_000_000} MB, far more than a report; look at it by hand",
                Outcome.OVERSIZED,
            )
        try:
            # zipfile stops at the size that was declared, which is bounded, and tells a member that lied about it.
            return self._archive.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise UnreadableError(f"the file is damaged ({error}); fetch it again") from error

    def refuse_document_types(self) -> None:
        """Raises UnreadableError if any XML member has a document type, before a library reads them all."""
        for name in self._infos:
            if name.endswith((".xml", ".rels")):
                _refuse_document_type(self.read(name), name)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root element of XML from outside: no document type, no entities, no network, bounded depth and size."""
    _refuse_document_type(data, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"the file is damaged ({name}: {error}); fetch it again") from error


def _refuse_document_type(data: bytes, name: str) -> None:
    if _DOCTYPE.search(data):
        raise UnreadableError(
            f"its member {name} has a document type, which no office program writes and attacks use;"
            " look at it by hand"
        )


def _normal(name: str) -> str:
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
