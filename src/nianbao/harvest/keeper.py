"""Decides what an answer 200 is worth: a record of its own, a revisit, or nothing, since its content is archived."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from nianbao.archive import Archive, ArchiveError, ArchiveWriter
from nianbao.harvest.answer import Answer
from nianbao.harvest.exchange import Exchange
from nianbao.model import Capture, Outcome

ContentId = Callable[[Answer], str]
_NEXT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an answer: OK or UNCHANGED. capture: where its content stands in the archive."""

    outcome: Outcome
    sentence: str
    capture: Capture


class Keeper:
    """Puts answers 200 into the archive. The content decides whether a page has changed, not its bytes: counters, the
    date of today and the like differ at every look, and archiving those would say nothing."""

    def __init__(self, archive: Archive, writer: ArchiveWriter) -> None:
        self._archive = archive
        self._writer = writer

    def keep(self, exchange: Exchange, answer: Answer, content_id: ContentId, **why: str) -> Kept:
        """Archives an answer if it says something new.

        content_id: what an answer says, '' where only its bytes tell. why: source_id, role, link_title, link_date,
        parent_url.
        """
        url = exchange.url
        last = self._archive.last_ok(exchange.final_url)
        record = {**_record(exchange), **why}
        if last is not None and exchange.fetched_at < last.fetched_at:
            # The clock was set back. The newest capture of an address is what it says now, so the order must be kept.
            record["fetched_at"] = last.fetched_at + _NEXT
        sha256 = hashlib.sha256(exchange.body).hexdigest()
        if last is not None and last.payload_sha256 == sha256:
            self._writer.add_revisit(**record, original=last)
            return Kept(Outcome.UNCHANGED, f"{url} was sent again, and is the same to the byte", last)
        content = content_id(answer)
        if last is not None and content and content == self._content_of(last, content_id):
            sentence = f"{url} was sent again with other bytes and the content of {last.fetched_at:%Y-%m-%d}"
            return Kept(Outcome.UNCHANGED, sentence, last)
        original = self._archive.same_payload(sha256)
        if original is not None:
            capture = self._writer.add_revisit(**record, original=original, content_id=content)
            return Kept(Outcome.OK, f"{url} is new here, with the very bytes of {original.url}", capture)
        capture = self._writer.add_response(**record, body=exchange.body, content_id=content)
        changed = "has changed" if last else "is new"
        return Kept(Outcome.OK, f"{url} {changed}: {len(exchange.body)} bytes archived", capture)

    def _content_of(self, last: Capture, content_id: ContentId) -> str:
        """Told anew from the archived bytes: other rules of reading may have made the id that was archived."""
        try:
            return content_id(Answer(last.url, self._archive.read(last), last.media_type))
        except ArchiveError:
            return ""  # what cannot be compared is archived


def _record(exchange: Exchange) -> dict[str, Any]:
    """An exchange as the archive's writer takes it, without its body."""
    return {
        "url": exchange.final_url,
        "status": exchange.status,
        "reason": exchange.reason,
        "request_headers": exchange.request_headers,
        "response_headers": exchange.response_headers,
        "fetched_at": exchange.fetched_at,
    }
