"""The checks of a release with their history, and the state of every source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from starlette.responses import Response

from nianbao.explorer.asked import Asked
from nianbao.explorer.language import marked as _
from nianbao.explorer.opened import Opened
from nianbao.explorer.page import page
from nianbao.explorer.table import Column, TablePage, TableQuery
from nianbao.explorer.views.answer import View
from nianbao.model import ORDINARY_OUTCOMES
from nianbao.warehouse.learning import checks_of
from nianbao.warehouse.release import list_releases

_RELEASES = 30  # of which the history tells

_CHECKS = """
select verdict, severity, suite, subject, sentence, value, threshold, accepted_reason, check_id, sample
from ops_check
"""
_SOURCES = """
with last as (
  select source_id, arg_max(state, ended_at) as state, arg_max(sentence, ended_at) as sentence, max(ended_at) as visited_at,
    max(ended_at) filter (where state = 'ok') as last_ok_at
  from ops_source_visit where state <> 'postponed' group by source_id
), held as (
  select source_id, count(*) as n_reports, max(report_year) as last_year from fct_report group by source_id
)
select source.source_id, region.region_name, source.region_code, source.family, last.state, last.sentence, last.visited_at,
  last.last_ok_at, held.n_reports, held.last_year, source.verified, json_extract_string(source.listings, '$[0]') as address
from raw.source as source
left join last using (source_id) left join held using (source_id)
left join dim_region as region on region.region_code = source.region_code
"""
_TROUBLES = """
select state.outcome, state.sentence, state.url, state.source_id, state.stage, state.from_at, state.n_looks
from ops_capture_state as state
where is_latest and not list_contains($ordinary, outcome)
"""


class Quality(View):
    """`/quality`."""

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """The checks."""
        columns = (
            Column("verdict", _("结论"), "term", "verdict", choices=True),
            Column("severity", _("轻重"), "term", "severity", choices=True),
            Column("suite", _("检查组"), choices=True),
            Column("subject", _("对象")),
            Column("sentence", _("说明")),
            Column("value", _("实测")),
            Column("threshold", _("界限")),
            Column("accepted_reason", _("接受的理由")),
            Column("check_id", _("检查代号"), hidden=True),
            Column("sample", _("例子"), hidden=True),
        )
        searched = ("sentence", "subject", "check_id")
        # "fail" before "pass" and the others: what fails is what one comes for.
        return (
            TableQuery(
                "checks", _("检查"), _CHECKS, columns, {}, ("verdict", "severity", "check_id"), searched
            ),
        )

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page, with how many checks ended how in this and former releases."""
        history = []
        for release in list_releases(opened.release.folder.parent)[:_RELEASES]:
            if release.created_at > opened.release.created_at:
                continue
            verdicts = Counter(str(check["verdict"]) for check in checks_of(release.folder))
            history.append(
                {"release_id": release.release_id, "created_at": release.created_at, "verdicts": verdicts}
            )
        return page("quality.html", asked, opened, history=history, tables=tables)


class Sources(View):
    """`/sources`."""

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """Every source, and every address that did not give what was expected."""
        sources = (
            Column("source_id", _("来源代号")),
            Column("region_name", _("地区"), "region"),
            Column("state", _("状态"), "term", "source", choices=True),
            Column("sentence", _("说明")),
            Column("visited_at", _("最近走访"), "moment"),
            Column("last_ok_at", _("最近正常"), "moment"),
            Column("n_reports", _("报告数"), "number"),
            Column("last_year", _("最近年度")),
            Column("family", _("站群类型"), choices=True),
            Column("address", _("栏目地址"), "address"),
            Column("verified", _("人工核对"), hidden=True),
            Column("region_code", _("区划代码"), hidden=True),
        )
        troubles = (
            Column("outcome", _("结果"), "term", "outcome", choices=True),
            Column("sentence", _("说明")),
            Column("url", _("地址"), "address"),
            Column("source_id", _("来源代号")),
            Column("from_at", _("起于"), "moment"),
            Column("n_looks", _("次数"), "number"),
            Column("stage", _("阶段"), hidden=True),
        )
        return (
            TableQuery(
                "sources",
                _("来源"),
                _SOURCES,
                sources,
                {},
                ("state", "source_id"),
                ("source_id", "region_name", "sentence"),
            ),
            TableQuery(
                "addresses",
                _("未得到所期内容的地址"),
                _TROUBLES,
                troubles,
                {"ordinary": sorted(ORDINARY_OUTCOMES)},
                ("-from_at", "url"),
                ("url", "sentence", "source_id"),
            ),
        )

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The page."""
        note = _("状态出自这一发布之前最近一次走访；现在的状态见“运行状况”。")
        return page("list.html", asked, opened, heading=_("来源"), note=note, tables=tables)
