"""Two texts side by side: nothing is lost, nothing is told twice, and what is alike stands in one row."""

from hypothesis import given
from hypothesis import strategies as st

from nianbao.explorer.beside import beside

TEXTS = st.lists(st.text("法治政府建设0123456789，。件次", max_size=30), max_size=8).map("\n".join)


def side(rows, name):
    return ["".join(text for text, _ in getattr(row, name)) for row in rows if getattr(row, name)]


def paragraphs(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_whole(left, right):
    rows = beside(left, right)
    assert side(rows, "left") == paragraphs(left)
    assert side(rows, "right") == paragraphs(right)


@given(TEXTS)
def test_a_text_beside_itself_has_no_differences(text):
    assert {row.kind for row in beside(text, text)} <= {"equal"}


def test_a_changed_number_is_all_that_is_marked():
    former = "一、主要举措\n全年办理行政复议案件120件。\n二、存在的不足"
    later = "一、主要举措\n全年办理行政复议案件135件。\n新开展执法监督。\n二、存在的不足"
    rows = beside(former, later)
    assert [row.kind for row in rows] == ["equal", "changed", "added", "equal"]
    assert "".join(text for text, differs in rows[1].left if differs) == "20"
    assert "".join(text for text, differs in rows[1].right if differs) == "35"


def test_a_paragraph_that_went_stands_alone():
    rows = beside("甲甲甲甲甲\n乙乙乙乙乙", "乙乙乙乙乙")
    assert [(row.kind, side([row], "right")) for row in rows] == [("gone", []), ("equal", ["乙乙乙乙乙"])]
