"""What a body states year after year in the same words, and what breaks such a series: another unit, another scope, a
rounded number, a gap, two values at once, a look back at another value than was stated, a change that was miscounted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .dice import Dice
from .phrases import Piece, Voice, joined
from .series import catalogue
from .texts import load

_FIRST_BREAK, _LAST_BREAK = 2021, 2024
_STATED = 6  # of the series, by each body
_FLAWS = ("", "", "", "unit", "scope", "rounded", "gap", "planned", "twice", "restated")


@dataclass(frozen=True, slots=True)
class Record:
    """One series in one report.

    unit: as written. rounded: with a word such as 余. everywhere: of the whole district, not the body itself.
    stated: False where the report says nothing of it. planned: next year's target is in the plan. twice: with another value in
    a second sentence. recalled: by how much the value looked back at differs from the one stated, None without a look back.
    claimed: the change against the year before is stated. miscounted: that change was computed from another
    prior value than the one stated.
    """

    series: str
    unit: str
    stated: bool = True
    rounded: bool = False
    everywhere: bool = False
    planned: bool = False
    twice: bool = False
    recalled: Decimal | None = None
    claimed: bool = False
    miscounted: bool = False

    def comparable(self, before: Record) -> bool:
        """True if what it states can be compared with what `before`, of the year before, states."""
        plain = all(each.stated and not each.rounded and not each.twice for each in (self, before))
        return plain and self.unit == before.unit and self.everywhere == before.everywhere


def records_of(dice: Dice, year: int, steady: Callable[[], bool]) -> tuple[Record, ...]:
    """What the body to whom the dice belong states about a year.

    steady: whether the reports on this year and the one before can be compared at all; only then a change is miscounted,
    so that whoever compares can find it.
    """
    chosen = sorted(dice.shuffled(list(load("records")), "stated")[:_STATED])
    return tuple(_record(dice.of(series), series, year, steady) for series in chosen)


def _record(dice: Dice, series: str, year: int, steady: Callable[[], bool]) -> Record:
    record, before = _bare(dice, series, year), _bare(dice, series, year - 1)
    if (
        not record.stated
        or record.twice
        or record.recalled is not None
        or not dice.chance(0.6, "claim", year)
    ):
        return record
    record = replace(record, claimed=True)
    redefined = load("records")[series].get("redefined", {}).get("year") == year
    if record.comparable(before) and not redefined and dice.chance(0.15, "miscounted", year) and steady():
        record = replace(record, miscounted=True)
    return record


def _bare(dice: Dice, series: str, year: int) -> Record:
    """The record without what it says of its change."""
    known, other = catalogue()[series], load("records")[series].get("other")
    flaw = dice.pick(_FLAWS, "flaw")
    turn = dice.between(_FIRST_BREAK, _LAST_BREAK, "turn")
    record = Record(series, known.unit)
    if flaw == "unit" and other and year >= turn:
        return replace(record, unit=other)
    if flaw == "scope" and year >= turn:
        return replace(record, everywhere=True)
    if flaw == "planned" and year == turn - 1:
        return replace(record, planned=True)
    if year == turn:
        return _at_turn(record, flaw, rate=known.rate)
    if flaw == "" and dice.chance(0.2, "recalled", year):
        return replace(record, recalled=Decimal(0))
    return record


def _at_turn(record: Record, flaw: str, *, rate: bool) -> Record:
    if flaw in ("gap", "planned"):
        return replace(record, stated=False)
    if flaw == "rounded" and not rate:
        return replace(record, rounded=True)
    if flaw == "twice":
        return replace(record, twice=True)
    if flaw == "restated":
        return replace(record, recalled=Decimal("0.6") if rate else Decimal(3))
    return record


def said(voice: Voice, records: Sequence[Record], *, early: bool) -> list[Piece]:
    """The sentences on the year's own values. early: the report was written before the year was over."""
    return [piece for record in records if record.stated for piece in _sentences(voice, record, early=early)]


def planned(voice: Voice, records: Sequence[Record]) -> list[Piece]:
    """The sentences on next year, for a voice that plans."""
    return [
        replace(voice, units={record.series: record.unit}).say(
            f"力争{load('records')[record.series]['say']}[{record.series}:min]。", "planned"
        )
        for record in records
        if record.planned
    ]


def _sentences(voice: Voice, record: Record, *, early: bool) -> list[Piece]:
    series = record.series
    raw = load("records")[series]
    voice = replace(
        voice,
        units={series: record.unit},
        miscounted={series: _error(voice, series) if record.miscounted else 0},
    )
    where = "全{qu}" if record.everywhere else ""
    whole = "" if raw.get("stock") else voice.dice.pick(("", "全年", "{y}年"), series, "when")
    when = voice.dice.pick(("截至11月底，", "今年1月至11月，"), series, "until") if early else whole
    what = f"{where}{raw['say']}"
    style, change = (":over" if record.rounded else ""), (f"[~{series}]" if record.claimed else "")
    pieces = [voice.say(f"{when}{what}[{series}{style}]{change}。", series)]
    if record.recalled is not None:
        other = replace(voice, figures=voice.figures.bumped({(series, voice.year - 1): record.recalled}))
        pieces.append(other.say(f"经复核，{{py}}年{what}[{series}@-1]。", series, "recalled"))
    if record.twice:
        by = Decimal("0.4") if catalogue()[series].rate else Decimal(2)
        other = replace(voice, figures=voice.figures.bumped({(series, voice.year): by}))
        pieces.append(other.say(f"{when}各单位汇总，{what}[{series}]。", series, "twice"))
    return pieces


def _error(voice: Voice, series: str) -> Decimal:
    """An error in the prior value that shows in the change, however it is rounded."""
    before = voice.figures.value(series, voice.year - 1)
    return Decimal("1.7") if catalogue()[series].rate else max(Decimal(4), before // 6)


def section(voice: Voice, records: Sequence[Record], *, early: bool) -> Piece:
    """The body of the section that states them, empty without any."""
    return joined(said(voice, records, early=early))
