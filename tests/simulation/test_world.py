from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

from nianbao.simulation import World, build_world, truth_json
from nianbao.simulation.truth import FigureTruth, ReportTruth

_SCALES = {"": 1, "万": 10**4, "亿": 10**8}
_SPAN = re.compile(r"(?P<low>[\d.]+)(?:[至—-](?P<high>[\d.]+))? ?(?P<scale>[万亿]?)[余多]? ?个?(?P<unit>\D+)")
_CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
# digits that a report prints and that state nothing: dates, years of plans, document numbers, thresholds, …
_NO_FIGURES = re.compile(
    r"\d{4}年\d+月\d+日|\d{4} ?年|\d{4}-\d{4} ?年|(?:月|前|今年|至)\d+ ?月|前\d+个月|“\d+·\d+”|〔\d{4}〕\d+号|12345|“1\+N”|"
    r"\d+\.0版|\d+万元以上|\d+(?:日|个工作日内|个月组织|小时值班)|(?m:^)\d+[.、]"
)


def chinese_number(text: str) -> int:
    head, ten, tail = text.partition("十")
    if not ten:
        return _CHINESE[text]
    return (_CHINESE[head] if head else 1) * 10 + (_CHINESE[tail] if tail else 0)


def reread(figure: FigureTruth) -> tuple[Decimal, str]:
    """Value and unit of a span, read by this test's own rules."""
    chinese = re.fullmatch(r"([一二三四五六七八九十两]+)(\D+)", figure.text)
    if chinese:
        return Decimal(chinese_number(chinese[1])), chinese[2]
    match = _SPAN.fullmatch(figure.text)
    assert match, figure.text
    return Decimal(match["low"]) * _SCALES[match["scale"]], match["unit"]


def without_numbers(report: ReportTruth) -> set[str]:
    text = report.text.translate(str.maketrans(",:;()", "，：；（）"))
    sentences = re.split(r"[。；\n]", text)
    return {
        re.sub(r"[\d.]+[万亿]?[余多]?", "N", sentence).strip() for sentence in sentences if len(sentence) > 8
    }


def test_two_builds_are_byte_equal(world: World) -> None:
    again = build_world()
    assert {r.format for r in world.reports} == {"html", "pdf", "docx"}
    assert truth_json(again) == truth_json(world)
    for host, site in world.sites.items():
        assert site.resources == again.sites[host].resources  # type: ignore[attr-defined]


def test_another_seed_tells_another_world(world: World) -> None:
    other = build_world(seed=2)
    mine = {(r.issuer_id, r.year): r.text for r in world.reports}
    theirs = {(r.issuer_id, r.year): r.text for r in other.reports}
    assert all(mine[key] != theirs[key] for key in mine.keys() & theirs.keys())


def test_the_default_world_has_three_districts_four_issuers_four_years(world: World) -> None:
    assert len(world.regions) == 1 + 3
    assert len(world.issuers) == 3 * 4
    assert len(world.reports) + len(world.absent) == 3 * 4 * 4
    assert world.absent
    assert {r.region_code[:2] for r in world.reports} == {"99"}
    assert all(r.host.endswith(".test") for r in world.reports)
    assert {source.shape for source in world.sources} == {"trs", "jcms", "dayofyear"}


def test_absent_reports_are_nowhere(world: World) -> None:
    there = {(r.issuer_id, r.year) for r in world.reports}
    assert not there & {(gap.issuer_id, gap.year) for gap in world.absent}


def test_every_figure_stands_where_the_truth_says_and_says_its_value(world: World) -> None:
    count = 0
    for report in world.reports:
        for figure in report.figures:
            assert report.text[figure.char_start : figure.char_end] == figure.text
            assert figure.text in figure.sentence
            assert figure.sentence in report.text
            value, unit = reread(figure)
            assert (value, unit) == (figure.value, figure.unit), (figure.text, report.url)
            count += 1
    assert count > 1500


def test_every_other_digit_is_no_figure(world: World) -> None:
    for report in world.reports:
        covered = [(f.char_start, f.char_end) for f in report.figures]
        covered += [match.span() for match in _NO_FIGURES.finditer(report.text)]
        for match in re.finditer(r"\d+", report.text):
            inside = any(start <= match.start() and match.end() <= end for start, end in covered)
            around = report.text[max(0, match.start() - 12) : match.end() + 12]
            assert inside, f"{report.url}: a number that the truth does not know: {around}"


def test_qualifiers_agree_with_the_words_around(world: World) -> None:
    seen = set()
    for report in world.reports:
        for figure in report.figures:
            before = report.text[max(0, figure.char_start - 3) : figure.char_start]
            after = report.text[figure.char_end : figure.char_end + 2]
            seen.add(figure.qualifier)
            if figure.qualifier == "approx_under":
                assert before.endswith("近")
            if figure.qualifier == "about":
                assert before.endswith("约") or after == "左右"
            if figure.qualifier == "approx_over":
                assert (
                    re.search("[余多]", figure.text)
                    or before.endswith(("超过", "逾", "超"))
                    or after == "以上"
                )
            if figure.qualifier == "exact":
                assert not before.endswith(("近", "约", "逾", "超过", "至少"))
                assert after not in ("左右", "以上", "以内")
    assert seen == {"exact", "approx_under", "approx_over", "about", "at_least", "at_most"}


def test_targets_are_next_years_and_stand_in_the_plan(world: World) -> None:
    for report in world.reports:
        for figure in report.figures:
            assert figure.is_target == (figure.fact_year == report.year + 1)
    assert any(f.is_target for r in world.reports for f in r.figures)


def test_comparisons_agree_with_what_last_years_report_says(world: World) -> None:
    reports = {(r.issuer_id, r.year): r for r in world.reports}
    checked = 0
    for (issuer, year), report in reports.items():
        before = reports.get((issuer, year - 1))
        if before is None:
            continue
        old = {
            f.series: f.value for f in before.figures
            if f.qualifier == "exact" and f.fact_year == year - 1 and f.direction is None
        }  # fmt: skip
        for figure in report.figures:
            base = report.figures[figure.yoy_of] if figure.yoy_of is not None else None
            if base is None or figure.series not in old:
                continue
            change = base.value - old[figure.series]
            assert (change > 0) == (figure.direction == "increase")
            if figure.unit == "%":
                share = abs(change) * 100 / old[figure.series]
                assert abs(share - figure.value) <= Decimal("0.05")
            else:
                assert abs(change) == figure.value
            checked += 1
    assert checked > 20


def test_last_years_value_is_quoted_as_last_year_stated_it(world: World) -> None:
    reports = {(r.issuer_id, r.year): r for r in world.reports}
    quoted = [
        (figure, before)
        for (issuer, year), report in reports.items()
        for figure in report.figures
        if figure.fact_year == year - 1 and (before := reports.get((issuer, year - 1)))
    ]
    assert quoted
    for figure, before in quoted:
        stated = [f.value for f in before.figures if f.series == figure.series and f.qualifier == "exact"
                  and f.direction is None and not f.is_target and f.fact_year == before.year]  # fmt: skip
        assert all(value == figure.value for value in stated)


def test_parts_are_not_larger_than_their_whole(world: World) -> None:
    parts = 0
    for report in world.reports:
        for figure in report.figures:
            if figure.parent is not None:
                assert figure.value <= report.figures[figure.parent].value, figure.sentence
                parts += 1
    assert parts > 30


def test_all_prescribed_parts_are_there_in_several_orders(world: World) -> None:
    orders = set()
    for report in world.reports:
        kinds = list(dict.fromkeys(section.kind for section in report.sections))
        assert {"preamble", "measures", "responsibility", "problems", "plan"} <= set(kinds)
        orders.add(
            tuple(kind for kind in kinds if kind in ("measures", "responsibility", "problems", "plan"))
        )
        for section in report.sections:
            line = report.text[section.char_start :].split("\n", 1)[0]
            assert section.heading in line
    assert len(orders) >= 3


def test_districts_do_not_sound_alike(world: World) -> None:
    governments = [r for r in world.reports if r.year == 2023 and r.issuer_id.endswith("-zf")]
    assert len(governments) == 3
    for one in governments:
        for other in governments:
            if one is not other:
                mine, theirs = without_numbers(one), without_numbers(other)
                assert len(mine & theirs) / len(mine) < 0.35


def test_department_reports_are_shorter_than_the_districts(world: World) -> None:
    lengths = {r.issuer_id: len(r.text) for r in world.reports if r.year == 2023}
    governments = [size for issuer, size in lengths.items() if issuer.endswith("-zf")]
    assert min(governments) > max(size for issuer, size in lengths.items() if not issuer.endswith("-zf"))


def test_another_year_leaves_the_old_reports_as_they_were(world: World) -> None:
    later = world.with_year(2025)
    new = {(r.issuer_id, r.year): r for r in later.reports}
    assert all(new[(r.issuer_id, r.year)] == r for r in world.reports)
    assert {change.change for change in later.changes} == {"added"}
    assert {change.year for change in later.changes} == {2025}
    for report in world.reports:
        path = report.url.split(report.host, 1)[1]
        assert world.sites[report.host].find(path) == later.sites[report.host].find(path)


def test_more_districts_leave_the_old_reports_as_they_were(world: World) -> None:
    larger = {(r.issuer_id, r.year): r.text for r in build_world(districts=5, issuers=6).reports}
    assert all(larger[(r.issuer_id, r.year)] == r.text for r in world.reports)


def test_a_revised_world_has_an_edit_a_withdrawal_and_a_late_report(world: World) -> None:
    later = world.revised()
    changes = {change.change: change for change in later.changes}
    assert set(changes) == {"edited", "withdrawn", "late"}
    old = {(r.issuer_id, r.year): r for r in world.reports}
    new = {(r.issuer_id, r.year): r for r in later.reports}

    edited = changes["edited"]
    before, after = old[(edited.issuer_id, edited.year)], new[(edited.issuer_id, edited.year)]
    assert before.url == after.url and before.published_date == after.published_date
    differing = [b for a, b in zip(before.figures, after.figures, strict=True) if a.value != b.value]
    assert len(differing) == 1 and differing[0].sentence == edited.sentence
    path = after.url.split(after.host, 1)[1]
    was, now = (w.sites[after.host].find(path) for w in (world, later))
    assert was and now and was.etag != now.etag
    assert was.last_modified and now.last_modified and was.last_modified < now.last_modified

    withdrawn = old[(changes["withdrawn"].issuer_id, changes["withdrawn"].year)]
    path = withdrawn.url.split(withdrawn.host, 1)[1]
    assert world.sites[withdrawn.host].find(path) and later.sites[withdrawn.host].find(path) is None

    late = changes["late"]
    assert (late.issuer_id, late.year) in {(gap.issuer_id, gap.year) for gap in world.absent}
    assert new[(late.issuer_id, late.year)].published_date.month >= 6


def test_the_truth_is_json_with_what_tests_need(world: World) -> None:
    truth = json.loads(truth_json(world))
    report = truth["reports"][0]
    for name in (
        "url",
        "host",
        "issuer_id",
        "issuer",
        "region_code",
        "kind",
        "year",
        "title",
        "format",
        "text",
    ):
        assert report[name]
    figure = report["figures"][0]
    assert report["text"][figure["char_start"] : figure["char_end"]] == figure["text"]
    assert len(truth["absent"]) == len(world.absent)


@pytest.mark.parametrize("wrong", [{"districts": 0}, {"issuers": 99}, {"years": ()}, {"years": (1990,)}])
def test_an_impossible_world_is_refused_with_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"ask for|give at least"):
        build_world(**wrong)  # type: ignore[arg-type]


def test_no_name_or_address_is_used_twice() -> None:
    large = build_world(districts=20, issuers=8, years=(2023, 2024))
    names = [name for issuer in large.issuers for name in (issuer.name, *issuer.aliases)]
    assert len(names) == len(set(names))
    addresses = [report.url for report in large.reports] + [page.url for page in large.pages]
    assert len(addresses) == len(set(addresses)) == len(large.reports) + len(large.pages)
