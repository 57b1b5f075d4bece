"""An answer of a site as harvest looks at it: what it is, and what it says if it is a page."""

from __future__ import annotations

from functools import cached_property

from nianbao.harvest.families.base import Page
from nianbao.model import Document, Outcome, UnreadableError, edition_id
from nianbao.reading import error_page, read_document
from nianbao.reading.sniffing import is_binary


class Answer:
    """A body with its address. Pages are read once, when they are asked about; files are left to a bounded reader."""

    def __init__(self, url: str, body: bytes, media_type: str) -> None:
        self.page = Page(url, body, media_type)

    @cached_property
    def document(self) -> Document | None:
        """A web page or text as a document; None for files and for what cannot be read."""
        page = self.page
        try:
            if is_binary(page.body):
                return None
            return read_document(page.body, content_type=page.media_type, url=page.url)
        except UnreadableError:
            return None

    @property
    def error(self) -> tuple[Outcome, str] | None:
        """What a page really is that says 200 and is none: not found, suspended, a challenge. With a sentence."""
        return error_page(self.document) if self.document is not None else None

    @property
    def content_id(self) -> str:
        """What a page says (title, text, files offered) as an id; '' for files, whose bytes are their content."""
        said = self.document
        if said is None:
            return ""
        return edition_id("\n".join([said.title, said.text, *(url for url, _ in said.attachments)]))

    @property
    def attachments(self) -> tuple[tuple[str, str], ...]:
        """(address, link text) of the files that a page offers."""
        return self.document.attachments if self.document is not None else ()
