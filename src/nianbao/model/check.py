"""Data-quality statements about a candidate, with their verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Check:
    """One data-quality statement about a candidate (检查) with its verdict.

    severity: critical (refuses the candidate) or warning (published with the release). value, threshold: as text.
    sentence: in plain words, with what to do when it fails. sample: worst rows as JSON text, at most five.
    """

    check_id: str
    suite: str
    subject: str
    severity: str
    verdict: Verdict
    value: str
    threshold: str
    sentence: str
    sample: str = "[]"
