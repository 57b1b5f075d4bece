"""Overview: regions × years with coverage and timeliness, what is new and edited, what is late or missing, the checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from nianbao.explorer.asked import Asked
from nianbao.explorer.charts import STATES, stacked_states
from nianbao.explorer.language import marked as _
from nianbao.explorer.opened import Opened
from nianbao.explorer.page import page
from nianbao.explorer.table import Column, TablePage, TableQuery
from nianbao.explorer.views.answer import View
from nianbao.explorer.views.regions import ancestors, prefix_of

_YEARS = 12  # the newest ones, as many as a screen holds
# A report of a body that no register holds has no region: it belongs to the whole, and to no part of it.
_FACTS = """
select
  (select count(*) from fct_report where starts_with(coalesce(region_code, ''), $within)) as reports,
  (select count(distinct issuer_id) from fct_report where starts_with(coalesce(region_code, ''), $within)) as issuers,
  (select coalesce(sum(n_figures), 0) from fct_report where starts_with(coalesce(region_code, ''), $within)) as figures,
  (select count(*) from fct_report where n_editions > 1 and starts_with(coalesce(region_code, ''), $within)) as edited,
  (select count(*) from fct_coverage where state in ('late', 'missing') and starts_with(region_code, $within)) as late
"""
# What had no data, or was not due, did not pass.
_CHECKS = """
select count(*) filter (where verdict in ('pass', 'fail')) as told, count(*) filter (where verdict = 'pass') as passed
from ops_check
"""
# A place on the next level down: the province, the city, or the county itself, whichever has a row of its own.
_HEAT = """
with shown as (
  select *, case
    when length($within) = 0 then substr(region_code, 1, 2) || '0000'
    when length($within) = 2 and region_code not like '__00__' then substr(region_code, 1, 4) || '00'
    else region_code end as place
  from fct_coverage where starts_with(region_code, $within)
)
select place, coalesce(any_value(region.region_name), place) as name, shown.report_year, count(*) as expected,
  count(*) filter (where shown.state = 'published') as published,
  count(*) filter (where shown.state = 'published' and timely.state = 'on_time') as on_time,
  count(*) filter (where shown.state in ('late', 'missing')) as late,
  count(*) filter (where shown.state = 'unexplored') as unexplored,
  count(*) filter (where shown.state in ('not_due', 'due')) as not_due,
  count(distinct shown.region_code) > 1 or any_value(shown.region_code) <> place as deeper
from shown
left join fct_timeliness as timely on shown.report_id = timely.report_id
left join dim_region as region on region.region_code = shown.place
where shown.report_year > (select max(report_year) from fct_coverage) - $years
group by place, shown.report_year order by place, shown.report_year
"""
_STATES = """
select report_year as year, state, count(*) as n from fct_coverage
where starts_with(region_code, $within) and report_year > (select max(report_year) from fct_coverage) - $years
group by all order by year
"""
_NEWS = """
select report.report_id, issuer.issuer_name, report.issuer_id, report.report_year, report.title, report.published_date,
  report.first_seen_at, coalesce(edition.known_from, report.first_seen_at) as changed_at, report.n_editions, region.region_name
from fct_report as report
inner join dim_issuer as issuer using (issuer_id)
left join fct_edition as edition on edition.issuer_id = report.issuer_id and edition.edition_id = report.edition_id
left join dim_region as region on region.region_code = report.region_code
where starts_with(coalesce(report.region_code, ''), $within)
"""
_ABSENT = """
select issuer.issuer_name, coverage.issuer_id, coverage.report_year, coverage.state, coverage.publish_by,
  coverage.region_code, region.region_name
from fct_coverage as coverage
inner join dim_issuer as issuer using (issuer_id)
left join dim_region as region on region.region_code = coverage.region_code
where coverage.state in ('late', 'missing', 'unexplored', 'withdrawn', 'unreadable') and starts_with(coverage.region_code, $within)
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A region in a year. shade: '0' none published on time to '5' all, 'x' nothing due yet."""

    on_time: int
    expected: int
    unexplored: int
    shade: str
    said: str


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the heat map. deeper: it has regions or bodies of several regions in it."""

    code: str
    name: str
    deeper: bool
    cells: dict[int, Cell]


class Overview(View):
    """`/`, and `/?region=CODE` for a part of the country."""

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """What is new; what is late or missing."""
        within = {"within": _within(asked)}
        news = TableQuery(
            "news",
            _("新收录与改动过的报告"),
            _NEWS,
            (
                Column("title", _("标题"), "report"),
                Column("issuer_name", _("发布机关"), "issuer"),
                Column("report_year", _("年度")),
                Column("published_date", _("发布日期")),
                Column("first_seen_at", _("首次收录"), "moment"),
                Column("changed_at", _("最近改动"), "moment"),
                Column("n_editions", _("版本数"), "number"),
                Column("report_id", _("报告"), hidden=True),
                Column("issuer_id", _("机关代号"), hidden=True),
            ),
            within,
            ("-changed_at", "-n_editions", "report_id"),
            ("title", "issuer_name"),
        )
        absent = TableQuery(
            "absent",
            _("逾期、缺失与异常"),
            _ABSENT,
            (
                Column("issuer_name", _("发布机关"), "issuer"),
                Column("region_name", _("地区"), "region"),
                Column("report_year", _("年度"), choices=True),
                Column("state", _("状态"), "term", "coverage", choices=True),
                Column("publish_by", _("最迟发布日")),
                Column("issuer_id", _("机关代号"), hidden=True),
                Column("region_code", _("区划代码"), hidden=True),
            ),
            within,
            ("-report_year", "region_code", "issuer_id"),
            ("issuer_name", "region_name"),
        )
        return news, absent

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page."""
        within = {"within": _within(asked)}
        up = ancestors(opened, asked.text("region"))
        limited = within | {"years": _YEARS}
        places = _places(asked, opened.rows(_HEAT, limited))
        rows = opened.rows(_STATES, limited)
        present = [state for state in STATES if any(row["state"] == state for row in rows)]
        labels = [asked.term("coverage", state) for state in present]
        for row in rows:
            row["label"] = asked.term("coverage", row["state"])
            row["position"] = list(STATES).index(row["state"]) if row["state"] in STATES else len(STATES)
        return page(
            "overview.html",
            asked,
            opened,
            facts=opened.one(_FACTS, within),
            checks=opened.one(_CHECKS),
            place=up[-1]["region_name"] if up else "",
            up=up[:-1],
            regions=places,
            years=sorted({year for place in places for year in place.cells}),
            states=stacked_states(rows, asked.say(_("各年报告的状态")), labels, present) if rows else None,
            news=tables[0],
            absent=tables[1],
        )


def _within(asked: Asked) -> str:
    code = asked.text("region")
    return prefix_of(code) if code.isascii() and code.isdigit() else ""


def _places(asked: Asked, rows: Sequence[dict[str, Any]]) -> list[Place]:
    places: dict[str, Place] = {}
    for row in rows:
        place = places.setdefault(row["place"], Place(row["place"], row["name"], row["deeper"], {}))
        due = row["expected"] - row["not_due"]
        share = row["on_time"] / due if due else 0.0
        shade = "x" if not due else "0" if not share else "5" if share == 1 else str(int(share * 4) + 1)
        said = asked.say(
            _(
                "应发布 {expected}，已发布 {published}，其中按时 {on_time}；逾期或缺失 {late}；未查 {unexplored}；未到期 {not_due}"
            ),
            **{
                name: row[name]
                for name in ("expected", "published", "on_time", "late", "unexplored", "not_due")
            },
        )
        cell = Cell(row["on_time"], row["expected"], row["unexplored"], shade, said)
        place.cells[row["report_year"]] = cell
    return list(places.values())
