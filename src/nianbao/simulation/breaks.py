"""What keeps two years of a body from being compared in a world with breaks: bodies that are renamed or merged, reports
that only cover part of their year, files that nobody can read, and what the records say (records.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from .config import Config
from .dates import published_at
from .dice import Dice
from .places import GOVERNMENT, STREET, District, Office, offices_of
from .records import Record, records_of
from .series import catalogue
from .texts import load
from .truth import ContradictionTruth, RedefinitionTruth, ReportTruth, RestatementTruth

_RENAMED = {
    "scjgj": ("市场监督管理和知识产权局", "sczsj"), "swj": ("商务和投资促进局", "swtcj"),
    "jyj": ("教育和体育局", "jytyj"), "wlj": ("文化广播体育和旅游局", "wgtlj"),
}  # fmt: skip
_RENAMED_ON, _MERGED_ON = date(2022, 3, 15), date(2023, 1, 1)


def offices(config: Config, where: District) -> list[Office]:
    """All bodies of a district that ever report in this world."""
    found = offices_of(where, config.issuers)
    if not config.breaks:
        return found
    if where.index % 5 == 1 and config.issuers > 2:
        found[2], successor = _renamed(found[2], len(found))
        found.append(successor)
    if where.index % 4 == 3 and config.issuers > 5:
        found[3], found[5], successor = _merged(found[3], found[5], len(found))
        found.append(successor)
    return found


def reports_on(office: Office, year: int) -> bool:
    """True if the body is there when the year ends: who succeeds another also reports for it."""
    last = date(year, 12, 31)
    return (office.valid_from or date.min) <= last <= (office.valid_to or date.max)


def published(config: Config, office: Office, year: int, late: int = 0) -> datetime:
    """Local time of a report's publication. late: the year in which a late report appears, 0 for one in time."""
    dice = Dice("world", config.seed, office.issuer_id, year)
    government = office.body is GOVERNMENT
    early = config.breaks and government and (office.district.index + year) % 6 == 2
    return published_at(dice, year, government=government and not early, late=late, early=early)


def unreadable(config: Config, office: Office, year: int) -> bool:
    """True for a report that stands on the site as a file which nobody can read."""
    turn = office.district.index * 11 + office.index * 5 + year + config.seed
    return config.breaks and office.body is not GOVERNMENT and turn % 37 == 4


def records(config: Config, office: Office, year: int) -> tuple[Record, ...]:
    """What a body's report says in the section of its own that reports have in a world with breaks."""
    if not config.breaks:
        return ()
    line = office.predecessors[0] if office.predecessors else office.issuer_id
    dice = Dice("breaks", config.seed, line)
    return records_of(dice, year, lambda: _comparable(config, office, year))


def redefinitions(config: Config) -> tuple[RedefinitionTruth, ...]:
    """The indicators that count something else from some year on."""
    return tuple(
        RedefinitionTruth(catalogue()[key].indicator or "", **raw["redefined"])
        for key, raw in load("records").items()
        if config.breaks and "redefined" in raw
    )


def misstatements(
    report: ReportTruth, records: Sequence[Record]
) -> tuple[list[ContradictionTruth], list[RestatementTruth]]:
    """What a report says wrongly of its change, and otherwise of the year before than that year's own report."""
    wrong, other = list[ContradictionTruth](), list[RestatementTruth]()
    by_series = {record.series: record for record in records}
    for figure in report.figures:
        record = by_series.get(figure.series)
        if record is None or figure.is_target:
            continue
        who = (report.issuer_id, report.year, report.url, catalogue()[figure.series].indicator or "")
        if figure.direction and record.miscounted:
            wrong.append(ContradictionTruth(*who, figure.char_start, figure.text))
        if figure.fact_year == report.year - 1 and record.recalled:
            other.append(RestatementTruth(*who, figure.char_start, figure.value, record.recalled))
    return wrong, other


def _comparable(config: Config, office: Office, year: int) -> bool:
    """True if the body itself gave a report on the year before as well, for the same part of the year."""
    before = year - 1
    there = all(_there(config, office, each) for each in (before, year))
    whole_before = not office.valid_from or office.valid_from <= date(before, 1, 1)
    days = {published(config, office, each).year == each for each in (before, year)}
    return there and whole_before and len(days) == 1


def _there(config: Config, office: Office, year: int) -> bool:
    at_first = replace(config, events=frozenset())
    missing = at_first.absent(office.district.index, office.index, year)
    return (
        year in config.years
        and reports_on(office, year)
        and not missing
        and not unreadable(config, office, year)
    )


def _renamed(old: Office, index: int) -> tuple[Office, Office]:
    """The body until the day of its new name, and the one of that name."""
    name, slug = _RENAMED[old.body.slug]
    where = old.district
    body = replace(old.body, slug=slug, name=name)
    new = Office(
        issuer_id=f"lanchuan-{where.slug}-{slug}",
        district=where,
        body=body,
        name=where.full_name + name,
        short=where.name + name,
        local=where.suffix + name,
        aliases=(where.name + name,),
        level=old.level,
        index=index,
        predecessors=(old.issuer_id,),
        valid_from=_RENAMED_ON,
    )
    return replace(old, valid_to=_RENAMED_ON - timedelta(days=1)), new


def _merged(one: Office, other: Office, index: int) -> tuple[Office, Office, Office]:
    """Two subdistricts until the day of their merger, and the one made of them."""
    where = one.district
    stem = one.local[0] + other.local[0]
    slugs = "-".join(each.issuer_id.rsplit("-", 1)[1] for each in (one, other))
    names = (f"{where.name}人民政府{stem}街道办事处", f"{where.name}{stem}街道办事处", f"{where.name}{stem}街道",
             f"{stem}街道办事处", f"{stem}街道")  # fmt: skip
    new = Office(
        issuer_id=f"lanchuan-{where.slug}-{slugs}",
        district=where,
        body=STREET,
        name=f"{where.full_name}人民政府{stem}街道办事处",
        short=names[1],
        local=f"{stem}街道",
        aliases=names,
        level=one.level,
        index=index,
        predecessors=(one.issuer_id, other.issuer_id),
        valid_from=_MERGED_ON,
    )
    last = _MERGED_ON - timedelta(days=1)
    return replace(one, valid_to=last), replace(other, valid_to=last), new
