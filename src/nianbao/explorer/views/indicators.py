"""All indicators, and the page of one: its definition, its values over issuers and years, spread, ranking, regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from nianbao.explorer.asked import Asked
from nianbao.explorer.charts import histogram, spread
from nianbao.explorer.definitions import definition
from nianbao.explorer.language import marked as _
from nianbao.explorer.opened import Opened
from nianbao.explorer.page import page
from nianbao.explorer.table import Column, TablePage, TableQuery
from nianbao.explorer.views.answer import NotThereError, View
from nianbao.explorer.views.regions import ancestors, prefix_of

_ALL = """
select indicator.indicator_id, indicator.label, indicator.label_en, indicator.unit, indicator.kind,
  count(value.value) as n_values, count(distinct value.issuer_id) as n_issuers,
  min(value.fact_year) as first_year, max(value.fact_year) as last_year
from dim_indicator as indicator left join fct_indicator_year as value using (indicator_id)
group by all
"""
# Values that state something else than the indicator's usual unit are shown in the table and left out of the charts.
_SPREAD = """
select fact_year as year, unit, count(*) as n, min(value)::double as low, quantile_cont(value, 0.25)::double as q1,
  quantile_cont(value, 0.5)::double as median, quantile_cont(value, 0.75)::double as q3, max(value)::double as high
from fct_indicator_year
inner join dim_issuer as issuer using (issuer_id)
where indicator_id = $indicator and scope = 'own' and unit is not distinct from $unit
  and ($level = '' or issuer.level = $level) and starts_with(coalesce(issuer.region_code, ''), $within)
group by all order by year
"""
_UNIT = """
select unit from fct_indicator_year where indicator_id = $indicator group by unit order by count(*) desc, unit limit 1
"""
_YEARS = "select distinct fact_year as year from fct_indicator_year where indicator_id = $indicator order by 1 desc"
# All of them, counted by value: a part of the country is not the country.
_VALUES = """
select value.value::double as value, count(*) as n from fct_indicator_year as value
inner join dim_issuer as issuer using (issuer_id)
where indicator_id = $indicator and fact_year = $year and scope = 'own' and unit is not distinct from $unit
  and ($level = '' or issuer.level = $level) and starts_with(coalesce(issuer.region_code, ''), $within)
group by all order by value
"""
_RANKING = """
select peer.rank_from_top, peer.n_peers, issuer.issuer_name, peer.issuer_id, region.region_name, peer.region_code, peer.level,
  peer.department_type, peer.fact_year, peer.value, peer.unit, peer.median, peer.n_unexplored, year.qualifier,
  year.chosen_figure_id as figure_id
from mart_peer_comparison as peer
inner join dim_issuer as issuer using (issuer_id)
left join dim_region as region on region.region_code = peer.region_code
inner join fct_indicator_year as year on year.issuer_id = peer.issuer_id and year.indicator_id = peer.indicator_id
  and year.fact_year = peer.fact_year and year.scope = peer.scope
where peer.indicator_id = $indicator and starts_with(coalesce(peer.region_code, ''), $within)
"""
_CHANGES = """
select issuer.issuer_name, yoy.issuer_id, issuer.region_name, issuer.region_code, yoy.fact_year, yoy.scope, yoy.prior_value,
  yoy.value, yoy.unit, yoy.change, yoy.change_percent, yoy.comparability, yoy.reason, yoy.cause,
  yoy.chosen_figure_id as figure_id
from fct_indicator_yoy as yoy inner join dim_issuer as issuer using (issuer_id)
where yoy.indicator_id = $indicator and starts_with(coalesce(issuer.region_code, ''), $within)
"""
# The values of a place's own bodies in the middle, place by place: what a map would show, and can be read.
_MATRIX = """
with placed as (
  select value.fact_year as year, value.value,
    case when length($within) >= 4 then issuer.region_code else substr(issuer.region_code, 1, 4) || '00' end as code
  from fct_indicator_year as value inner join dim_issuer as issuer using (issuer_id)
  where value.indicator_id = $indicator and value.scope = 'own' and value.unit is not distinct from $unit
    and ($level = '' or issuer.level = $level) and starts_with(issuer.region_code, $within)
)
select placed.code, region.region_name as name, above.region_name as province, placed.year,
  median(placed.value)::double as middle, count(*) as n
from placed left join dim_region as region on region.region_code = placed.code
left join dim_region as above on above.region_code = substr(placed.code, 1, 2) || '0000'
group by all order by placed.code, placed.year
"""
_PLACES = 60  # rows of the matrix; a part of the country is chosen for more


class Indicators(View):
    """`/indicators`."""

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """All of them."""
        columns = (
            Column("label", _("指标名称"), "indicator"),
            Column("label_en", _("指标（英文）"), "indicator"),
            Column("unit", _("单位")),
            Column("kind", _("性质"), "term", "kind", choices=True),
            Column("n_values", _("数值个数"), "number"),
            Column("n_issuers", _("机关数"), "number"),
            Column("first_year", _("最早年度")),
            Column("last_year", _("最近年度")),
            Column("indicator_id", _("指标代号"), hidden=True),
        )
        order = ("-n_values", "indicator_id")
        return (
            TableQuery(
                "indicators", _("指标"), _ALL, columns, {}, order, ("label", "label_en", "indicator_id")
            ),
        )

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page."""
        note = _("同一指标下的数字可以跨年、跨机关比较；怎样归入指标由规则决定，点开可看。")
        return page("list.html", asked, opened, heading=_("指标"), note=note, tables=tables)


class IndicatorView(View):
    """`/indicators/ID`; `year` and `level` choose whose spread is drawn, `region` a part of the country."""

    def __init__(self, indicator_id: str) -> None:
        self._id = indicator_id

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """The ranking among peers, and the changes."""
        self._row = opened.one("select * from dim_indicator where indicator_id = $id", {"id": self._id})
        if self._row is None:
            raise NotThereError(asked.say("这一发布里没有指标 {name}", name=self._id))
        code = asked.text("region")
        values = {
            "indicator": self._id,
            "within": prefix_of(code) if code.isdigit() and code.isascii() else "",
        }
        return (_ranking(values), _changes(values))

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page."""
        row = self._row or {}
        within, code = str(tables[0].query.values["within"]), asked.text("region")
        up = ancestors(opened, code) if within else []
        unit = (opened.one(_UNIT, {"indicator": self._id}) or {"unit": row["unit"]})["unit"]
        years = [found["year"] for found in opened.rows(_YEARS, {"indicator": self._id})]
        year = asked.number("year", years[0] if years else 0, 1900, 2200)
        level = asked.text("level")
        shared = {"indicator": self._id, "unit": unit, "level": level, "within": within}
        spreads = opened.rows(_SPREAD, shared)
        values = opened.rows(_VALUES, shared | {"year": year})
        title = asked.pick(row["label"], row["label_en"])
        matrix = _matrix(asked, opened.rows(_MATRIX, shared))
        return page(
            "indicator.html",
            asked,
            opened,
            indicator=row,
            title=title,
            definition=definition(self._id),
            unit=unit,
            years=years,
            year=year,
            level=level,
            spread=spread(spreads, asked.say(_("各年分布")), str(unit or "")) if spreads else None,
            histogram=histogram(
                values,
                asked.say(_("{year} 年的分布（n = {n}）"), year=year, n=sum(each["n"] for each in values)),
                str(unit or ""),
            )
            if values
            else None,
            place=up[-1]["region_name"] if up else code if within else "",
            matrix=matrix[:_PLACES],
            matrix_years=sorted({key for place in matrix for key in place["cells"]}),
            matrix_left=max(0, len(matrix) - _PLACES),
            tables=tables,
        )


def _matrix(asked: Asked, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Places with their years, each cell shaded by its fifth among the cells of its year.

    The districts of a municipality, and counties right below a province, have no city of their own: they stand together
    under the name of the province, which says so.
    """
    by_year: dict[int, list[float]] = {}
    for row in rows:
        by_year.setdefault(row["year"], []).append(row["middle"])
    places: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = row["name"] or asked.say(_("{province}所辖区县"), province=row["province"] or row["code"])
        place = places.setdefault(row["code"], {"code": row["code"], "name": name, "cells": {}})
        others = by_year[row["year"]]
        fifth = sum(other < row["middle"] for other in others) * 5 // len(others)
        place["cells"][row["year"]] = {"value": row["middle"], "n": row["n"], "fifth": fifth}
    return list(places.values())


def _ranking(values: Mapping[str, object]) -> TableQuery:
    columns = (
        Column("rank_from_top", _("名次"), "number"),
        Column("n_peers", _("同类机关"), "number"),
        Column("issuer_name", _("发布机关"), "issuer"),
        Column("region_name", _("地区"), "region"),
        Column("level", _("层级"), "term", "level", choices=True),
        Column("department_type", _("类别"), "term", "department", choices=True),
        Column("fact_year", _("年度"), choices=True),
        Column("value", _("数值"), "figure"),
        Column("unit", _("单位")),
        Column("qualifier", _("精确程度"), "term", "qualifier"),
        Column("median", _("中位数"), "number"),
        Column("n_unexplored", _("未查同类"), "number"),
        Column("issuer_id", _("机关代号"), hidden=True),
        Column("region_code", _("区划代码"), hidden=True),
        Column("figure_id", _("数字代号"), hidden=True),
    )
    order = ("-fact_year", "level", "department_type", "rank_from_top", "issuer_id")
    return TableQuery(
        "ranking", _("在同类机关中的名次"), _RANKING, columns, values, order, ("issuer_name", "region_name")
    )


def _changes(values: Mapping[str, object]) -> TableQuery:
    columns = (
        Column("issuer_name", _("发布机关"), "issuer"),
        Column("region_name", _("地区"), "region"),
        Column("fact_year", _("年度"), choices=True),
        Column("scope", _("范围"), "term", "scope", choices=True),
        Column("prior_value", _("上年"), "number"),
        Column("value", _("数值"), "figure"),
        Column("unit", _("单位")),
        Column("change", _("增减"), "number"),
        Column("change_percent", _("增减%"), "percent"),
        Column("comparability", _("可比性"), "term", "comparability", choices=True),
        Column("reason", _("不可比的原因"), "term", "reason"),
        Column("cause", _("差异来由"), "term", "cause"),
        Column("issuer_id", _("机关代号"), hidden=True),
        Column("region_code", _("区划代码"), hidden=True),
        Column("figure_id", _("数字代号"), hidden=True),
    )
    order = ("-fact_year", "region_code", "issuer_id", "scope")
    return TableQuery("changes", _("同比"), _CHANGES, columns, values, order, ("issuer_name", "region_name"))
