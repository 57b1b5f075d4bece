"""A stranger adds a district on a known family: a handful of YAML lines and no code, and its reports are published."""

import sys
from pathlib import Path

ISSUER = """
- id: hexi-culture-bureau
  name: 天津市河西区文化和旅游局
  region: 120103
"""
SOURCE = """
- id: hexi-culture-bureau
  region: 120103
  listing: http://www.hexi.test/zwgk/fzzfjs/
  family: trs
  issuer: hexi-culture-bureau
"""
REPORT = """<html><head><meta charset="utf-8"><title>{year}年度法治政府建设情况报告</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/zwgk/">政务公开</a></div>
<h1>{year}年度法治政府建设情况报告</h1>
<p>发布日期：{next_year}-03-17</p>
<p>{year}年，我局深入推进法治政府建设，现将有关情况报告如下：</p>
<p>一、主要举措和成效</p>
<p>全年开展合法性审核{reviews}件，组织执法人员培训4期。</p>
<p>二、存在的不足和原因</p>
<p>执法力量有待充实。</p>
<p>三、{next_year}年主要安排</p>
<p>继续开展专题培训。</p>
</body></html>
"""
OPENNESS = """<html><head><meta charset="utf-8"><title>2024年政府信息公开工作年度报告</title></head><body>
<h1>2024年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>全年主动公开政府信息120条。</p></body></html>
"""


def listing(number: int, *rows: str) -> str:
    """One of the two pages of the column, as this family writes them: a script draws the pager."""
    items = "".join(f"<li>{row}</li>" for row in rows)
    return (
        '<html><head><meta charset="utf-8"><title>法治政府建设</title></head><body>'
        f'<ul class="list">{items}</ul><script>createPageHTML(2, {number}, "index", "html");</script></body></html>'
    )


def row(address: str, title: str, day: str) -> str:
    return f'<a href="{address}" target="_blank">{title}</a><span>{day}</span>'


def column(folder: Path) -> None:
    """A column of two pages: the newest report and another kind of report, and behind them an older one."""
    pages = {
        "index.html": listing(
            0,
            row("./202503/t20250317_1003.html", "2024年度法治政府建设情况报告", "2025-03-17"),
            row("./202501/t20250120_1002.html", "2024年政府信息公开工作年度报告", "2025-01-20"),
        ),
        "index_1.html": listing(
            1, row("./202403/t20240317_1001.html", "2023年度法治政府建设情况报告", "2024-03-17")
        ),
        "202503/t20250317_1003.html": REPORT.format(year=2024, next_year=2025, reviews=31),
        "202501/t20250120_1002.html": OPENNESS,
        "202403/t20240317_1001.html": REPORT.format(year=2023, next_year=2024, reviews=26),
    }
    for name, page in pages.items():
        path = folder / "www.hexi.test" / "zwgk" / "fzzfjs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")


def test_a_district_on_a_known_family_needs_two_entries_and_no_code(command, tmp_path):
    for part, entry in (("issuers", ISSUER), ("sources", SOURCE)):
        assert len(entry.strip().splitlines()) <= 5
        (tmp_path / "data" / part).mkdir(parents=True)
        (tmp_path / "data" / part / "hexi.yml").write_text(entry, encoding="utf-8")
    column(tmp_path / "pages")
    environment = {"NIANBAO_DATA": str(tmp_path / "data")}
    refresh = (sys.executable, "-m", "nianbao.cli", "refresh")
    command("simulate", "--pages", tmp_path / "pages", "--", *refresh, **environment)
    assert command.rows(
        "select r.report_year, i.issuer_name, r.n_figures from fct_report r join dim_issuer i using (issuer_id)"
        " order by 1"
    ) == [
        {"report_year": 2023, "issuer_name": "天津市河西区文化和旅游局", "n_figures": 2},
        {"report_year": 2024, "issuer_name": "天津市河西区文化和旅游局", "n_figures": 2},
    ]
    reviews = command.rows("select report_year, value from fct_figure where text like '%件%' order by 1")
    assert [(row["report_year"], int(row["value"])) for row in reviews] == [(2023, 26), (2024, 31)]
    assert command.rows("select source_id, family, seen from raw.source") == [
        {"source_id": "hexi-culture-bureau", "family": "trs", "seen": ""}
    ]
