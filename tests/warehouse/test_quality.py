"""The page of checks: stands alone, shows what failed first, and how values went."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from nianbao.model import Check, Verdict
from nianbao.warehouse.quality import quality_page


def check(check_id: str, verdict: Verdict, severity: str = "warning", **changed: str) -> Check:
    facts = {"value": "3", "threshold": "no row", "sentence": "3 rows <b>", "sample": "[]"} | changed
    return Check(check_id, "reports", "fct_report", severity, verdict, **facts)


def test_the_page_shows_failures_first_and_every_check() -> None:
    page = quality_page(
        [
            check("fine", Verdict.PASS),
            check("odd", Verdict.FAIL, sample='[{"report_id": "a/1", "url": null}]'),
            check("known", Verdict.FAIL, "critical", accepted_reason="printed so"),
            check("broken", Verdict.FAIL, "critical"),
            check("later", Verdict.NOT_DUE),
        ],
        [],
    )
    tree = LexborHTMLParser(page)
    assert [node.attributes["id"] for node in tree.css("article")] == ["broken", "odd", "known"]
    assert "printed so" in tree.css_first("#known").text()
    assert [td.text() for td in tree.css("#odd td")] == ["a/1", "–"]
    assert [td.text() for td in tree.css("table.checks td.id")] == ["broken", "fine", "known", "later", "odd"]
    assert "3 rows <b>" in tree.css_first("#broken p").text()  # a value is never markup


def test_the_page_needs_nothing_from_elsewhere_and_draws_former_values() -> None:
    rows = [
        [{"check_id": "odd", "value": str(v), "verdict": "pass", "severity": "warning"}] for v in (1, 2, 9)
    ]
    history = [(f"r{n}", row) for n, row in enumerate(rows)]
    page = quality_page([check("odd", Verdict.FAIL)], history)
    assert not re.search(r"<script|<link|https?://|@import", page)
    points = LexborHTMLParser(page).css_first("#odd polyline").attributes["points"] or ""
    heights = [float(point.split(",")[1]) for point in points.split()]
    assert len(heights) == 4 and heights[2] < heights[3] < heights[1] < heights[0]
    # A value that is no number leaves a gap, and nothing breaks.
    history.append(("r3", [{"check_id": "odd", "value": "", "verdict": "no_data", "severity": "warning"}]))
    assert "polyline" in quality_page([check("odd", Verdict.FAIL)], history)
