"""What a district's website came to when it was published."""

from __future__ import annotations

from dataclasses import dataclass, field

from .site import StaticSite
from .truth import (
    AbsentTruth,
    ContradictionTruth,
    PageTruth,
    ReportTruth,
    RestatementTruth,
    SourceTruth,
    UnreadableTruth,
)


@dataclass(slots=True)
class Publication:
    """What one district's website came to. listing_pages: by source id, all paths of each page of its listing."""

    site: StaticSite
    sources: list[SourceTruth] = field(default_factory=list)
    reports: list[ReportTruth] = field(default_factory=list)
    pages: list[PageTruth] = field(default_factory=list)
    absent: list[AbsentTruth] = field(default_factory=list)
    unreadable: list[UnreadableTruth] = field(default_factory=list)
    contradictions: list[ContradictionTruth] = field(default_factory=list)
    restatements: list[RestatementTruth] = field(default_factory=list)
    withdrawn: list[ReportTruth] = field(default_factory=list)
    listing_pages: dict[str, list[list[str]]] = field(default_factory=dict)
