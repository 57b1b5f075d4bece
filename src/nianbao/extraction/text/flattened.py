"""Lines that a website or an old database has run together, cut where their headings and paragraphs begin.

Two shapes: the whole text in one line, and one line for each 一、 with its （一）（二） inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CN = "一二三四五六七八九十"
_VALUES = {
    **{digit: value for value, digit in enumerate(_CN, 1)},
    **{f"十{digit}": 10 + value for value, digit in enumerate(_CN[:9], 1)},
    "二十": 20,
}
_LABEL = re.compile(
    rf"(?:(?P<r1>[{_CN}]{{1,2}})[、.](?![{_CN}]{{1,3}}、)|\((?P<r2>[{_CN}]{{1,2}})\)|(?<![\d.])(?P<r3>\d{{1,2}})[.、](?!\d))"
)
# Where the text begins behind a heading that it touches: 存在的不足一是…, 下一步打算2024年….
_HEADING_THEN_TEXT = re.compile(
    rf"(?:[{_CN}]{{1,2}}[、.]|\([{_CN}]{{1,2}}\)|\d{{1,2}}[.、])[^。,;:!?]{{2,40}}?"
    r"(?:成效|举措|措施|做法|情况|进展|亮点|不足|问题|短板|环节|原因|安排|打算|计划|思路|重点|工作|职责|事项)"
    r"(?=一是|第一,|20\d\d年(?!.{0,20}(?:安排|打算|计划|情况))|一年来|今年|目前|当前|虽然|尽管|我[局委办厅区县市镇街院校]|下一步,)"
)
# The name of a part says by itself where it ends.
_PART_THEN_TEXT = re.compile(
    rf"[{_CN}]{{1,2}}[、.][^。,;:!?]{{0,40}}?"
    r"(?:成效|举措|措施|做法|情况|不足|问题|短板|薄弱环节|原因|安排|打算|工作计划|思路|事项)(?=[\u4e00-\u9fff\d])"
    r"(?![和及与暨的之并以或]|情况|不足|问题|安排|打算|成效|举措|措施|做法|分析|整改|解决|清单|制度|机制|\([一1]\)|[一1][、.])"
)
_TITLE_THEN_TEXT = re.compile(
    r"[^。,;:!?》]{6,60}?(?:报告|总结)(?=[\u4e00-\u9fff\d])(?!如下|的|工作|会|制度|[及和与])"
)
_PARAGRAPHS = re.compile(r"[。:]\s+(?=[^\s])")
_BLANKS = re.compile(r"\s+")
_FULL_STOP = frozenset("。!?”)】")
_SHARE_OF_TEXT = 0.6
_SHORTEST_WHOLE, _SHORTEST_PART = 150, 50
_LONGEST_HEADING, _SHORTEST_TEXT = 60, 12


def flattened(text: str, start: int, end: int) -> Iterator[tuple[int, int]] | None:
    """The lines that the line start–end of a text in half width was made of; None if it is one line."""
    size = end - start
    whole = size >= _SHORTEST_WHOLE and size >= len(text) * _SHARE_OF_TEXT
    if not whole and (size < _SHORTEST_PART or text[start] not in _CN or not _LABEL.match(text, start)):
        return None
    labels = _labels(text, start, end, whole)
    first_rank = 1 if whole else 2
    few = sum(rank == first_rank for _, rank in labels) < 2 and sum(rank == 3 for _, rank in labels) < 3
    if few and (not whole or len(_PARAGRAPHS.findall(text, start, end)) < 4):
        return None
    cuts = {at for at, _ in labels}
    if whole:
        _cut_at_blanks(text, start, end, cuts)
    begins = [start, *sorted(cuts)]
    for begin, following in zip(begins, [*begins[1:], end], strict=True):
        match = _HEADING_THEN_TEXT.match(text, begin, min(following, begin + 70))
        if match is None and whole:
            match = _PART_THEN_TEXT.match(text, begin, min(following, begin + 70))
            if match is not None and following - match.end() < _SHORTEST_TEXT:
                match = None  # the heading's own end
        if match is None and begin == start:
            match = _TITLE_THEN_TEXT.match(text, begin, min(following, begin + 100))
        if match is not None and match.end() < following:
            cuts.add(match.end())
    return _between(text, start, end, cuts)


def _labels(text: str, start: int, end: int, whole: bool) -> list[tuple[int, int]]:
    """Place and rank of the labels inside that count on from one another where a sentence may begin."""
    found: list[tuple[int, int]] = []
    last = [0, 0, 0, 0]
    label_end = start
    for match in _LABEL.finditer(text, start, end):
        rank = int((match.lastgroup or "r1")[1])
        number = match[rank]
        value = int(number) if rank == 3 else _VALUES.get(number, 0)
        at = match.start()
        if at > start:
            if not 0 < value - last[rank] <= (2 if rank == 1 and last[1] else 1) and value != 1:
                continue
            if not whole and rank == 1:
                continue
            before = text[at - 1]
            behind_heading = label_end > start and at - label_end <= _LONGEST_HEADING and rank > 1
            plain = before in _FULL_STOP or before.isspace() or (rank == 1 and before in ":;")
            if not plain and not (behind_heading and value == 1 and _bare(text, label_end, at)):
                continue
            found.append((at, rank))
        last[rank] = value
        last[rank + 1 :] = [0] * (3 - rank)
        label_end = match.end()
    return found


def _bare(text: str, start: int, end: int) -> bool:
    """Whether there is nothing but the words of a heading between two labels."""
    return end - start >= 2 and not any(mark in text[start:end] for mark in "。,;:!?")


def _cut_at_blanks(text: str, start: int, end: int, cuts: set[int]) -> None:
    """Adds the places behind blanks that stand where a line ended: behind a full stop, a title or a heading."""
    begin = start
    labels = sorted(cuts)
    following = 0
    for match in _BLANKS.finditer(text, start, end):
        while following < len(labels) and labels[following] <= match.start():
            begin = max(begin, labels[following])
            following += 1
        before, at = text[match.start() - 1], match.end()
        if at >= end:
            break
        ended = before in "。!?:"
        if not ended and 6 <= match.start() - begin <= _LONGEST_HEADING:
            words = text[begin : match.start()]
            labelled = _LABEL.match(words) is not None
            ended = (
                (labelled or begin == start or text[begin - 1].isspace())
                and not any(mark in words for mark in ("。;!?" if labelled else "。,;!?"))
                and not before.isdigit()
                and before not in "年月第,、"
            )
        if ended:
            cuts.add(at)
            begin = at


def _between(text: str, start: int, end: int, cuts: set[int]) -> Iterator[tuple[int, int]]:
    begin = start
    for cut in [*sorted(cuts), end]:
        last = cut
        while last > begin and text[last - 1].isspace():
            last -= 1
        if last > begin:
            yield begin, last
        begin = cut
