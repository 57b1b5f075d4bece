"""Kinds of damage to a candidate, each just outside and just inside what the gate lets pass, and changes of a sound night.

A kind is a statement template: {n} is the number of rows hit, {seed} decides which. `outside` is the smallest number
that must be refused, `inside` the largest that must not (None where every single row refuses).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from candidate import World, figure


@dataclass(frozen=True)
class Kind:
    """One kind of damage. same_rules: whether candidate and release are made by the same rules, where values may not move."""

    name: str
    statements: tuple[str, ...]
    outside: int
    inside: int | None
    same_rules: bool = False
    inside_statements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Batch:
    """One variation: statements to run on a copy of the release, and whether the gate has to refuse it."""

    name: str
    statements: tuple[str, ...]
    refuse: bool
    same_rules: bool


def _some(table: str, key: str, where: str = "true") -> str:
    """Rows of a table, {n} of them, by the seed."""
    return f"{key} in (select {key} from {table} where {where} order by hash({key} || '{{seed}}'), {key} limit {{n}})"


_FIGURE, _REPORT = _some("fct_figure", "figure_id"), _some("fct_report", "report_id")
_ISSUER = _some("(select distinct issuer_id from fct_report)", "issuer_id")
_YEAR_KEY = "(issuer_id || indicator_id || fact_year || scope)"
_VALUE = _some("fct_indicator_year", _YEAR_KEY)
_OWN_YEAR = "fact_year = report_year and not is_target"
_NEW_TEXT = ("update fct_report set edition_id = edition_id || 'x', n_chars = {size} where " + _REPORT,)

# The wide world: 60 reports of 12 issuers, 720 figures (360 with an indicator), 360 values, 60 captures.
KINDS = (
    Kind("negative values", (f"update fct_figure set value = -value where {_FIGURE}",), 8, 7),
    Kind("units swapped", (f"update fct_figure set unit = '项' where {_FIGURE}",), 217, 216),
    Kind("counts read as shares", (f"update fct_figure set unit = '%', value = value + 1000 where {_FIGURE}",), 40, 10),
    Kind("units emptied", (f"update fct_figure set unit = '' where {_FIGURE}",), 73, 72),
    Kind("titles emptied", (f"update fct_report set title = null where {_REPORT}",), 31, 30),
    Kind("publication dates emptied", (f"update fct_report set published_date = null where {_REPORT}",), 31, 30),
    Kind("regions emptied", (f"update fct_report set region_code = null where {_REPORT}",), 31, 30),
    Kind("indicators emptied",
         ("update fct_figure set indicator_id = null where " + _some("fct_figure", "figure_id", "indicator_id is not null"),),
         181, 180),
    Kind("years shifted",
         ("update fct_figure set fact_year = fact_year - 1 where " + _some("fct_figure", "figure_id", _OWN_YEAR),), 361, 360),
    Kind("years impossible", (f"update fct_figure set fact_year = 202 where {_FIGURE}",), 8, 7),
    Kind("report year impossible", (f"update fct_report set report_year = 1024 where {_REPORT}",), 1, None),
    Kind("figures doubled",
         ("insert into fct_figure by name select * replace (figure_id || 'x' as figure_id, start_offset + 9000 as start_offset,"
          f" end_offset + 9000 as end_offset) from fct_figure where {_FIGURE}",), 433, 432),
    Kind("figures twice at one place", (f"insert into fct_figure from fct_figure where {_FIGURE}",), 1, None),
    Kind("reports twice", (f"insert into fct_report from fct_report where {_REPORT}",), 1, None),
    Kind("one text under two reports",
         (f"update fct_report set edition_id = (select max(edition_id) from fct_report) where {_REPORT}",), 2, None),
    Kind("new texts cut off", tuple(s.replace("{size}", "33") for s in _NEW_TEXT), 5, 4),
    Kind("new texts cut off a little less", tuple(s.replace("{size}", "33") for s in _NEW_TEXT), 9, 9, False,
         tuple(s.replace("{size}", "36") for s in _NEW_TEXT)),
    Kind("sentences garbled", (f"update fct_figure set sentence = '锟斤拷锟斤拷' || text where {_FIGURE}",), 37, 36),
    Kind("all figures one value", (f"update fct_figure set value = 1, value_max = null where {_FIGURE}",), 361, 355),
    Kind("ranges upside down", (f"update fct_figure set value_max = value - 1 where {_FIGURE}",), 1, None),
    Kind("spans shifted", (f"update fct_figure set end_offset = end_offset + 1 where {_FIGURE}",), 1, None),
    Kind("sections lost", (f"delete from fct_section where {_some('fct_report', 'report_id')}",), 19, 18),
    Kind("one kind of section lost", (f"delete from fct_section where kind = 'problems' and {_REPORT}",), 31, 30),
    Kind("wrong issuer",
         (f"update fct_report set issuer_id = 'songxi-99', report_id = 'x' || report_id where {_ISSUER}",), 3, 2),
    Kind("reports gone", (f"delete from fct_report where {_REPORT}",), 1, None),
    Kind("an issuer gone", (f"delete from fct_report where {_ISSUER}",), 1, None, True),
    Kind("figures gone", (f"delete from fct_figure where {_FIGURE}",), 145, 144),
    Kind("no figures found", (f"update fct_report set n_figures = 0 where {_REPORT}",), 31, 30),
    Kind("values gone", (f"delete from fct_indicator_year where {_VALUE}",), 73, 72),
    Kind("values gone, same rules", (f"delete from fct_indicator_year where {_VALUE}",), 1, None, True),
    Kind("values changed, same rules", (f"update fct_indicator_year set value = value + 1 where {_VALUE}",), 1, None, True),
    Kind("values changed, same figures", (f"update fct_figure set value = value + 1 where {_FIGURE}",), 1, None, True),
    Kind("jumps everywhere",
         ("update fct_indicator_yoy set change_percent = 99900 where "
          + _some("fct_indicator_yoy", _YEAR_KEY, "change_percent is not null"),), 73, 72),
    Kind("breakdowns exceed",
         ("update fct_breakdown_check set verdict = 'exceeds' where " + _some("fct_breakdown_check", "parent_figure_id"),),
         31, 30),
    Kind("claims contradicted",
         ("update fct_claim_check set verdict = 'contradicted' where "
          + _some("fct_claim_check", "figure_id", "verdict = 'confirmed'"),), 34, 33),
    Kind("coverage shrinks", (f"update fct_coverage set state = 'missing' where state = 'published' and {_REPORT}",), 1, 1, True,
         (f"update fct_coverage set state = 'withdrawn' where state = 'published' and {_REPORT}",)),
    Kind("coverage shrinks under new rules",
         (f"update fct_coverage set state = 'missing' where state = 'published' and {_REPORT}",), 7, 6),
    Kind("a format unreadable",
         ("update raw.capture set outcome = 'unreadable' where " + _some("raw.capture", "capture_id"),), 31, 30),
    Kind("captures gone", ("delete from raw.capture where " + _some("raw.capture", "capture_id"),), 1, None),
    Kind("addresses lost", (f"update fct_report set url = 'www.songxi.test' where {_REPORT}",), 1, None),
    Kind("mixed rules", (f"update fct_figure set rules_version = 'r0' where {_FIGURE}",), 1, None),
    Kind("a column gone", ("alter table fct_figure drop column sentence",), 1, None),
    Kind("a table gone", ("drop table fct_indicator_yoy",), 1, None),
    Kind("a wrong type",
         ("alter table fct_figure alter value type varchar", f"update fct_figure set value = '许多' where {_FIGURE}"), 1, None),
)  # fmt: skip

_NEW_REPORT = (
    "insert into fct_edition by name select * replace (edition_id || '{tag}' as edition_id, report_id || '{tag}' as report_id,"
    " capture_id || '{tag}' as capture_id) from fct_edition where " + _REPORT,
    "insert into raw.capture by name select * replace (capture_id || '{tag}' as capture_id, edition_id || '{tag}' as edition_id)"
    " from raw.capture where edition_id || '{tag}' in (select edition_id from fct_edition)",
    "insert into fct_figure by name select * replace (figure_id || '{tag}' as figure_id, edition_id || '{tag}' as edition_id,"
    " report_id || '{tag}' as report_id) from fct_figure where edition_id || '{tag}' in (select edition_id from fct_edition)",
    "insert into fct_section by name select * replace (edition_id || '{tag}' as edition_id, report_id || '{tag}' as report_id)"
    " from fct_section where edition_id || '{tag}' in (select edition_id from fct_edition)",
    "insert into fct_report by name select * replace (edition_id || '{tag}' as edition_id, report_id || '{tag}' as report_id,"
    " capture_id || '{tag}' as capture_id) from fct_report where edition_id || '{tag}' in (select edition_id from fct_edition)",
)
_EDIT = (
    "update fct_report set edition_id = edition_id || 'e', n_editions = 2, n_chars = n_chars + {n} where "
    + _REPORT,
    "update fct_figure set is_current = false where edition_id || 'e' in (select edition_id from fct_report)",
    "insert into fct_figure by name select * replace (figure_id || 'e' as figure_id, edition_id || 'e' as edition_id, true as"
    " is_current, value + 1 as value) from fct_figure where edition_id || 'e' in (select edition_id from fct_report)",
    "update fct_section set edition_id = edition_id || 'e' where edition_id || 'e' in (select edition_id from fct_report)",
)
# What comes with a sound night, all under the same rules.
SOUND = {
    "nothing": (),
    "new reports": _NEW_REPORT,
    "edited reports": _EDIT,
    "new and edited reports": (*_EDIT, *_NEW_REPORT),
    "one odd report": (
        *_NEW_REPORT,
        "delete from fct_figure where report_id like '%{tag}'",
        "update fct_report set n_figures = 0, title = null, published_date = null, n_chars = 12 where report_id in"
        " (select report_id from fct_report where report_id like '%{tag}' limit 1)",
    ),
    "pages that hold no report": (
        "insert into raw.capture by name select * replace (capture_id || 'n' as capture_id, null as edition_id,"
        " 'not_a_report' as outcome) from raw.capture where " + _some("raw.capture", "capture_id"),
    ),
    "reports withdrawn": (f"update fct_coverage set state = 'withdrawn' where state = 'published' and {_REPORT}",),
}  # fmt: skip


def _units_lost(world: World) -> None:
    for row in world.rows["figure"][::3]:
        row["unit"] = ""


def _signs_turned(world: World) -> None:
    for row in world.rows["figure"][::30]:
        row["value"] = -row["value"]


def _years_shifted(world: World) -> None:
    for row in world.rows["figure"]:
        row["fact_year"] -= 1


def _one_issuer(world: World) -> None:
    for number, row in enumerate(world.rows["edition"]):
        row |= {
            "issuer_id": "songxi-00",
            "report_year": 1960 + number,
            "report_id": f"songxi-00/rule_of_law/{1960 + number}",
        }


def _texts_swapped(world: World) -> None:
    for row in world.rows["figure"]:
        row["text"] = row["text"][::-1]


def _grown(world: World) -> None:
    for number in range(5):
        world.report(
            f"songxi-{number:02d}", 2019, [figure(f"{n + 3}次", n + 3, unit="次") for n in range(12)]
        )


# Damage to the rows as the lake has them: everything after that is built from them.
LAKE_KINDS: dict[str, Callable[[World], None]] = {
    "units lost in the lake": _units_lost,
    "signs turned in the lake": _signs_turned,
    "years shifted in the lake": _years_shifted,
    "one issuer for all in the lake": _one_issuer,
    "texts and spans apart in the lake": _texts_swapped,
}
LAKE_SOUND: dict[str, Callable[[World], None]] = {"five more reports in the lake": _grown}


def corrupted(count: int, seed: int) -> Iterator[Batch]:
    """That many batches that must be refused, every kind about as often as the others."""
    dice = random.Random(seed)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        # The first of a kind is just outside, later ones are as large as they come.
        n = kind.outside if number < len(KINDS) else kind.outside + dice.randrange(kind.outside // 3 + 1)
        yield _batch(kind.name, kind.statements, n, dice, refuse=True, same_rules=kind.same_rules)


def sound(count: int, seed: int) -> Iterator[Batch]:
    """That many that must not be refused: each kind of damage just inside once, then sound nights of all sizes."""
    dice = random.Random(seed)
    inside = [kind for kind in KINDS if kind.inside is not None]
    for kind in inside[:count]:
        statements = kind.inside_statements or kind.statements
        yield _batch(kind.name, statements, kind.inside or 0, dice, refuse=False, same_rules=kind.same_rules)
    names = sorted(SOUND)
    for number in range(max(count - len(inside), 0)):
        name = names[number % len(names)]
        yield _batch(name, SOUND[name], dice.randint(1, 12), dice, refuse=False, same_rules=True)


def _batch(
    name: str, statements: tuple[str, ...], n: int, dice: random.Random, *, refuse: bool, same_rules: bool
) -> Batch:
    seed = dice.randrange(10**6)
    filled = (
        s.replace("{n}", str(n)).replace("{seed}", str(seed)).replace("{tag}", f"n{seed}") for s in statements
    )
    return Batch(f"{name} ×{n}", tuple(filled), refuse, same_rules)
