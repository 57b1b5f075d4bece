"""Is this an annual report of a given kind? By its title, its lead, its headings; look-alikes are turned down."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...model import ReportKind
from ..front.dates import with_arabic_years
from ..front.title_trim import title_span
from ..text.cleaning import fold

_DATED = re.compile(
    r"^(?![一二三四五六七八九十(]{1,3}[、)])[^。]{0,40}20\d\d年(?!\d{1,2}月)|现将.{0,40}20\d\d年"
)
_NEVER = re.compile(r"(?!)")
_TEMPLATE = re.compile(
    r"20(?:[_*xX×]{2}|\*)年|_{3,}|(?<!\*)\*(?:区|市|县|镇|街道|次|局|人)|(?<![A-Za-z])[xX×]{2,}(?:区|市|县|局|镇|街道|年)"
)
# without one of these no template needs to be looked for
_BLANK_TO_FILL = re.compile(r"[_*×xX](?:(?<![xX])|[xX])")
_LONGEST_TITLE = 120
_LONGEST_LOOK = 6000
# Points that a text without a title needs: where its lead or a heading names the matter, and where nothing does.
_ENOUGH_NAMED, _ENOUGH_UNNAMED = 2, 3
_OFFICIAL = re.compile(r"^https?://[A-Za-z0-9.-]+\.gov\.cn(?=[:/]|$)")


@dataclass(frozen=True, slots=True)
class KindRules:
    """The compiled rules of a report kind."""

    kind_id: str
    title: re.Pattern[str]
    not_title: re.Pattern[str]
    lead: re.Pattern[str]
    not_lead: re.Pattern[str]
    heading: re.Pattern[str]
    prescribed: re.Pattern[str]
    subject: re.Pattern[str]
    not_subject: re.Pattern[str]
    word: re.Pattern[str]
    url_hints: tuple[str, ...]


def _union(rules: Mapping[str, object], key: str) -> re.Pattern[str]:
    patterns = rules.get(key)
    if not isinstance(patterns, Sequence) or isinstance(patterns, str) or not patterns:
        return _NEVER
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def compile_kind(kind: ReportKind) -> KindRules:
    """Compiles a kind's rules. A pattern that is no regular expression raises re.error."""
    hints = kind.rules.get("url_hints")
    return KindRules(
        kind.kind_id,
        _union(kind.rules, "title_patterns"),
        _union(kind.rules, "exclude_title_patterns"),
        _union(kind.rules, "lead_patterns"),
        _union(kind.rules, "exclude_lead_patterns"),
        _union(kind.rules, "heading_patterns"),
        _union(kind.rules, "prescribed_patterns"),
        _union(kind.rules, "subject_patterns"),
        _union(kind.rules, "exclude_subject_patterns"),
        _union(kind.rules, "word_patterns"),
        tuple(map(str, hints)) if isinstance(hints, Sequence) and not isinstance(hints, str) else (),
    )


@lru_cache(maxsize=64)
def bare_title(title: str) -> str:
    """A title in half-width letters, without blanks, quotation of the site's name behind it, and labels before it.

    '' for a text that is too long to be one: links without a title are often named by the first sentences behind them.
    Kind, year and issuer ask for the same titles, hence the cache.
    """
    folded = fold(title).strip()
    start, end = title_span(folded)
    text = with_arabic_years(re.sub(r"\s+", "", folded[start:end]))
    return "" if len(text) > _LONGEST_TITLE else text


def title_fits(title: str, rules: KindRules) -> bool:
    """Whether a bare title names a report of the kind and no look-alike."""
    return bool(rules.title.search(title)) and not rules.not_title.search(title)


def looks_like_report_title(title: str, kind: ReportKind) -> bool:
    """Whether the text of a link could be the title of an annual report of `kind`.

    Lenient about wording; plans, notices, interpretations and other annual reports are turned down.
    """
    return title_fits(bare_title(title), _compiled(kind))


_KINDS_KEPT = 16
_kept: dict[int, tuple[ReportKind, KindRules]] = {}


def _compiled(kind: ReportKind) -> KindRules:
    """The rules of a kind, compiled once: a listing asks for each of its links. Kinds hold mappings and have no hash."""
    found = _kept.get(id(kind))
    if found is None or found[0] is not kind:
        if len(_kept) >= _KINDS_KEPT:
            _kept.clear()
        found = _kept[id(kind)] = kind, compile_kind(kind)
    return found[1]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a text shows of its kind, in half width without blanks.

    titles: bare titles from text, page and link, the text's own first. lead: the beginning of the prose. headings: of
    level 1; subheadings: below. text: the raw text. addressed: it has a salutation to a superior body.
    """

    titles: tuple[str, ...]
    lead: str
    headings: tuple[str, ...]
    subheadings: tuple[str, ...]
    url: str
    text: str
    addressed: bool


def recognise(rules: KindRules, seen: Seen) -> bool:
    """Whether a text is an annual report of the kind."""
    lead, headings = seen.lead, seen.headings
    if rules.not_lead.search(lead) or not (headings or len(lead) > 200):
        return False
    if _BLANK_TO_FILL.search(seen.text) and _TEMPLATE.search(seen.text):
        return False
    own = next((t for t in seen.titles if t), "")
    if any(title_fits(title, rules) for title in seen.titles if title):
        if own and not title_fits(own, rules) and rules.not_title.search(own):
            return False
        # A link promises more than its page may hold: what the page itself says must be about the matter.
        return title_fits(own, rules) or rules.subject.search(seen.text) is not None
    if own and rules.not_title.search(own) and (rules.subject.search(own) or len(own) <= 40):
        return False
    return _by_shape(rules, seen, own)


def _by_shape(rules: KindRules, seen: Seen, own: str) -> bool:
    """Without a title: a lead about one year that announces the report, or headings and words of the genre."""
    lead, headings = seen.lead, seen.headings
    if not headings or not _DATED.search(lead[:600]):
        return False
    hinted = any(hint in seen.url for hint in rules.url_hints)
    named = hinted or rules.subject.search(lead + "".join(headings)) is not None
    if not named and (own or rules.not_subject.search(lead)):
        return False
    announced = 2 * bool(rules.lead.search(lead)) + 2 * hinted + seen.addressed + (len(headings) >= 3)
    inner = (*headings, *seen.subheadings)
    matter = sum(2 if rules.subject.search(h) else 1 for h in inner if rules.heading.search(h))
    matter += sum(2 for h in inner if rules.prescribed.search(h))
    if named and announced + matter >= _ENOUGH_NAMED:
        return True
    matter += len({match.group() for match in rules.word.finditer(seen.text[:_LONGEST_LOOK])})
    if named:
        return announced + matter >= _ENOUGH_NAMED
    # Where nothing names the matter, the form alone proves nothing: every office reports on its year in this form.
    official = _OFFICIAL.match(seen.url) is not None
    return matter > 0 and announced + matter + official >= _ENOUGH_UNNAMED
