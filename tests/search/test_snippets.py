"""What is shown of a hit."""

from hypothesis import given
from hypothesis import strategies as st

from nianbao.search.folding import fold
from nianbao.search.snippet import marks, snippet


@given(
    st.text("行政复议 ，Ａ\n", max_size=400),
    st.lists(st.sampled_from(["行政", "复议", "a", "议行政"]), max_size=3),
)
def test_a_snippet_is_a_piece_of_the_text_with_its_words_marked(text, words):
    shown = snippet(text, words)
    assert shown.text in text
    assert shown.before == (not text.startswith(shown.text) or shown.before)
    assert (not shown.before and not shown.after) == (shown.text == text)
    assert bool(shown.spans) == bool(marks(text, words))
    for start, end in shown.spans:
        assert 0 <= start < end <= len(shown.text)


def test_the_place_with_most_words_is_shown():
    text = "复议。" + "无" * 300 + "应诉与复议并重。" + "无" * 300
    shown = snippet(text, [fold("复议"), fold("应诉")])
    assert shown.before
    assert shown.after
    assert [shown.text[start:end] for start, end in shown.spans] == ["应诉", "复议"]


def test_a_text_without_the_words_shows_its_beginning():
    assert snippet("无" * 300, ["复议"]).text == "无" * 140
    assert snippet("", ["复议"]).text == ""


def test_a_word_longer_than_a_snippet_is_marked_as_far_as_it_is_shown():
    shown = snippet("序" + "长" * 300, ["长" * 300])
    assert shown.spans == ((1, 140),)


def test_markup_in_a_text_stays_text():
    text = "<script>alert(1)</script>=cmd|' /C calc'!A0"
    assert snippet(text, [fold("script")]).text == text
