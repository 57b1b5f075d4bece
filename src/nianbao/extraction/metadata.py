"""What a report says about itself, each value with the place it was read at and how sure the rule is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from ..model import Evidence, Issuer, Metadata, Region, Section
from . import issuers as bodies
from .cleaning import Line, fold
from .dates import date_in_url, dates_in
from .front import FrontMatter
from .issuers import IssuerIndex, Name
from .recognition import KindRules, bare_title, recognise
from .regions import RegionIndex

_YEAR = re.compile(
    r"(?<!\d)(20[0-4]\d)(?=年|[^\d\-./年—–~至〕\])+])(?!年?\s?(?:[-—–~至]{1,2}|以来的?五年)\s?20\d\d)"
)
_NOW_YEAR = re.compile(r"现[将就].{0,40}?(20[0-4]\d)年")
_LEAD_YEAR = re.compile(
    r"(?:^|[。\n])(?:[^。,]{0,16},)?(20[0-4]\d)年(?:度|以来|来)?(?![-—–~至\d])(?!\d{1,2}月)"
)
_META_DATES = ("PubDate", "pubdate", "publishdate", "PublishDate", "firstpublishedtime", "date")
_SITE = re.compile(r"(?:人民)?政府(?:门户)?网")
_META_SOURCES = ("ContentSource", "contentsource", "source", "Source")


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller knows besides the text."""

    url: str
    link_title: str
    page_title: str
    meta: Mapping[str, str]
    report_year: int | None
    default_issuer: Issuer | None


@dataclass(slots=True)
class _Notes:
    evidence: dict[str, Evidence]

    def put(
        self, name: str, rule: str, place: str, confidence: str, span: tuple[int, int] | None = None
    ) -> None:
        start, end = span if span else (None, None)
        self.evidence[name] = Evidence(rule, place, confidence, start, end)


def report_year(
    front: FrontMatter, given: Given, lead: str, text: str, notes: Mapping[str, Evidence] | None = None
) -> tuple[int, Evidence] | None:
    """The year reported on: by title, then lead, then the year most often named; never by an inner heading."""
    del notes
    if given.report_year is not None:
        return given.report_year, Evidence("year.given", "given", "sure")
    title = front.fields.get("title")
    for value, place, span in (
        (title[0] if title else "", "text", title[1:] if title else None),
        (given.page_title, "title", None),
        (given.link_title, "link", None),
    ):
        match = _YEAR.search(re.sub(r"\s", "", fold(value)) + " ")
        if match is not None:
            start, end = span if span else (None, None)
            return int(match[1]), Evidence("year.title", place, "sure", start, end)
    opening = lead[:500]
    for rule, pattern in (("year.announced", _NOW_YEAR), ("year.lead", _LEAD_YEAR)):
        match = pattern.search(opening)
        if match is not None:
            return int(match[1]), Evidence(rule, "text", "sure")
    counts = Counter(match[1] for match in _YEAR.finditer(text[:20_000]))
    if counts:
        year, times = max(counts.items(), key=lambda item: (item[1], item[0]))
        return int(year), Evidence("year.majority", "text", "likely" if times > 2 else "weak")
    return None


def build(
    *,
    text: str,
    lines: Sequence[Line],
    front: FrontMatter,
    lead: str,
    sections: Sequence[Section],
    kinds: Sequence[KindRules],
    year: tuple[int, Evidence] | None,
    given: Given,
    regions: RegionIndex,
    registry: IssuerIndex,
) -> Metadata:
    """The metadata of one text. Values that nothing states are None and have no evidence."""
    notes = _Notes({})
    title = _title(front, given, kinds, notes)
    if year is not None:
        notes.evidence["report_year"] = year[1]
    kind = _kind(text, front, lead, sections, kinds, given)
    resolved, co_issuers = _issuer(text, front, title, lead, given, regions, registry)
    region = resolved.region if resolved else None
    if resolved is not None:
        span = (resolved.source.start, resolved.source.end)
        spot = (span[0], span[1]) if span[0] is not None and span[1] is not None else None
        notes.put("issuer", resolved.source.rule, resolved.source.place, resolved.confidence, spot)
        if region is not None:
            notes.put("region", "region.of_issuer", resolved.source.place, resolved.confidence, spot)
    simple = {name: _field(front, key, notes, name) for name, key in _SIMPLE.items()}
    signed = front.dates.get("signed")
    if signed is not None:
        notes.put("signed_date", "date.signature", "text", "sure", signed[1:])
    published = _published(front, given, notes)
    source = simple["source"] or _meta(given.meta, _META_SOURCES)
    if source and not simple["source"]:
        notes.put("source", "source.meta", "meta", "sure")
    return Metadata(
        is_report=kind is not None,
        kind=kind,
        title=title,
        report_year=year[0] if year else None,
        issuer=resolved.name if resolved else None,
        issuer_id=resolved.issuer.issuer_id if resolved and resolved.issuer else None,
        co_issuers=co_issuers,
        region=region.full_name if region else None,
        region_code=region.code if region else None,
        doc_number=simple["doc_number"],
        signer=simple["signer"],
        signed_date=signed[0] if signed else None,
        published_date=published,
        source=source or None,
        recipient=simple["recipient"],
        evidence=MappingProxyType(notes.evidence),
    )


_SIMPLE = {"doc_number": "number", "signer": "signer", "recipient": "recipient", "source": "source"}


def _field(front: FrontMatter, key: str, notes: _Notes, name: str) -> str | None:
    found = front.fields.get(key)
    if found is None:
        return None
    notes.put(name, f"front.{key}", "text", "sure", (found[1], found[2]))
    return found[0]


def _title(front: FrontMatter, given: Given, kinds: Sequence[KindRules], notes: _Notes) -> str | None:
    found = front.fields.get("title")
    if found is not None:
        notes.put("title", "title.text", "text", "sure", (found[1], found[2]))
        return found[0]
    for value, place in ((given.page_title, "title"), (given.link_title, "link")):
        bare = bare_title(value)
        if bare and any(rules.title.search(bare) for rules in kinds):
            notes.put("title", f"title.{place}", place, "likely")
            return bare
    return None


def _kind(
    text: str,
    front: FrontMatter,
    lead: str,
    sections: Sequence[Section],
    kinds: Sequence[KindRules],
    given: Given,
) -> str | None:
    stated = front.fields.get("title")
    own = bare_title(stated[0]) if stated else next((t for t in front.titles_like if 8 <= len(t) <= 60), "")
    titles = [own, bare_title(given.page_title), bare_title(given.link_title)]
    headings = [re.sub(r"\s", "", s.heading) for s in sections if s.level == 1 and s.heading]
    subheadings = [re.sub(r"\s", "", s.heading) for s in sections if s.level > 1]
    for rules in kinds:
        if recognise(
            rules,
            titles=titles,
            lead=lead[:900],
            headings=headings or subheadings,
            url=given.url,
            text=text,
            addressed="recipient" in front.fields,
        ):
            return rules.kind_id
    return None


# --- issuer -----------------------------------------------------------------------------------------------


def _names(front: FrontMatter, title: str | None, lead: str, given: Given) -> list[Name]:
    """Every body named where an issuer is named, the likeliest first."""
    found: list[Name] = []
    head = front.fields.get("letterhead")
    if head is not None:
        found.append(Name(head[0], "text", "issuer.letterhead", head[1], head[2]))
    own = front.fields.get("title")
    for value, place, span in (
        (title or "", "text" if own else "title", own[1:] if own else (None, None)),
        (bare_title(given.page_title), "title", (None, None)),
        (bare_title(given.link_title), "link", (None, None)),
    ):
        found += [
            Name(name, place, "issuer.title", span[0], span[1]) for name in bodies.title_names(value[:160])
        ]
    if front.signature is not None:
        name, start, end = front.signature
        found.append(Name(name, "text", "issuer.signature", start, end))
    found += [Name(name, "text", "issuer.lead") for name in bodies.lead_names(lead)]
    for key in ("source", "publisher"):
        label = front.fields.get(key)
        if label is not None:
            found.append(Name(re.sub(r"\s", "", label[0]), "text", f"issuer.{key}", label[1], label[2]))
    posted = _meta(given.meta, _META_SOURCES)
    if posted:
        found.append(Name(re.sub(r"\s", "", posted), "meta", "issuer.meta"))
    return found


def _issuer(
    text: str,
    front: FrontMatter,
    title: str | None,
    lead: str,
    given: Given,
    regions: RegionIndex,
    registry: IssuerIndex,
) -> tuple[bodies.Resolved | None, tuple[str, ...]]:
    names = _names(front, title, lead, given)
    hint = regions.by_code.get(given.default_issuer.region_code) if given.default_issuer else None
    context = fold(
        f"{given.page_title} {given.link_title} {' '.join(given.meta.values())} {text[:1500]} {text[-400:]}"
    )
    region, sure = _region(names, title, lead, given, context, regions, hint)
    government, party = bodies.split_party([n.text for n in names if n.rule == "issuer.title"])
    candidates = [n for n in names if n.text in government or n.rule != "issuer.title"]
    candidates = [n for n in candidates if not (party and n.text in party)]
    resolver = _Resolver(candidates, region, context, hint, regions, registry)
    resolved = resolver.resolve()
    if resolved is None and party and government == []:
        resolved = _Resolver(
            [n for n in names if n.text in party], region, context, hint, regions, registry
        ).resolve()
        party = []
    if resolved is None and given.default_issuer is not None:
        default = given.default_issuer
        own_region = regions.by_code.get(default.region_code)
        resolved = bodies.Resolved(
            default.name, default, own_region, Name(default.name, "given", "issuer.source"), "likely"
        )
    if resolved is not None and not sure and resolved.confidence == "sure":
        resolved = bodies.Resolved(resolved.name, resolved.issuer, resolved.region, resolved.source, "likely")
    return resolved, tuple(dict.fromkeys(party)) if government else ()


def _region(
    names: Sequence[Name],
    title: str | None,
    lead: str,
    given: Given,
    context: str,
    regions: RegionIndex,
    hint: Region | None,
) -> tuple[Region | None, bool]:
    """The division that the issuer belongs to, and whether that is certain."""
    places = [n.text for n in names if n.rule != "issuer.publisher"]
    places += [context[max(0, match.start() - 16) : match.start()] for match in _SITE.finditer(context)]
    places += [title or "", given.page_title, lead[:120]]
    for place in places:
        located = regions.locate(fold(place), context, hint)
        if located is not None:
            return located.region, located.sure
    for name in names:
        named = regions.by_short_name(name.text)
        if named is not None and hint is None:
            return named, False
    return hint, hint is not None


class _Resolver:
    """Chooses among the names, makes the choice full and looks it up."""

    def __init__(
        self,
        names: Sequence[Name],
        region: Region | None,
        context: str,
        hint: Region | None,
        regions: RegionIndex,
        registry: IssuerIndex,
    ) -> None:
        self.names = [n for n in names if n.text and len(n.text) <= 45]
        self.region, self.context, self.hint = region, context, hint
        self.regions, self.registry = regions, registry

    def resolve(self) -> bodies.Resolved | None:
        """The issuer, None if nothing names one."""
        for name in self.names:
            if name.rule in ("issuer.source", "issuer.publisher", "issuer.meta") and self._named_otherwise():
                continue
            for form in (name.text, bodies.expand(name.text)):
                issuer = self.registry.find(form, self._region_of(name))
                if issuer is not None and not bodies.is_own(name.text):
                    region = self.regions.by_code.get(issuer.region_code)
                    return bodies.Resolved(issuer.name, issuer, region, name, "sure")
        for name in self.names:
            resolved = self._unregistered(name)
            if resolved is not None:
                return resolved
        return None

    def _named_otherwise(self) -> bool:
        """Whether title, letterhead, signature or lead name a body, so that who posted the page does not matter."""
        strong = ("issuer.letterhead", "issuer.title", "issuer.signature", "issuer.lead")
        return any(
            n.rule in strong and not bodies.is_own(n.text) and self._is_body(n.text) for n in self.names
        )

    def _is_body(self, text: str) -> bool:
        if bodies.BODY.match(text):
            return True
        located = self.regions.locate(text, self.context, self.hint)
        return located is not None and located.start == 0 and located.end == len(text)

    def _region_of(self, name: Name) -> Region | None:
        located = self.regions.locate(name.text, self.context, self.hint)
        return located.region if located is not None and located.start == 0 else self.region

    def _unregistered(self, name: Name) -> bodies.Resolved | None:
        if bodies.is_own(name.text):
            return None
        located = self.regions.locate(name.text, self.context, self.hint)
        starts = located is not None and located.start == 0
        if located is not None and starts and located.end == len(name.text):
            # a title that names only the division speaks of its government
            full = bodies.full_name(name.text + "人民政府", located.region, self.regions)
            return bodies.Resolved(
                full, self.registry.find(full, located.region), located.region, name, "likely"
            )
        if not bodies.BODY.match(name.text) or len(name.text) < 3:
            return None
        if located is not None and starts:
            full = bodies.full_name(bodies.expand(name.text), located.region, self.regions)
            return bodies.Resolved(full, None, located.region, name, "sure")
        for other in self.names:
            if (
                other is not name
                and bodies.abbreviates(name.text, other.text)
                and bodies.BODY.match(other.text)
            ):
                elsewhere = self.regions.locate(other.text, self.context, self.hint)
                if elsewhere is not None and elsewhere.start == 0:
                    full = bodies.full_name(other.text, elsewhere.region, self.regions)
                    return bodies.Resolved(full, None, elsewhere.region, other, "sure")
        full = bodies.full_name(bodies.expand(name.text), self.region, self.regions)
        return bodies.Resolved(full, None, self.region, name, "likely" if self.region else "weak")


# --- dates ------------------------------------------------------------------------------------------------


def _published(front: FrontMatter, given: Given, notes: _Notes) -> date | None:
    for key, rule, confidence in (
        ("published", "date.label", "sure"),
        ("listed", "date.label", "likely"),
        ("bare", "date.line", "likely"),
        ("printed", "date.printed", "likely"),
        ("written", "date.written", "weak"),
    ):
        found = front.dates.get(key)
        if found is not None:
            notes.put("published_date", rule, "text", confidence, found[1:])
            return found[0]
    value = _meta(given.meta, _META_DATES)
    for _, _, found_date in dates_in(fold(value)):
        notes.put("published_date", "date.meta", "meta", "sure")
        return found_date
    from_url = date_in_url(given.url)
    if from_url is not None:
        notes.put("published_date", "date.url", "url", "weak")
    return from_url


def _meta(meta: Mapping[str, str], names: Sequence[str]) -> str:
    return next((meta[name].strip() for name in names if meta.get(name, "").strip()), "")
