"""Texts that no person would write, by recipe: what has made readers of text slow, wrong or fall over."""

from __future__ import annotations

from collections.abc import Callable

_REPORT = (
    "2024年某区法治政府建设情况报告\n区政府：\n根据有关规定，现将情况报告如下。\n一、主要举措和成效\n（一）学习\n全年召开会议12次，"
    "其中专题会议3次，同比增长20%；发放资料1.2万余份，由去年的76%提升至92%。\n二、存在的不足\n一是人员不足。\n三、2025年安排\n举办培训2次。\n"
)


def _again(piece: str) -> Callable[[int], str]:
    return lambda size: (piece * (size // max(1, len(piece)) + 1))[:size]


def _inside(piece: str) -> Callable[[int], str]:
    """A report in whose measures the piece stands over and over."""
    before, behind = _REPORT.split("其中", 1)
    return lambda size: before + _again(piece)(size) + "其中" + behind


_PIECES = {
    "digits": "1",
    "digits_with_commas": "1,",
    "digits_with_full_width_commas": "１，",
    "decimals": "1.",
    "chinese_numerals": "一二三百千万亿",
    "one": "一",
    "scales": "万",
    "ranges": "1至",
    "dashes": "1—",
    "percent_words": "百分之",
    "fractions": "一分之",
    "years": "2024年",
    "months": "1月至",
    "labels": "1、",
    "dotted_labels": "1.\n",
    "chinese_labels": "一、",
    "headings": "一、主要举措和成效\n",
    "bracketed": "（一）",
    "open_brackets": "(",
    "open_quotes": "“",
    "plain_quotes": '"',
    "open_titles": "《",
    "nested_titles": "《〈",
    "closed_titles": "《法》",
    "commas": "，",
    "stops": "。",
    "colons": "：",
    "blanks": " ",
    "wide_blanks": "\u3000",
    "line_feeds": "\n",
    "blank_lines": " \n",
    "carriage_returns": "\r",
    "stars": "*",
    "pipes": "|",
    "hashes": "#",
    "each": "每",
    "de": "的",
    "districts": "区",
    "bodies": "人民政府办公室",
    "provinces": "上海市普陀区",
    "figures": "3件、",
    "parts": "其中3件，",
    "shares": "占20%，",
    "changes": "同比增长3%，",
    "from_to": "由3件增至4件、",
    "sentences": "处罚3件。",
    "subject": "法治政府建设",
    "titles": "2024年法治政府建设情况报告\n",
    "dates": "2024-01-01 ",
    "addresses": "www.example.gov.test/",
    "surrogates": "\ud83d",
    "halves": "\udc00\ud800",
    "right_to_left": "\u202e办3件\u202c",
    "invisible": "\u200b",
    "controls": "\x00\x07\x1b[31m",
    "kangxi": "⼀⼆⼈",
    "emoji": "👍🏽",
    "combining": "e\u0301",
    "latin": "The report of 2024 has 3 cases. ",
    "html": "<p>办理3件</p>",
    "entities": "&nbsp;",
    "shortcomings": "一是不足；二是",
    "ligatures": "㎡㈠①½",
}
RECIPES: dict[str, Callable[[int], str]] = {
    **{name: _again(piece) for name, piece in _PIECES.items()},
    **{f"report_with_{name}": _inside(piece) for name, piece in _PIECES.items()},
    "empty": lambda size: "",
    "every_character": lambda size: "".join(chr(c % 0x110000) for c in range(size)),
    "report_again": _again(_REPORT),
    "report_on_one_line": _again(_REPORT.replace("\n", "")),
    "report_letter_by_letter": _again("\n".join(_REPORT)),
    "report_with_blanks": _again(" ".join(_REPORT)),
}
