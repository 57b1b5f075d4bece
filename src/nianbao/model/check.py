"""Data-quality statements about a candidate, with their verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NO_DATA = "no_data"  # nothing is there to look at
    NOT_DUE = "not_due"  # what it compares with is not there yet, or its day has not come


@dataclass(frozen=True, slots=True)
class Check:
    """One data-quality statement about a candidate (检查) with its verdict.

    severity: critical (refuses the candidate) or warning (published with the release). value, threshold: as text.
    sentence: in plain words, with what to do when it fails. sample: worst rows as JSON text, at most five.
    accepted_reason: why a failure is let pass (an accepted exception), '' otherwise.
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
    accepted_reason: str = ""

    @property
    def refuses(self) -> bool:
        """True if the candidate must not be released because of this."""
        return self.severity == "critical" and self.verdict is Verdict.FAIL and not self.accepted_reason
