"""The rows of one unit of alignment: an issuer's editions of one report kind, each year beside the next.

Values in, rows out, so that it runs in any process.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from nianbao.alignment.followup import followup
from nianbao.alignment.recurrence import Problem, recurrences
from nianbao.alignment.reuse import reuse
from nianbao.warehouse.lake import Row

Tables = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a unit. report_year: the year its report is about."""

    edition_id: str
    report_year: int


@dataclass(frozen=True, slots=True)
class Unit:
    """An issuer's editions of one report kind, in the order of their years. key: changes when its rows would."""

    key: str
    issuer_id: str
    report_kind: str
    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What an edition says: its text, its commitments and shortcomings as (ordinal, text), and the spans of its plans."""

    text: str
    commitments: tuple[tuple[int, str], ...]
    shortcomings: tuple[tuple[int, str], ...]
    plans: tuple[tuple[int, int], ...]

    @classmethod
    def of(
        cls, text: str, statements: Sequence[tuple[int, str, str, int, int]], plans: Sequence[tuple[int, int]]
    ) -> Told:
        """From rows of raw.statement (ordinal, kind, text, start, end) and spans of sections; a promise is plan anywhere."""
        commitments = [row for row in statements if row[1] == "commitment"]
        return cls(
            text,
            tuple((ordinal, words) for ordinal, _, words, _, _ in commitments),
            tuple((ordinal, words) for ordinal, kind, words, _, _ in statements if kind == "shortcoming"),
            (*plans, *((start, end) for *_, start, end in commitments)),
        )


def align_units(units: Sequence[Unit], told: Mapping[str, Told]) -> Tables:
    """The rows of some units per table of AlignmentLake. told: edition id → what it says."""
    tables: Tables = defaultdict(list)
    for unit in units:
        tables["unit"].append(
            {
                "unit_key": unit.key,
                "issuer_id": unit.issuer_id,
                "report_kind": unit.report_kind,
                "editions": len(unit.editions),
            }
        )
        for earlier, later in _years_in_a_row(unit.editions):
            pair = (unit.key, earlier.edition_id, later.edition_id)
            tables["text_reuse"].append(_reuse_row(*pair, told))
            tables["commitment_followup"] += _followup_rows(*pair, told)
        tables["shortcoming_recurrence"] += _recurrence_rows(unit, told)
    return dict(tables)


def _years_in_a_row(editions: Sequence[Edition]) -> Iterator[tuple[Edition, Edition]]:
    of_year: dict[int, list[Edition]] = defaultdict(list)
    for edition in editions:
        of_year[edition.report_year].append(edition)
    for later in editions:
        for earlier in of_year.get(later.report_year - 1, ()):
            yield earlier, later


def _reuse_row(key: str, earlier: str, later: str, told: Mapping[str, Told]) -> Row:
    found = reuse(told[earlier].text, told[later].text)
    return {
        "unit_key": key,
        "earlier_edition_id": earlier,
        "later_edition_id": later,
        "n_paragraphs": found.n_paragraphs,
        "n_copied": found.n_copied,
        "n_edited": found.n_edited,
        "share_copied": found.share_copied,
        "novelty": found.novelty,
        "passages": json.dumps([astuple(match) for match in found.matches]),
    }


def _followup_rows(key: str, earlier: str, later: str, told: Mapping[str, Told]) -> Iterator[Row]:
    commitments, after = told[earlier].commitments, told[later]
    found = followup([words for _, words in commitments], after.text, after.plans)
    for (ordinal, _), passage in zip(commitments, found, strict=True):
        yield {
            "unit_key": key,
            "edition_id": earlier,
            "ordinal": ordinal,
            "later_edition_id": later,
            "score": passage.score if passage else None,
            "passage": after.text[passage.start : passage.end] if passage else None,
            "passage_start": passage.start if passage else None,
            "passage_end": passage.end if passage else None,
        }


def _recurrence_rows(unit: Unit, told: Mapping[str, Told]) -> Iterator[Row]:
    problems = [
        Problem(edition.report_year, (edition.edition_id, ordinal), words)
        for edition in unit.editions
        for ordinal, words in told[edition.edition_id].shortcomings
    ]
    for found in recurrences(problems):
        (edition_id, ordinal), (other_edition_id, other_ordinal) = found.earlier.key, found.later.key
        yield {
            "unit_key": unit.key,
            "edition_id": edition_id,
            "ordinal": ordinal,
            "other_edition_id": other_edition_id,
            "other_ordinal": other_ordinal,
            "score": found.score,
        }
