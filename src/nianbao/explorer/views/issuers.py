"""All issuers, and the page of one: its reports, series, claims, commitments, shortcomings, reuse of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from nianbao.explorer.asked import Asked
from nianbao.explorer.charts import series
from nianbao.explorer.language import marked as _
from nianbao.explorer.opened import Opened
from nianbao.explorer.page import page
from nianbao.explorer.series import of_one_unit, points
from nianbao.explorer.table import Column, TablePage, TableQuery
from nianbao.explorer.views.answer import NotThereError, View
from nianbao.explorer.views.regions import ancestors

_ALL = """
select issuer.issuer_id, issuer.issuer_name, issuer.region_code, issuer.region_name, issuer.level, issuer.department_type,
  count(report.report_id) as n_reports, min(report.report_year) as first_year, max(report.report_year) as last_year,
  coalesce(sum(report.n_figures), 0) as n_figures
from dim_issuer as issuer
left join fct_report as report on report.issuer_id = issuer.issuer_id
group by all
having count(report.report_id) > 0 or any_value(issuer.is_registered)
"""
_VALUES = """
select indicator.label, indicator.label_en, yoy.indicator_id, yoy.fact_year, yoy.scope, yoy.value, yoy.unit, yoy.qualifier,
  yoy.prior_value, yoy.change, yoy.change_unit, yoy.change_percent, yoy.comparability, yoy.reason, yoy.cause,
  yoy.chosen_figure_id as figure_id
from fct_indicator_yoy as yoy inner join dim_indicator as indicator using (indicator_id)
where yoy.issuer_id = $issuer
"""
_CLAIMS = """
select claim.report_year, indicator.label, indicator.label_en, claim.indicator_id, claim.claimed, claim.claimed_unit, claim.computed,
  claim.verdict, claim.sentence, claim.figure_id, claim.report_id
from fct_claim_check as claim left join dim_indicator as indicator using (indicator_id)
where claim.issuer_id = $issuer
"""
_COMMITMENTS = """
select report_year, commitment, verdict, passage, score, report_id, later_report_id
from fct_commitment_followup where issuer_id = $issuer
"""
_SHORTCOMINGS = """
select report_year, shortcoming, n_years, first_year, array_to_string(years, '、') as years, report_id
from fct_shortcoming_recurrence where issuer_id = $issuer
"""
_REUSE = """
select report_year, round(100 * share_copied, 1) as share_copied, round(100 * novelty, 1) as novelty, n_paragraphs, n_copied,
  n_edited, later_report_id as report_id, earlier_report_id
from fct_text_reuse where issuer_id = $issuer
"""
_COVERAGE = """
select coverage.report_year, coverage.state, coverage.report_id, report.published_date
from fct_coverage as coverage left join fct_report as report on report.report_id = coverage.report_id
where coverage.issuer_id = $issuer
union by name
select report_year, 'published' as state, report_id, published_date from fct_report
where issuer_id = $issuer and report_id not in (select report_id from fct_coverage where issuer_id = $issuer and report_id is not null)
order by report_year
"""
_INDICATORS = """
select indicator_id, label, label_en, count(distinct fact_year) as n, count(*) filter (where comparability = 'comparable') as n_comparable
from fct_indicator_yoy inner join dim_indicator using (indicator_id)
where issuer_id = $issuer and scope = 'own' group by all order by n desc, label
"""
_NAMES = (
    "select issuer_id, issuer_name from dim_issuer where list_contains($ids, issuer_id) order by issuer_id"
)


class Issuers(View):
    """`/issuers`."""

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """All of them."""
        columns = (
            Column("issuer_name", _("发布机关"), "issuer"),
            Column("region_name", _("地区"), "region"),
            Column("level", _("层级"), "term", "level", choices=True),
            Column("department_type", _("类别"), "term", "department", choices=True),
            Column("n_reports", _("报告数"), "number"),
            Column("first_year", _("最早年度")),
            Column("last_year", _("最近年度")),
            Column("n_figures", _("数字个数"), "number"),
            Column("issuer_id", _("机关代号"), hidden=True),
            Column("region_code", _("区划代码"), hidden=True),
        )
        return (
            TableQuery(
                "issuers",
                _("机关"),
                _ALL,
                columns,
                order=("-n_reports", "region_code", "issuer_id"),
                searched=("issuer_name", "region_name", "issuer_id", "region_code"),
                rows=50,
            ),
        )

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page."""
        return page("list.html", asked, opened, heading=_("发布年度报告的机关"), note="", tables=tables)


class Issuer(View):
    """`/issuers/ID`. `indicator` in the address chooses the series that is drawn."""

    def __init__(self, issuer_id: str) -> None:
        self._id = issuer_id
        self._values = {"issuer": issuer_id}

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """What is known of it, in the order of the page."""
        self._issuer = opened.one("select * from dim_issuer where issuer_id = $issuer", self._values)
        if self._issuer is None:
            raise NotThereError(asked.say("这一发布里没有机关 {name}", name=self._id))
        label = Column("label", _("指标名称"), "indicator")
        year = Column("report_year", _("年度"), choices=True)
        return (
            TableQuery(
                "series",
                _("各年数值与同比"),
                _VALUES,
                (
                    label,
                    Column("fact_year", _("年度"), choices=True),
                    Column("scope", _("范围"), "term", "scope", choices=True),
                    Column("value", _("数值"), "figure"),
                    Column("unit", _("单位")),
                    Column("qualifier", _("精确程度"), "term", "qualifier"),
                    Column("prior_value", _("上年"), "number"),
                    Column("change", _("增减"), "number"),
                    Column("change_percent", _("增减%"), "percent"),
                    Column("comparability", _("可比性"), "term", "comparability", choices=True),
                    Column("reason", _("不可比的原因"), "term", "reason"),
                    Column("cause", _("差异来由"), "term", "cause"),
                    Column("label_en", _("指标（英文）"), hidden=True),
                    Column("indicator_id", _("指标代号"), hidden=True),
                    Column("figure_id", _("数字代号"), hidden=True),
                ),
                self._values,
                ("label", "fact_year", "scope"),
                ("label", "label_en"),
            ),
            TableQuery(
                "claims",
                _("报告自述的增减，与算出的相比"),
                _CLAIMS,
                (
                    year,
                    label,
                    Column("claimed", _("自述"), "figure"),
                    Column("claimed_unit", _("单位")),
                    Column("computed", _("算出"), "number"),
                    Column("verdict", _("结论"), "term", "verdict", choices=True),
                    Column("sentence", _("原句")),
                    Column("label_en", _("指标（英文）"), hidden=True),
                    Column("indicator_id", _("指标代号"), hidden=True),
                    Column("figure_id", _("数字代号"), hidden=True),
                    Column("report_id", _("报告"), hidden=True),
                ),
                self._values,
                ("-report_year", "verdict", "figure_id"),
                ("label", "sentence"),
            ),
            TableQuery(
                "commitments",
                _("承诺与后续"),
                _COMMITMENTS,
                (
                    year,
                    Column("commitment", _("承诺"), "report"),
                    Column("verdict", _("后续"), "term", "verdict", choices=True),
                    Column("passage", _("下一年的说法")),
                    Column("score", _("相近程度"), "number"),
                    Column("report_id", _("报告"), hidden=True),
                    Column("later_report_id", _("后一年报告"), hidden=True),
                ),
                self._values,
                ("-report_year", "commitment"),
                ("commitment", "passage"),
            ),
            TableQuery(
                "shortcomings",
                _("自述问题与反复"),
                _SHORTCOMINGS,
                (
                    year,
                    Column("shortcoming", _("自述问题"), "report"),
                    Column("n_years", _("出现年数"), "number"),
                    Column("first_year", _("首见")),
                    Column("years", _("出现的年度")),
                    Column("report_id", _("报告"), hidden=True),
                ),
                self._values,
                ("-n_years", "-report_year", "shortcoming"),
                ("shortcoming",),
            ),
            TableQuery(
                "reuse",
                _("与上年文字的重复"),
                _REUSE,
                (
                    Column("report_year", _("年度")),
                    Column("share_copied", _("照搬"), "percent"),
                    Column("novelty", _("新写"), "percent"),
                    Column("n_paragraphs", _("段落"), "number"),
                    Column("n_copied", _("原样"), "number"),
                    Column("n_edited", _("改写"), "number"),
                    Column("report_id", _("报告"), "report"),
                    Column("earlier_report_id", _("上年报告"), hidden=True),
                ),
                self._values,
                ("-report_year",),
            ),
        )

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page."""
        issuer = self._issuer or {}
        indicators = opened.rows(_INDICATORS, self._values)
        known = {row["indicator_id"]: row for row in indicators}
        chosen = asked.text("indicator")
        if chosen not in known:
            # The one with the longest joined line shows best what there is to see.
            best = max(indicators, key=lambda row: row["n_comparable"], default=None)
            chosen = best["indicator_id"] if best else ""
        title = asked.pick(known[chosen]["label"], known[chosen]["label_en"]) if chosen else ""
        rows, unit, other_units = of_one_unit(points(asked, opened, self._id, chosen))
        return page(
            "issuer.html",
            asked,
            opened,
            issuer=issuer,
            up=ancestors(opened, issuer["region_code"]),
            before=self._others(opened, issuer["predecessors"]),
            after=self._others(opened, issuer["successors"]),
            years=opened.rows(_COVERAGE, self._values),
            indicators=indicators,
            chosen=chosen,
            title=title,
            line=series(rows, title, unit) if rows else None,
            other_units=other_units,
            tables=tables,
        )

    def _others(self, opened: Opened, ids: Sequence[str] | None) -> list[dict[str, Any]]:
        return opened.rows(_NAMES, {"ids": list(ids)}) if ids else []
