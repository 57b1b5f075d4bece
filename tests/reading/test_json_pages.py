"""Articles that a site answers as JSON: the text, its title, date and organ, and the files it offers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.model import Outcome, UnreadableError
from nianbao.reading import read_document

ARTICLE = "".join(
    f"<p>（{n}）全年召开会议{n + 30}次，办理行政许可{n}.2万件，按时办结率达到98.{n}%。</p>" for n in range(9)
)
LINES = [f"（{n}）全年召开会议{n + 30}次，办理行政许可{n}.2万件，按时办结率达到98.{n}%。" for n in range(9)]
TITLE = "山阳区数据局2024年度法治政府建设情况报告"
URL = "https://www.a.test/api/details?id=3"


@pytest.mark.parametrize(
    "answer",
    [
        {
            "code": 200,
            "data": {
                "title": TITLE,
                "content": ARTICLE,
                "publishDate": "2025-01-20 09:00:00",
                "organ": "区数据局",
            },
        },
        {
            "result": [
                {"infoTitle": TITLE, "html": ARTICLE, "pubDate": 1737334800000, "publisher": "区数据局"}
            ]
        },
        {"obj": {"BT": TITLE, "NR": ARTICLE, "FBRQ": "2025-01-20", "FBJG": "区数据局"}},
        {
            "data": {
                "article": {"body": ARTICLE},
                "TITLE": TITLE,
                "releaseTime": "1737334800",
                "deptName": "区数据局",
            }
        },
    ],
)
def test_the_article_comes_with_the_facts_beside_it(answer: object) -> None:
    document = read_document(json.dumps(answer, ensure_ascii=False).encode(), url=URL)
    assert document.title == TITLE and document.media_type == "application/json"
    lines = document.text.split("\n")
    assert lines[0] == TITLE and lines[3:] == LINES
    assert lines[1].startswith("发布日期：2025-01-20") and lines[2] == "发布机构：区数据局"


def test_jsonp_and_plain_text_are_read_too() -> None:
    text = "\n".join(LINES)
    body = f"callback_1({json.dumps({'title': TITLE, 'content': text})});".encode()
    assert read_document(body, url=URL).text == f"{TITLE}\n{text}"


def test_files_are_offered_with_whole_addresses() -> None:
    answer = {
        "title": TITLE,
        "content": ARTICLE + "<a href='/f/b.docx'>附件二</a>",
        "files": [{"fileName": "附件一.pdf", "filePath": "/upload/2025/a.pdf"}],
    }
    assert set(read_document(json.dumps(answer).encode(), url=URL).attachments) == {
        ("https://www.a.test/upload/2025/a.pdf", "附件一.pdf"),
        ("https://www.a.test/f/b.docx", "附件二"),
    }


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"code": 404, "message": "no such article"}', "without an article"),
        (b"[1, 2, 3]", "without an article"),
        (b"[" * 100_000 + b"]" * 100_000, "nested"),
    ],
)
def test_answers_without_an_article_say_so(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableError, match=says):
        read_document(body, url=URL)


def test_more_values_than_any_page_holds_are_refused() -> None:
    with pytest.raises(UnreadableError, match="values") as caught:
        read_document(json.dumps([{"a": 1}] * 250_000).encode())
    assert caught.value.outcome is Outcome.OVERSIZED


@pytest.mark.parametrize(
    "text", ["[2024]5号文件的报告\n全年召开会议35次]", "{不是JSON的正文}", "“{”开头的文字"]
)
def test_text_that_only_looks_like_json_is_text(text: str) -> None:
    assert read_document(text.encode()).text == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=200),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["title", "content", "date", "fbsj", "organ", "x"]), inner)
        ),
        max_leaves=15,
    ).filter(lambda value: isinstance(value, list | dict))
)
def test_any_answer_ends_with_a_text_or_a_sentence(value: object) -> None:
    try:
        assert read_document(json.dumps(value).encode(), url=URL).text
    except UnreadableError as error:
        assert str(error)


def test_an_answer_that_only_points_at_a_file_is_the_cover_of_that_file() -> None:
    body = (
        '{"data": {"title": "清河区教育局2024年法治政府建设年度报告", "content": "", "publishDate": "2025-02-03",'
        ' "attachments": [{"name": "全文.pdf", "url": "/file/1.pdf"}]}}'
    )
    read = read_document(body.encode(), url="http://www.a.test/info?id=1")
    assert [url for url, _ in read.attachments] == ["http://www.a.test/file/1.pdf"]
    assert read.title == "清河区教育局2024年法治政府建设年度报告" and "2025-02-03" in read.text
