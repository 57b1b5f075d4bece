"""What a report says about itself, each value with the place it was read at and how sure the rule is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ...model import Evidence, Issuer, Metadata, Section
from ..front.front import FrontMatter
from ..text.script import simplify
from .candidates import META_SOURCES, META_TITLES, Stated, first_meta
from .dating import published
from .recognition import KindRules, Seen, bare_title, recognise
from .resolving import Bodies, resolve_issuer

_SIMPLE = {"doc_number": "number", "signer": "signer", "recipient": "recipient", "source": "source"}


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller knows besides the text."""

    url: str
    link_title: str
    page_title: str
    meta: Mapping[str, str]
    report_year: int | None
    default_issuer: Issuer | None


def build(
    *,
    text: str,
    front: FrontMatter,
    lead: str,
    sections: Sequence[Section],
    kinds: Sequence[KindRules],
    year: tuple[int, Evidence] | None,
    given: Given,
    bodies: Bodies,
) -> Metadata:
    """The metadata of one text. Values that nothing states are None and have no evidence."""
    evidence: dict[str, Evidence] = {}
    title = _title(front, given, kinds, evidence)
    if year is not None:
        evidence["report_year"] = year[1]
    kind = _kind(text, front, lead, sections, kinds, given)
    stated = Stated(
        text,
        front,
        title,
        lead,
        given.url,
        given.page_title,
        given.link_title,
        given.meta,
        given.default_issuer,
    )
    resolved, co_issuers, region = resolve_issuer(stated, bodies)
    spot: tuple[int | None, int | None] = (None, None)
    if resolved is not None:
        origin = resolved.source
        spot = (origin.start, origin.end)
        evidence["issuer"] = Evidence(origin.rule, origin.place, resolved.confidence, *spot)
    if region is not None:
        span = spot if region[2] == "text" else (None, None)
        evidence["region"] = Evidence("region.of_issuer", region[2], region[1], *span)
    simple = {name: _field(front, key, evidence, name) for name, key in _SIMPLE.items()}
    signed = front.dates.get("signed")
    if signed is not None:
        evidence["signed_date"] = Evidence("date.signature", "text", "sure", *signed[1:])
    posted = published(front, given.meta, given.url)
    if posted is not None:
        evidence["published_date"] = posted[1]
    source = simple["source"] or first_meta(given.meta, META_SOURCES) or None
    if source and not simple["source"]:
        evidence["source"] = Evidence("source.meta", "meta", "sure")
    source = source or _field(front, "publisher", evidence, "source")
    return Metadata(
        is_report=kind is not None,
        kind=kind,
        title=title,
        report_year=year[0] if year else None,
        issuer=resolved.name if resolved else None,
        issuer_id=resolved.issuer.issuer_id if resolved and resolved.issuer else None,
        co_issuers=co_issuers,
        region=region[0].full_name if region else None,
        region_code=region[0].code if region else None,
        doc_number=simple["doc_number"],
        signer=simple["signer"],
        signed_date=signed[0] if signed else None,
        published_date=posted[0] if posted else None,
        source=source,
        recipient=simple["recipient"],
        evidence=MappingProxyType(evidence),
    )


def _field(front: FrontMatter, key: str, evidence: dict[str, Evidence], name: str) -> str | None:
    found = front.fields.get(key)
    if found is None:
        return None
    evidence[name] = Evidence(f"front.{key}", "text", "sure", found[1], found[2])
    return found[0]


def _title(
    front: FrontMatter, given: Given, kinds: Sequence[KindRules], evidence: dict[str, Evidence]
) -> str | None:
    found = front.fields.get("title")
    if found is not None:
        evidence["title"] = Evidence("title.text", "text", "sure", found[1], found[2])
        return found[0]
    named = first_meta(given.meta, META_TITLES)
    for value, place in ((named, "meta"), (given.page_title, "title"), (given.link_title, "link")):
        bare = bare_title(value)
        if bare and any(rules.title.search(bare) for rules in kinds):
            evidence["title"] = Evidence(f"title.{place}", place, "likely")
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
    headings = [simplify(re.sub(r"\s", "", s.heading)) for s in sections if s.level == 1 and s.heading]
    subheadings = [simplify(re.sub(r"\s", "", s.heading)) for s in sections if s.level > 1]
    seen = Seen(
        titles=tuple(map(simplify, (own, bare_title(given.page_title), bare_title(given.link_title)))),
        lead=lead[:900],
        headings=tuple(headings or subheadings),
        subheadings=tuple(subheadings) if headings else (),
        url=given.url,
        text=text,
        addressed="recipient" in front.fields,
    )
    return next((rules.kind_id for rules in kinds if recognise(rules, seen)), None)
