"""Asks for one address of a source: conditionally, archived if it says something new, told as an outcome."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from nianbao import clock
from nianbao.archive import Archive
from nianbao.harvest.answer import Answer
from nianbao.harvest.exchange import Exchange
from nianbao.harvest.keeper import ContentId, Keeper
from nianbao.harvest.memory import Address, Memory
from nianbao.harvest.roles import LISTING
from nianbao.harvest.source import SourceHarvest
from nianbao.harvest.visit import Visit
from nianbao.model import Capture, Outcome, OutcomeRow, Source
from nianbao.reading import Link

_GONE = frozenset({Outcome.NOT_FOUND, Outcome.SOFT_404})
_FRONT = re.compile(r"/?(?:(?:index|default|home)\.\w{2,5})?", re.IGNORECASE)
ErrorOf = Callable[[Answer], tuple[Outcome, str] | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of an address after asking for it, for the memory; and what it answered.

    answer: from the site or, where nothing has changed, from the archive; None where there is nothing to read.
    """

    address: Address
    answer: Callable[[], Answer] | None = None


class Inquiry:
    """The questions of one look at one source; what comes of each is noted in the result.

    began: when this look began, or the one that was killed and that it resumes: what was looked at since is not asked
    for again.
    """

    def __init__(
        self,
        source: Source,
        visit: Visit,
        archive: Archive,
        keeper: Keeper,
        memory: Memory,
        began: datetime,
        result: SourceHarvest,
    ) -> None:
        self._source = source
        self._visit = visit
        self._archive = archive
        self._keeper = keeper
        self._memory = memory
        self._began = began
        self._result = result
        self.postponed = 0  # addresses that were not asked for this time

    def canonical(self, url: str) -> str:
        """The one address of a page that several addresses lead to."""
        return self._visit.canonical(url)

    def ask(
        self,
        url: str,
        role: str,
        link: Link,
        parent: str,
        *,
        listed: bool = False,
        content_id: ContentId = lambda answer: answer.content_id,
        error: ErrorOf = lambda answer: answer.error,
    ) -> Asked | None:
        """Asks for an address; None if it was postponed.

        link, parent: what led to it. content_id: what an answer says. error: what an answer is that only pretends.
        """
        known = self._memory.address(url)
        last = (
            self._archive.get(known.capture_id) if known and known.capture_id else self._archive.last_ok(url)
        )
        if known and last and known.looked_at and known.looked_at >= self._began:
            sentence = f"{url} was looked at {known.looked_at:%H:%M} UTC, before the refresh was interrupted"
            self.note(_stage(role), Outcome.UNCHANGED, sentence, url, last)
            return Asked(known, self._archived(last))
        etag = (known.etag if known else "") or (last.etag if last else "")
        modified = (known.last_modified if known else "") or (last.last_modified if last else "")
        exchange = self._visit.get(url, etag=etag if last else "", last_modified=modified if last else "")
        if exchange.outcome is Outcome.POSTPONED:
            self._postpone(role, exchange)
            return None
        self._result.asked += 1
        if role == LISTING and exchange.moved_to and exchange.outcome is not Outcome.MOVED:
            sentence = f"{url} has moved for good to {exchange.moved_to}; put that address into the registry"
            self.note("discover", Outcome.MOVED, sentence, url)
        now = clock.now()
        address = Address(
            url,
            self._source.source_id,
            role,
            parent_url=parent,
            link_title=link.text,
            link_date=link.date,
            final_url=exchange.final_url,
            looked_at=now,
            listed_at=now if listed else (known.listed_at if known else None),
            capture_id=last.capture_id if last else "",
            etag=etag if last else "",
            last_modified=modified if last else "",
        )
        return self._judged(address, exchange, known.misses if known else 0, last, content_id, error)

    def _judged(
        self,
        address: Address,
        exchange: Exchange,
        misses: int,
        last: Capture | None,
        content_id: ContentId,
        error: ErrorOf,
    ) -> Asked:
        url, role = address.url, address.role
        outcome, sentence, capture = exchange.outcome, exchange.sentence, None
        if outcome is Outcome.NOT_MODIFIED and last is not None:
            capture = last
        elif outcome is Outcome.OK:
            answer = Answer(exchange.final_url, exchange.body, exchange.header("Content-Type"))
            sorry = error(answer) if role == LISTING else _sent_home(exchange) or error(answer)
            if sorry is not None:
                outcome, sentence = sorry[0], f"{url} {sorry[1]}"
            else:
                kept = self._keeper.keep(
                    exchange,
                    answer,
                    content_id,
                    source_id=address.source_id,
                    role=role,
                    link_title=address.link_title,
                    link_date=address.link_date,
                    parent_url=address.parent_url,
                )
                outcome, sentence, capture = kept.outcome, kept.sentence, kept.capture
                self._result.new += outcome is Outcome.OK
                address = replace(
                    address, etag=exchange.header("ETag"), last_modified=exchange.header("Last-Modified")
                )
        if outcome in _GONE and role != LISTING and last is not None:
            outcome = Outcome.WITHDRAWN
            sentence += (
                f". It was there on {last.fetched_at:%Y-%m-%d}; the archived copy {last.capture_id} stays"
            )
        self.note(_stage(role), outcome, sentence, url, capture)
        if capture is None:
            return Asked(replace(address, outcome=outcome, misses=misses + 1))
        address = replace(address, outcome=outcome, misses=0, capture_id=capture.capture_id)
        return Asked(address, (lambda: answer) if exchange.outcome is Outcome.OK else self._archived(capture))

    def _archived(self, capture: Capture) -> Callable[[], Answer]:
        return lambda: Answer(capture.url, self._archive.read(capture), capture.media_type)

    def _postpone(self, role: str, exchange: Exchange) -> None:
        """The first one is told with its reason, the others are counted: they may be hundreds."""
        if not self.postponed:
            self.note(_stage(role), Outcome.POSTPONED, exchange.sentence, exchange.url)
        self.postponed += 1

    def close(self) -> None:
        """Tells how many addresses were postponed."""
        if self.postponed > 1:
            sentence = (
                f"{self.postponed - 1} further addresses of {self._source.source_id} ({self._source.listings[0]}) were"
                " not asked for either; they come next time"
            )
            self.note("fetch", Outcome.POSTPONED, sentence, self._source.listings[0])

    def note(
        self, stage: str, outcome: Outcome, sentence: str, url: str, capture: Capture | None = None
    ) -> None:
        """Adds an outcome row to the result."""
        self._result.outcomes.append(
            OutcomeRow(
                stage=stage,
                outcome=outcome,
                sentence=sentence,
                url=url,
                source_id=self._source.source_id,
                at=clock.now(),
                capture_id=capture.capture_id if capture else "",
            )
        )


def _sent_home(exchange: Exchange) -> tuple[Outcome, str] | None:
    """Many sites send whoever asks for a page that is gone to their front page."""
    asked, came = urlsplit(exchange.url).path, urlsplit(exchange.final_url).path
    if asked == came or not _FRONT.fullmatch(came):
        return None
    return (
        Outcome.SOFT_404,
        f"leads to the front page {exchange.final_url}; look for the report's new address",
    )


def _stage(role: str) -> str:
    return "discover" if role == LISTING else "fetch"
