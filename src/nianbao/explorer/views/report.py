"""One report: its text with everything marked in place, the panel of a figure, its editions, the way to the archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import RedirectResponse, Response

from nianbao.explorer.asked import Asked
from nianbao.explorer.language import marked as _
from nianbao.explorer.marking import anchor, marked_text
from nianbao.explorer.opened import Opened
from nianbao.explorer.page import page
from nianbao.explorer.table import Column, TablePage, TableQuery
from nianbao.explorer.views.answer import NotThereError, View
from nianbao.extraction.rule_words import words
from nianbao.warehouse.release.texts import text_of

_REPORT = """
select report.*, issuer.issuer_name, kind.label as kind_label, kind.label_en as kind_label_en, timely.state as timeliness,
  timely.days_late, complete.parts_missing, complete.parts_thin
from fct_report as report
inner join dim_issuer as issuer using (issuer_id)
left join dim_report_kind as kind using (report_kind)
left join fct_timeliness as timely on timely.report_id = report.report_id
left join fct_completeness as complete on complete.report_id = report.report_id
where report.report_id = $report
"""
_EDITIONS = """
select edition.*, capture.payload_sha256 from fct_edition as edition
left join raw.capture as capture on capture.capture_id = edition.capture_id
where edition.report_id = $report order by known_from desc nulls last, edition.edition_id
"""
_FIGURES = """
select figure.*, indicator.label, indicator.label_en
from fct_figure as figure left join dim_indicator as indicator using (indicator_id)
where figure.issuer_id = $issuer and figure.edition_id = $edition order by figure.start_offset, figure.end_offset
"""
_TABLE = """
select figure.ordinal, figure.text, figure.value, figure.unit, figure.qualifier, figure.measure, indicator.label, indicator.label_en,
  figure.indicator_id, figure.fact_year, figure.scope, figure.is_target, figure.section_kind, figure.sentence,
  figure.figure_id, figure.report_id
from fct_figure as figure left join dim_indicator as indicator using (indicator_id)
where figure.issuer_id = $issuer and figure.edition_id = $edition
"""
_YEARS = """
select yoy.fact_year, yoy.value, yoy.unit, yoy.change, yoy.change_percent, yoy.comparability, yoy.reason,
  yoy.chosen_figure_id as figure_id
from fct_indicator_yoy as yoy
where yoy.issuer_id = $issuer and yoy.indicator_id = $indicator and yoy.scope = $scope order by yoy.fact_year
"""
_FIGURE = """
select report_id, edition_id, is_current, start_offset, end_offset from fct_figure
where issuer_id = $issuer_id and figure_id = $id
"""
_OTHER_YEARS = """
select report_id, report_year from fct_report
where issuer_id = $issuer and report_kind = $kind order by report_year
"""


class ReportView(View):
    """`/reports/ISSUER/KIND/YEAR`; `edition` chooses another one, `figure` (start-end) opens its panel."""

    def __init__(self, report_id: str) -> None:
        self._id = report_id

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """The figures of the edition that is shown."""
        self._report = opened.one(_REPORT, {"report": self._id})
        self._editions = opened.rows(_EDITIONS, {"report": self._id})
        if self._report is None or not self._editions:
            raise NotThereError(asked.say("这一发布里没有报告 {name}", name=self._id))
        wanted = asked.text("edition") or self._report["edition_id"]
        found = next((row for row in self._editions if row["edition_id"] == wanted), None)
        if found is None:
            raise NotThereError(asked.say("这份报告没有版本 {name}", name=wanted))
        self._edition = found
        # Tables are sorted by issuer: with it, a search reads a few blocks instead of all.
        self._values = {"edition": found["edition_id"], "issuer": self._report["issuer_id"]}
        columns = (
            Column("ordinal", _("次序"), "number"),
            Column("text", _("原文"), "place"),
            Column("value", _("数值"), "number"),
            Column("unit", _("单位")),
            Column("qualifier", _("精确程度"), "term", "qualifier"),
            Column("measure", _("所指")),
            Column("label", _("指标名称"), "indicator"),
            Column("fact_year", _("年度")),
            Column("scope", _("范围"), "term", "scope", choices=True),
            Column("section_kind", _("部分"), "term", "section", choices=True),
            Column("sentence", _("原句"), hidden=True),
            Column("is_target", _("计划数"), hidden=True),
            Column("label_en", _("指标（英文）"), hidden=True),
            Column("indicator_id", _("指标代号"), hidden=True),
            Column("figure_id", _("数字代号"), hidden=True),
            Column("report_id", _("报告"), hidden=True),
        )
        return (
            TableQuery(
                "figures",
                _("全部数字"),
                _TABLE,
                columns,
                self._values,
                ("ordinal",),
                ("text", "measure", "label", "sentence"),
                50,
            ),
        )

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page."""
        report, edition = self._report or {}, self._edition
        values = self._values
        figures = opened.rows(_FIGURES, values)
        sections = opened.rows(
            "select * from fct_section where issuer_id = $issuer and edition_id = $edition order by ordinal",
            values,
        )
        references = opened.rows(
            "select * from fct_reference where issuer_id = $issuer and edition_id = $edition", values
        )
        statements = opened.rows(
            "select * from fct_statement where issuer_id = $issuer and edition_id = $edition", values
        )
        with opened.cursor() as cursor:
            text = text_of(cursor, opened.release, edition["edition_id"])
        years = opened.rows(_OTHER_YEARS, {"issuer": report["issuer_id"], "kind": report["report_kind"]})
        chosen = next((row for row in figures if anchor(row, "f") == f"f-{asked.text('figure')}"), None)
        return page(
            "report.html",
            asked,
            opened,
            report=report,
            edition=edition,
            editions=self._editions,
            years=years,
            pieces=marked_text(text, figures, sections, references, statements),
            outline=[row | {"anchor": anchor(row, "s")} for row in sections if row["heading"]],
            counts={"figures": len(figures), "references": len(references), "statements": len(statements)},
            panel=self._panel(opened, chosen, figures) if chosen else None,
            tables=tables,
        )

    def _panel(
        self, opened: Opened, figure: dict[str, Any], figures: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        """What is known of one figure: its value and rule, the years of its indicator, the figures around it."""
        years = []
        if figure["indicator_id"]:
            keys = {"issuer": "issuer_id", "indicator": "indicator_id", "scope": "scope"}
            years = opened.rows(_YEARS, {name: figure[column] for name, column in keys.items()})
        by_id = {row["figure_id"]: row for row in figures}
        linked = {role: by_id.get(figure[f"{role}_figure_id"]) for role in ("parent", "yoy_of", "rate_of")}
        at = figures.index(figure)
        return {
            "figure": figure,
            "rule": (words(figure["rule"], chinese=True), words(figure["rule"])),
            "years": years,
            "linked": {role: row for role, row in linked.items() if row},
            "before": figures[at - 1] if at else None,
            "after": figures[at + 1] if at + 1 < len(figures) else None,
        }


class FigureLink(View):
    """`/figures/ID` leads to the figure's place in its report, also in an edition that is no longer current."""

    def __init__(self, figure_id: str) -> None:
        self._id = figure_id

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """None."""
        return ()

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """A redirection."""
        edition = {"edition": self._id.partition(":")[0]}
        issuer = opened.one("select issuer_id from fct_edition where edition_id = $edition", edition)
        found = issuer and opened.one(_FIGURE, {"id": self._id} | issuer)
        if found is None:
            raise NotThereError(asked.say("这一发布里没有数字 {name}", name=self._id))
        span = f"{found['start_offset']}-{found['end_offset']}"
        other = None if found["is_current"] else found["edition_id"]
        address = asked.link(f"/reports/{found['report_id']}", edition=other, figure=span)
        return RedirectResponse(f"{address}#f-{span}", status_code=307)
