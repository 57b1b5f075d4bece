"""What harvest brings: captures, and how each ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """How a capture, or the reading of one, ended (结果): a closed list."""

    # a body is there
    OK = "ok"
    UNCHANGED = "unchanged"  # status 200, the same bytes as last time
    NOT_MODIFIED = "not_modified"  # status 304: a row, no record
    # no body to read
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    SERVER_ERROR = "server_error"
    REDIRECT_LOOP = "redirect_loop"
    HOST_NOT_ALLOWED = "host_not_allowed"
    BLOCKED_CHALLENGE = "blocked_challenge"
    BLOCKED_ROBOTS = "blocked_robots"
    OVERSIZED = "oversized"
    BROKEN_TRANSFER = "broken_transfer"
    EMPTY = "empty"
    MOVED = "moved"  # redirected for good: the registry should name the new address
    WITHDRAWN = "withdrawn"  # a page that was there before and is not any more
    THROTTLED = "throttled"  # the site asks to come back later than a night can wait
    POSTPONED = "postponed"  # not asked this time: budget, crawl window, or a host that does not answer
    # a body is there, and no report could be made of it
    NO_LINKS = "no_links"  # a listing without a report on it
    SOFT_404 = "soft_404"
    SUSPENDED = "suspended"  # status 200, and the page of a host that is switched off or under maintenance
    UNREADABLE = "unreadable"
    UNSUPPORTED_FORMAT = "unsupported_format"
    NOT_A_REPORT = "not_a_report"
    ATTACHED = "attached"  # the page only points at the file that holds the report
    NO_ISSUER = "no_issuer"
    NO_YEAR = "no_year"
    REPORT = "report"
    # a report beside what was known before (stage compare)
    EDITED = "edited"
    LATE = "late"
    DUPLICATE = "duplicate"  # the same text under a second address


# Outcomes of an ordinary night: counted. All others are shown one by one to whoever watches a refresh.
ORDINARY_OUTCOMES = frozenset(
    {
        Outcome.OK,
        Outcome.UNCHANGED,
        Outcome.NOT_MODIFIED,
        Outcome.REPORT,
        Outcome.ATTACHED,
        Outcome.NOT_A_REPORT,
        Outcome.EDITED,
        Outcome.LATE,
        Outcome.DUPLICATE,
    }
)
# What happened to reports that were known or due: told one by one to whoever asks what is new.
NEWS_OUTCOMES = (Outcome.EDITED, Outcome.LATE, Outcome.WITHDRAWN, Outcome.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Capture:
    """One HTTP exchange or one imported file (采集), without its body.

    capture_id: the WARC-Record-ID without brackets (urn:uuid:…). fetched_at: aware UTC time.
    link_title, link_date: text of the link that led here and the ISO day printed beside it, '' where there is none. role: listing, page, attachment or file.
    payload_sha256: hex digest of the body; content_id: id of what the body says, whatever its bytes, '' where unknown.
    segment, offset, length: where its WARC record lies.
    """

    capture_id: str
    url: str
    source_id: str
    role: str
    fetched_at: datetime
    status: int
    media_type: str
    payload_sha256: str
    link_title: str = ""
    link_date: str = ""
    parent_url: str = ""
    etag: str = ""
    last_modified: str = ""
    content_id: str = ""
    segment: str = ""
    offset: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What happened to one address (or file) at one stage, in a sentence that a person can act on.

    stage: discover, fetch, read, extract or compare. capture_id is empty where nothing was archived.
    """

    stage: str
    outcome: Outcome
    sentence: str
    url: str
    source_id: str
    at: datetime
    capture_id: str = ""
