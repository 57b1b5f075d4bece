"""What an answer means, judged by its status and, where a page may be a challenge, by its first bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from selectolax.lexbor import LexborHTMLParser

from nianbao.model import Outcome

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS = frozenset({301, 308})
# Statuses that only the script challenges of Chinese government sites answer a plain request with.
_CHALLENGES = frozenset({412, 521})
# A challenge is a page of script and hardly a word; what is larger, or says something, is a page.
_CHALLENGE_BYTES = 65_536
_SMALL_CHALLENGE_BYTES = 8_192
_CHALLENGE_WORDS = 60
_CHALLENGE_MARKS = re.compile(
    rb"\$_ts\b|acw_sc__v[23]|__jsl_clearance|yunsuo_session|security_session_verify|_waf_bd8ce2|__tst_status|EO_Bot_Ssid"
)
_SETS_COOKIE = re.compile(rb"document\s{0,9}\.\s{0,9}cookie\s{0,9}=(?!=)")
_GOES_ON = re.compile(rb"location\s{0,9}(?:\.\s{0,9}(?:reload|replace|href)|=(?!=))")
# Firewalls that say who they are, in a header or on the page they refuse with.
_FIREWALLS = {
    b"aliyun": "阿里云盾",
    b"yundun": "阿里云盾",
    b"yunsuo": "云锁",
    b"jiasule": "知道创宇",
    b"knownsec": "知道创宇",
    b"safedog": "安全狗",
    b"360wzws": "360",
    b"waf.tencent": "腾讯云",
    "创宇盾".encode(): "知道创宇",
    "安全狗".encode(): "安全狗",
    "网站防火墙".encode(): "网站防火墙",
}


def judge(url: str, status: int, headers: Mapping[str, str], body: bytes) -> tuple[Outcome, str]:
    """The outcome of an answer and a sentence about it. headers: names in lower case.

    body: of an ordinary answer (200), all of it; of any other, what was read of it.
    """
    if status in _CHALLENGES or (status in (200, 202, 203, 403, 405, 418) and is_challenge(body)):
        sentence = f"{url} answered {status}, a script challenge; fetch it by hand and use `nianbao import`"
        return Outcome.BLOCKED_CHALLENGE, sentence
    if status == 200:
        if body:
            return Outcome.OK, ""
        return Outcome.EMPTY, f"{url} answered 200 with an empty body"
    if status in REDIRECTS:
        return Outcome.OK, ""
    if status == 304:
        return Outcome.NOT_MODIFIED, f"{url} has not changed since it was last fetched"
    if status in (404, 410):
        return Outcome.NOT_FOUND, f"{url} answered {status}: the page is not there; look for its new address"
    if status == 429:
        return (
            Outcome.THROTTLED,
            f"{url} answered 429: the site asks for fewer requests; raise `delay_seconds`",
        )
    if status >= 500:
        return Outcome.SERVER_ERROR, f"{url} answered {status}; it is tried again next time"
    return Outcome.FORBIDDEN, _refused(url, status, headers, body)


def is_challenge(body: bytes) -> bool:
    """True for a page that wants a script run before it shows anything."""
    if len(body) > _CHALLENGE_BYTES:
        return False
    marked = _CHALLENGE_MARKS.search(body) is not None
    if not marked and len(body) <= _SMALL_CHALLENGE_BYTES:
        marked = _SETS_COOKIE.search(body) is not None and _GOES_ON.search(body) is not None
    # Sites behind such a gate put its marks into every page that they do show.
    return marked and len(_visible(body)) < _CHALLENGE_WORDS


def wait_asked_for(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header (seconds or a date) asks to wait; None where it says nothing readable."""
    value = value.strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _visible(body: bytes) -> str:
    tree = LexborHTMLParser(body.decode("utf-8", "replace"))
    tree.strip_tags(["script", "style", "noscript", "title"])
    return re.sub(r"\s+", "", tree.body.text() if tree.body else "")


def _refused(url: str, status: int, headers: Mapping[str, str], body: bytes) -> str:
    said = " ".join((headers.get("server", ""), *headers)).encode("utf-8", "replace").lower() + body.lower()
    who = next((name for mark, name in _FIREWALLS.items() if mark in said), "")
    by = f", refused by its firewall ({who})," if who else ""
    return f"{url} answered {status}{by} and gives no page; ask the site, or use `nianbao import`"
