"""Any Chinese text in any encoding, under a right, wrong or missing label, decodes to itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.reading import decode

PROSE = (
    "全年召开局长办公会三十五次研究法治建设议题办理行政许可一万两千件按时办结率达到百分之九十八组织培训覆盖人次比上年增加"
    "开展合法性审核提出意见均获采纳推动依法决策水平持续提高镕堃喆瑄街道办事处"
)
TRADITIONAL = (
    "法治政府建設年度報告全年召開會議三次辦理行政許可案件開展執法檢查組織培訓覆蓋人次推動依法決策水準持續提高"
)
MARKS = "，。；：（）《》“”、0123456789%.\n abcXYZ"
LABELS = (
    "",
    "utf-8",
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "iso-8859-1",
    "windows-1252",
    "us-ascii",
    "utf-16",
    "no-such",
)


def prose(letters: str) -> st.SearchStrategy[str]:
    """Texts of two paragraphs or more, cut out of prose: of one character over and over nobody can tell the encoding."""
    sentence = st.tuples(st.integers(0, len(letters) - 12), st.integers(12, 40)).map(
        lambda cut: letters[cut[0] : cut[0] + cut[1]]
    )
    parts = st.tuples(sentence, st.text(st.sampled_from(MARKS), max_size=8), sentence).map("".join)
    return st.lists(parts, min_size=2, max_size=6).map("\n".join)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@given(text=prose(PROSE), label=st.sampled_from(LABELS))
@settings(max_examples=40, deadline=None)
def test_simplified_text_decodes_to_itself_whatever_the_label_says(
    encoding: str, text: str, label: str
) -> None:
    content_type = f"text/html; charset={label}" if label else ""
    assert decode(text.encode(encoding), content_type).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "cp950", "gb18030", "utf-16-le"])
@given(text=prose(TRADITIONAL), label=st.sampled_from(LABELS))
@settings(max_examples=40, deadline=None)
def test_traditional_text_decodes_to_itself_whatever_the_label_says(
    encoding: str, text: str, label: str
) -> None:
    text = text.replace("“", "「").replace("”", "」")
    content_type = f"text/html; charset={label}" if label else ""
    assert decode(text.encode(encoding), content_type).text == text


@given(
    text=prose(PROSE),
    label=st.sampled_from(("utf-8", "gb2312", "big5")),
    encoding=st.sampled_from(("utf-8", "gb18030")),
)
@settings(max_examples=40, deadline=None)
def test_labels_in_the_page_mislead_no_more_than_those_of_the_header(
    text: str, label: str, encoding: str
) -> None:
    page = f'<html><head><meta charset="{label}"></head><body>{text}</body></html>'
    assert decode(page.encode(encoding)).text == page


@given(body=st.binary(max_size=300), label=st.sampled_from(LABELS))
@settings(max_examples=200, deadline=None)
def test_any_bytes_decode_or_end_with_a_sentence(body: bytes, label: str) -> None:
    from nianbao.model import UnreadableError

    try:
        assert isinstance(decode(body, f"text/plain; charset={label}").text, str)
    except UnreadableError as error:
        assert str(error)
