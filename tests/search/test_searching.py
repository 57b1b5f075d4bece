"""What is found, what is told of it, and what is not found."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from search.editions import TEXT, edition, index_of

from nianbao.search.folding import fold, is_word

LETTERS = "行政复议法的件12Ａ（）。，〔〕 \n“"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    other = edition(
        "e2",
        "松溪区2022年报告\n一、总体情况\n应诉案件与行政机关的复议都没有。\n",
        year=2022,
        region_code="880203",
        issuer_id="other",
        title="另一份报告",
        doc_number="",
    )
    return index_of(tmp_path_factory.mktemp("index") / "search", edition(), other)


def pieces(found):
    return {(hit.kind, hit.edition_id, hit.start) for hit in found.hits}


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_piece_of_a_text_is_found_where_it_stands(index, data):
    sections = [edition().text[s.start : e] for s, e in _slices()]
    text = data.draw(st.sampled_from(sections))
    first = data.draw(st.integers(0, len(text) - 1))
    piece = text[first : data.draw(st.integers(first + 1, len(text)))]
    assume(is_word(fold(piece)))
    found = index.search(f'"{piece}"', kinds=["section"], limit=100)
    expected = {s.ordinal for (s, e) in _slices() if fold(piece) in fold(TEXT[s.start : e])}
    assert {hit.section_ordinal for hit in found.hits if hit.edition_id == "e1"} == expected
    for hit in found.hits:
        for start, end in hit.snippet.spans:
            assert fold(piece) in fold(hit.snippet.text[start:end])


def _slices():
    sections = edition().sections
    return list(zip(sections, [*(s.start for s in sections[1:]), len(TEXT)], strict=True))


@given(
    st.lists(st.text(LETTERS, max_size=12), min_size=1, max_size=5), st.text(LETTERS, min_size=1, max_size=4)
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_phrase_is_found_exactly_in_the_texts_that_hold_it(tmp_path_factory, texts, phrase):
    assume(is_word(fold(phrase)))
    made = [
        edition(f"n{number}", text, title="", issuer_name="", doc_number="")
        for number, text in enumerate(texts)
    ]
    index = index_of(tmp_path_factory.mktemp("phrase") / "search", *made)
    found = index.search(f'"{phrase}"', limit=100)
    expected = {each.edition_id for each in made if fold(phrase) in fold(each.text)}
    assert {hit.edition_id for hit in found.hits} == expected
    assert found.total == len(expected)


def test_a_hit_says_where_it_stands(index):
    (hit,) = index.search("负责人出庭", kinds=["section"]).hits
    assert (hit.edition_id, hit.issuer_name, hit.region_code, hit.year) == (
        "e1",
        "松溪区司法局",
        "990101",
        2021,
    )
    assert (hit.section_kind, hit.heading) == ("measures", "总体情况 › 行政应诉")
    assert TEXT[hit.start : hit.end].startswith("（一）行政应诉")
    ((start, end),) = hit.snippet.spans
    assert hit.snippet.text[start:end] == "负责人出庭"


def test_figures_are_found_by_sentence_and_by_indicator(index):
    by_label = index.search("应诉案件数")
    (hit,) = by_label.hits
    assert (hit.kind, hit.said, hit.label, hit.indicator_id) == (
        "figure",
        "45件",
        "行政应诉案件数",
        "lawsuits",
    )
    assert hit.figure_id == f"e1:{hit.start}-{hit.end}"
    assert TEXT[hit.start : hit.end] == "45件"
    assert index.search("负责人出庭", indicators=["lawsuits"]).total == 1
    assert index.search("负责人出庭", indicators=["another"]).total == 0


def test_references_and_reports_are_found_by_their_names(index):
    (law,) = index.search("中华人民共和国行政复议法").hits
    assert (law.kind, law.said, law.section_kind) == ("reference", "《行政复议法》", "problems")
    (report,) = index.search("松司[2022]9号").hits
    assert report.kind == "report"
    assert report.snippet.text[slice(*report.snippet.spans[0])] == "松司〔2022〕9号"


def test_words_must_all_stand_in_a_hit_and_excluded_ones_must_not(index):
    assert pieces(index.search("应诉 复议")) == pieces(index.search("复议 应诉"))
    assert {hit.edition_id for hit in index.search("应诉 复议", kinds=["section"]).hits} == {"e2"}
    assert {hit.edition_id for hit in index.search("应诉 -复议", kinds=["section"]).hits} == {"e1"}


def test_words_that_stand_together_come_first(tmp_path):
    apart = edition("apart", "执法很多执法很多执法不少，监督很多监督很多监督。")
    together = edition(
        "together", "本年的各项工作都有所进展，其中一项是执法监督，其余从略，不再一一说明，以免过长。"
    )
    found = index_of(tmp_path / "search", apart, together).search("执法 监督")
    assert [hit.edition_id for hit in found.hits] == ["together", "apart"]


@pytest.mark.parametrize(
    ("filters", "editions"),
    [
        ({"regions": ["990101"]}, {"e1"}),
        ({"regions": ["990000"]}, {"e1"}),
        ({"regions": ["88"]}, {"e2"}),
        ({"regions": ["8803", "9901"]}, {"e1"}),
        ({"issuers": ["other"]}, {"e2"}),
        ({"years": (2022, None)}, {"e2"}),
        ({"years": (None, 2021)}, {"e1"}),
        ({"years": (2021, 2022)}, {"e1", "e2"}),
        ({"sections": ["measures"]}, {"e1"}),
        ({"sections": ["overview"], "kinds": ["section"]}, {"e2"}),
        ({"kinds": ["report"]}, set()),
    ],
)
def test_filters_narrow_a_search(index, filters, editions):
    assert {hit.edition_id for hit in index.search("应诉", **filters).hits} == editions


def test_facets_count_all_hits_and_pages_share_them_out(index):
    found = index.search("复议", limit=2)
    everything = index.search("复议", limit=100)
    assert found.total == len(everything.hits) == sum(found.facets.kinds.values()) > 3
    assert found.facets.years == {2021: found.total - 1, 2022: 1}
    assert found.facets.regions == {"990101": found.total - 1, "880203": 1}
    pages = [hit for at in range(0, found.total, 2) for hit in index.search("复议", limit=2, offset=at).hits]
    assert pages == list(everything.hits)
    assert index.search("复议", limit=0).hits == ()
    uncounted = index.search("复议", facets=False)
    assert (uncounted.total, uncounted.facets.kinds) == (found.total, {})
