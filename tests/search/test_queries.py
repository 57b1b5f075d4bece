"""Whatever is typed is answered: with hits, or with a sentence on what is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search.editions import edition, index_of

from nianbao.search.query import LONGEST, parse

HOSTILE = "\"“”'()[]{}*?~^:\\/+-!&|<>.，。《》%_\x00\x03\ud800\n 行政复议aA1"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return index_of(tmp_path_factory.mktemp("index") / "search", edition())


@given(st.one_of(st.text(HOSTILE, max_size=60), st.text(max_size=60)))
@settings(deadline=None)
def test_no_query_raises(index, typed):
    found = index.search(typed)
    assert bool(found.trouble) == (not found.words)
    if found.trouble:
        assert found.hits == ()
        assert found.total == 0
        assert found.trouble.endswith(".")


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("", "empty"),
        (" \u3000\n", "empty"),
        ("，。“”《》", "nothing but punctuation"),
        ('"""', "nothing but punctuation"),
        ("((((", "nothing but punctuation"),
        ("-复议", "only says what must not be found"),
        ("复" * 10_000, "10,000 characters; at most 400"),
        (" ".join(f"{number}" for number in range(30)), "30 words; at most 24"),
    ],
)
def test_what_is_wrong_with_a_query_is_said(index, typed, trouble):
    assert trouble in index.search(typed).trouble


@pytest.mark.parametrize(
    ("typed", "all_of", "none_of"),
    [
        ("复议 应诉", ("复议", "应诉"), ()),
        ('"依法 行政" 复议', ("依法行政", "复议"), ()),
        ("“依法 行政”", ("依法行政",), ()),
        ("复议 -信访", ("复议",), ("信访",)),
        ('复议 -"信访 事项"', ("复议",), ("信访事项",)),
        ("2021-2025 复议 复议", ("2021-2025", "复议"), ()),
        ('"没有完', ("没有完",), ()),
        ("开展“法治夜校”活动", ("开展法治夜校活动",), ()),
        ("Ｅ－mail", ("e-mail",), ()),
        ("复议 。", ("复议",), ()),
    ],
)
def test_a_query_is_read_as_people_mean_it(typed, all_of, none_of):
    query = parse(typed)
    assert (query.all_of, query.none_of, query.trouble) == (all_of, none_of, "")


@pytest.mark.parametrize("typed", ["复", "%", "a", "𠀀"])
def test_one_character_is_searched_for(index, typed):
    found = index.search(typed)
    assert found.trouble == ""
    assert bool(found.total) == (typed in "复%")


def test_the_longest_query_is_answered(index):
    assert index.search("复" * LONGEST).total == 0
    assert index.search(" ".join(["行政复议"] * 80)).total > 0


@pytest.mark.parametrize(
    ("filters", "trouble"),
    [
        ({"kinds": ["page"]}, "no hits of kind 'page'; choose among report, section, figure, reference"),
        ({"regions": ["31x"]}, "'31x' is no region's code"),
        ({"regions": [""]}, "'' is no region's code"),
        ({"regions": ["١٢"]}, "is no region's code"),
        ({"years": (2024, 2021)}, "go backwards"),
        ({"years": (None, 99999999999999999999)}, "is no year of a report"),
        ({"issuers": ["x"] * 501}, "501 values; at most 500"),
        ({"limit": 20, "offset": 10_000}, "first 10,000 hits"),
        ({"limit": -1}, "first 10,000 hits"),
    ],
)
def test_what_is_wrong_with_a_filter_is_said(index, filters, trouble):
    assert trouble in index.search("复议", **filters).trouble


@given(st.text(HOSTILE, max_size=20))
@settings(deadline=None)
def test_no_value_of_a_filter_raises(index, value):
    for name in ("kinds", "regions", "issuers", "sections", "indicators"):
        assert index.search("复议", **{name: [value]}).hits == ()
