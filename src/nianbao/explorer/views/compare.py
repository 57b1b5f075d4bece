"""Two reports or editions side by side, or several issuers by one indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from nianbao.explorer.asked import Asked
from nianbao.explorer.beside import beside
from nianbao.explorer.charts import lines
from nianbao.explorer.language import marked as _
from nianbao.explorer.opened import Opened
from nianbao.explorer.page import page
from nianbao.explorer.series import of_one_unit, points
from nianbao.explorer.table import Column, TablePage, TableQuery
from nianbao.explorer.views.answer import NotThereError, View
from nianbao.warehouse.release.texts import text_of

_MOST = 8  # issuers in one chart
_SIDE = """
select edition.edition_id, edition.report_id, edition.title, edition.report_year, edition.issuer_name, edition.issuer_id,
  edition.known_from, edition.n_chars, edition.is_current
from fct_edition as edition
where edition.edition_id = coalesce((select edition_id from fct_report where report_id = $key), $key)
"""
_SHARED = """
with a as (from fct_indicator_year where report_id = $a and fact_year = report_year),
  b as (from fct_indicator_year where report_id = $b and fact_year = report_year)
select indicator.label, indicator.label_en, coalesce(a.indicator_id, b.indicator_id) as indicator_id, coalesce(a.scope, b.scope) as scope,
  a.value as value_a, a.unit as unit_a, a.chosen_figure_id as figure_a, b.value as value_b, b.unit as unit_b,
  b.chosen_figure_id as figure_b,
  case when a.unit is not distinct from b.unit then b.value - a.value end as difference, yoy.comparability, yoy.reason
from a full join b on a.indicator_id = b.indicator_id and a.scope = b.scope
inner join dim_indicator as indicator on indicator.indicator_id = coalesce(a.indicator_id, b.indicator_id)
left join fct_indicator_yoy as yoy on yoy.issuer_id = b.issuer_id and a.issuer_id = b.issuer_id
  and yoy.indicator_id = b.indicator_id and yoy.scope = b.scope and yoy.fact_year = b.fact_year
  and a.fact_year = b.fact_year - 1
"""
# The values of a year know current editions only. What earlier editions stated are their own figures, each beside the one that
# stands in its place: the first of an indicator, scope and year beside the first, the second beside the second.
_EDITIONS = """
with stated as (
  select edition_id, indicator_id, scope, fact_year, is_target, value, unit, figure_id, start_offset, row_number() over (
    partition by edition_id, indicator_id, scope, fact_year, is_target order by start_offset, figure_id) as place
  from fct_figure
  where (issuer_id = $issuer_a and edition_id = $a or issuer_id = $issuer_b and edition_id = $b) and indicator_id is not null
), a as (from stated where edition_id = $a), b as (from stated where edition_id = $b)
select indicator.label, indicator.label_en, indicator.indicator_id, coalesce(a.scope, b.scope) as scope,
  coalesce(a.fact_year, b.fact_year) as fact_year, coalesce(a.start_offset, b.start_offset) as start_offset,
  a.value as value_a, a.unit as unit_a, a.figure_id as figure_a, b.value as value_b, b.unit as unit_b, b.figure_id as figure_b,
  case when a.unit is not distinct from b.unit then b.value - a.value end as difference
from a full join b on a.indicator_id = b.indicator_id and a.scope = b.scope and a.fact_year is not distinct from b.fact_year
  and a.is_target = b.is_target and a.place = b.place
inner join dim_indicator as indicator on indicator.indicator_id = coalesce(a.indicator_id, b.indicator_id)
"""
_SEVERAL = """
select yoy.fact_year, issuer.issuer_name, yoy.issuer_id, yoy.value, yoy.unit, yoy.change_percent, yoy.comparability,
  yoy.reason, yoy.chosen_figure_id as figure_id
from fct_indicator_yoy as yoy inner join dim_issuer as issuer using (issuer_id)
where yoy.issuer_id in ({issuers}) and yoy.indicator_id = $indicator and yoy.scope = 'own'
"""
_INDICATORS = """
select indicator_id, label, label_en, count(distinct issuer_id) as n from fct_indicator_year
inner join dim_indicator using (indicator_id)
where issuer_id in ({issuers}) and scope = 'own' group by all order by n desc, label
"""
_FOUND = """
select issuer_id, issuer_name, region_name from dim_issuer
where contains(issuer_name, $text) or issuer_id = $text order by is_registered desc, region_code, issuer_id limit 30
"""


class Compare(View):
    """`/compare?a=&b=` (ids of reports or editions), or `/compare?issuers=x,y&indicator=`; neither asks which."""

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """The indicators of two reports, or the values of several issuers."""
        self._sides = [self._side(asked, opened, name) for name in ("a", "b") if asked.text(name)]
        self._issuers = [part.strip() for part in asked.text("issuers").split(",") if part.strip()][:_MOST]
        if len(self._sides) == 2:
            return (_shared(*self._sides),)
        if self._issuers:
            known = opened.rows(*_of_issuers(_INDICATORS, self._issuers))
            self._indicators = known
            ids = [row["indicator_id"] for row in known]
            asked_for = asked.text("indicator")
            self._chosen = asked_for if asked_for in ids else (ids[0] if ids else "")
            return (_several(self._issuers, self._chosen),)
        return ()

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page."""
        if len(self._sides) == 2:
            with opened.cursor() as cursor:
                texts = [text_of(cursor, opened.release, side["edition_id"]) for side in self._sides]
            rows = beside(*texts)
            return page("beside.html", asked, opened, sides=self._sides, rows=rows, tables=tables)
        values: dict[str, Any] = {
            "issuers": [],
            "indicators": [],
            "chosen": "",
            "chart_spec": None,
            "title": "",
            "other_units": 0,
        }
        if self._issuers:
            values = self._several_values(asked, opened)
        text = asked.text("find")
        found = opened.rows(_FOUND, {"text": text}) if text else []
        return page("compare.html", asked, opened, find=text, found=found, tables=tables, **values)

    def _several_values(self, asked: Asked, opened: Opened) -> dict[str, Any]:
        names = {
            row["issuer_id"]: row["issuer_name"]
            for row in opened.rows(
                "select issuer_id, issuer_name from dim_issuer where list_contains($ids, issuer_id)",
                {"ids": self._issuers},
            )
        }
        label = next((row for row in self._indicators if row["indicator_id"] == self._chosen), None)
        title = asked.pick(label["label"], label["label_en"]) if label else ""
        named = [
            row | {"name": names[issuer], "joined": f"{issuer}{row['joined']}"}
            for issuer in self._issuers
            if issuer in names
            for row in points(asked, opened, issuer, self._chosen)
        ]
        rows, unit, other_units = of_one_unit(named)
        return {
            "issuers": [{"issuer_id": key, "issuer_name": names.get(key, key)} for key in self._issuers],
            "indicators": self._indicators,
            "chosen": self._chosen,
            "title": title,
            "chart_spec": lines(rows, title, unit) if rows else None,
            "other_units": other_units,
        }

    def _side(self, asked: Asked, opened: Opened, name: str) -> dict[str, Any]:
        found = opened.one(_SIDE, {"key": asked.text(name)})
        if found is None:
            raise NotThereError(asked.say("这一发布里没有报告 {name}", name=asked.text(name)))
        return found


def _shared(a: Mapping[str, Any], b: Mapping[str, Any]) -> TableQuery:
    current = bool(a["is_current"] and b["is_current"])
    comparability = (
        Column("comparability", _("可比性"), "term", "comparability"),
        Column("reason", _("不可比的原因"), "term", "reason"),
    )
    columns = (
        Column("label", _("指标名称"), "indicator"),
        Column("scope", _("范围"), "term", "scope"),
        *(() if current else (Column("fact_year", _("年度"), choices=True),)),
        Column("value_a", _("左"), "number"),
        Column("unit_a", _("左单位")),
        Column("value_b", _("右"), "number"),
        Column("unit_b", _("右单位")),
        Column("difference", _("右减左"), "number"),
        *(comparability if current else ()),
        Column("label_en", _("指标（英文）"), hidden=True),
        Column("indicator_id", _("指标代号"), hidden=True),
        Column("figure_a", _("左数字代号"), hidden=True),
        Column("figure_b", _("右数字代号"), hidden=True),
    )
    title, sql = (_("两份报告的指标"), _SHARED) if current else (_("两个版本各自所述的指标"), _EDITIONS)
    key = "report_id" if current else "edition_id"
    order = ("label", "scope") if current else ("label", "scope", "fact_year", "start_offset")
    values: dict[str, object] = {"a": a[key], "b": b[key]}
    if not current:
        values |= {"issuer_a": a["issuer_id"], "issuer_b": b["issuer_id"]}
    return TableQuery("shared", title, sql, columns, values, order, ("label",))


def _several(issuers: Sequence[str], indicator: str) -> TableQuery:
    columns = (
        Column("fact_year", _("年度"), choices=True),
        Column("issuer_name", _("发布机关"), "issuer"),
        Column("value", _("数值"), "figure"),
        Column("unit", _("单位")),
        Column("change_percent", _("增减%"), "percent"),
        Column("comparability", _("可比性"), "term", "comparability", choices=True),
        Column("reason", _("不可比的原因"), "term", "reason"),
        Column("issuer_id", _("机关代号"), hidden=True),
        Column("figure_id", _("数字代号"), hidden=True),
    )
    sql, values = _of_issuers(_SEVERAL, issuers)
    values["indicator"] = indicator
    return TableQuery(
        "values", _("各机关数值"), sql, columns, values, ("-fact_year", "issuer_id"), ("issuer_name",)
    )


def _of_issuers(sql: str, issuers: Sequence[str]) -> tuple[str, dict[str, object]]:
    """A query with a place for each issuer: tables are sorted by issuer, and a list of values finds its blocks."""
    values: dict[str, object] = {f"issuer_{number}": name for number, name in enumerate(issuers)}
    return sql.format(issuers=", ".join(f"${name}" for name in values)), values
