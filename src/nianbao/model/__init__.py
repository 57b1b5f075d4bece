"""The words of the product as frozen values: what a stage takes and what it hands on. No I/O, no clock.

The words and their meaning are listed in docs/architecture.md; the enumerations here are closed lists.
"""

from .capture import NEWS_OUTCOMES, ORDINARY_OUTCOMES, Capture, Outcome, OutcomeRow
from .check import Check, Verdict
from .document import Block, Document, UnreadableError, edition_id
from .registry import (
    Correction,
    Department,
    Family,
    Host,
    Indicator,
    Issuer,
    Region,
    Registry,
    ReportKind,
    Source,
    VisitSeason,
)
from .report import Evidence, Figure, Metadata, Reference, Rejection, Report, Section, Statement
from .visit import SourceState, SourceStretch, SourceVisit

__all__ = [
    "NEWS_OUTCOMES",
    "ORDINARY_OUTCOMES",
    "Block",
    "Capture",
    "Check",
    "Correction",
    "Department",
    "Document",
    "Evidence",
    "Family",
    "Figure",
    "Host",
    "Indicator",
    "Issuer",
    "Metadata",
    "Outcome",
    "OutcomeRow",
    "Reference",
    "Region",
    "Registry",
    "Rejection",
    "Report",
    "ReportKind",
    "Section",
    "Source",
    "SourceState",
    "SourceStretch",
    "SourceVisit",
    "Statement",
    "UnreadableError",
    "Verdict",
    "VisitSeason",
    "edition_id",
]
