"""Reading: bytes → Document. Pure: no network, no disk, no clock; the same bytes always give the same text.

`read_document(body, content_type=, url=)` decides by magic bytes what a body is and reads it, or raises
UnreadableError with a sentence. `error_page(document)` says what a page is that answers 200 and is none.
`decode(body, content_type)` is text alone. `links(body, base_url, content_type)` and `next_page(…)` read listing pages.
"""

from nianbao.reading.decoding import decode
from nianbao.reading.document import read_document
from nianbao.reading.error_page import error_page
from nianbao.reading.listing import Link, links, next_page

__all__ = ["Link", "decode", "error_page", "links", "next_page", "read_document"]
