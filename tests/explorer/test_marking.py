"""A report's text with everything marked: the text stays whole, each mark covers its own words."""

from hypothesis import given
from hypothesis import strategies as st

from nianbao.explorer.marking import marked_text

TEXT = "一、主要举措。全年办理行政复议案件120件，同比增长5%。依据《行政复议法》。存在执法力量不足的问题。"


def row(start, end, **more):
    return {
        "start_offset": start,
        "end_offset": end,
        "heading": TEXT[start:end],
        "kind": "shortcoming",
    } | more


SPANS = st.lists(
    st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 25)).map(
        lambda drawn: row(drawn[0], min(len(TEXT), drawn[0] + drawn[1]))
    ),
    max_size=6,
)


@given(SPANS, SPANS, SPANS, SPANS)
def test_the_text_stays_whole_and_every_figure_has_its_words(figures, sections, references, statements):
    pieces = marked_text(TEXT, figures, sections, references, statements)
    assert "".join(piece.text for piece in pieces) == TEXT
    anchors = [anchor for piece in pieces for anchor in piece.anchors]
    for figure in figures:
        assert f"f-{figure['start_offset']}-{figure['end_offset']}" in anchors
    at = 0
    for piece in pieces:
        covered = [f for f in figures if f["start_offset"] <= at and at + len(piece.text) <= f["end_offset"]]
        assert ("figure" in piece.kinds.split()) == bool(covered)
        at += len(piece.text)


def test_a_mark_beyond_the_text_is_left_out():
    pieces = marked_text("短文", [row(0, 40)], [], [], [])
    assert [(piece.text, piece.kinds) for piece in pieces] == [("短文", "")]
