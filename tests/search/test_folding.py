"""Whatever stands in a text is found in it: folding knows no neighbours, and a piece is a phrase of pairs."""

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from nianbao.search import marks
from nianbao.search.folding import END, fold, fold_with_offsets, indexed, is_word, pairs

# Much of what tricks folding: width, compatibility forms, capitals that grow, accents, halves of characters.
ODD = "１２Ａｂ①ßﬁİ㈱ﾊﾟ가é\u0301\u200b\ufeff\u3000\n \t〔〕[]“”\"'—-％%\x03\ud800𠀀行政复议的"
ANY = st.text(st.one_of(st.sampled_from(ODD), st.characters()), max_size=40)


@given(ANY, ANY)
@settings(deadline=None)
def test_the_folding_of_two_texts_is_the_folding_of_both(one, other):
    assert fold(one + other) == fold(one) + fold(other)


@given(ANY)
@settings(deadline=None)
@example("\x03\x03")
def test_what_is_folded_holds_no_blank_and_no_end_and_is_folded_for_good(text):
    folded = fold(text)
    assert END not in folded
    assert not any(character.isspace() for character in folded)
    assert fold(folded) == folded
    again, offsets = fold_with_offsets(text)
    assert again == folded
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)


@given(st.lists(ANY, max_size=3))
@settings(deadline=None)
def test_the_index_gets_the_pairs_of_each_text_with_its_end(texts):
    expected = [pair for text in texts if fold(text) for pair in pairs(fold(text) + END)]
    assert indexed(*texts).split() == expected


@given(ANY, st.data())
@settings(deadline=None)
def test_marks_cover_exactly_what_folds_to_the_word(text, data):
    folded, _ = fold_with_offsets(text)
    first = data.draw(st.integers(0, len(folded)))
    word = folded[first : data.draw(st.integers(first, len(folded)))]
    found = marks(text, [word])
    assert bool(found) == bool(word)
    assert all(word in fold(text[start:end]) for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))


def test_forms_of_one_sign_are_one():
    assert fold("沪府〔２０２１〕５号 “办结”ＡＢＣ") == fold("沪府[2021]5号办结abc") == "沪府(2021)5号办结abc"
    assert fold("行政\n复 议\u3000法") == "行政复议法"


def test_punctuation_alone_is_no_word():
    assert not is_word(fold("，。《》——…"))
    assert is_word("%")
    assert is_word("号")
