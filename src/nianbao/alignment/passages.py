"""Paragraphs and sentences of a text with their offsets, and the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_CN = "一二三四五六七八九十"
# What an item is called changes when items move; it says nothing about what the item says.
_LABEL = re.compile(
    rf"(?:第?[{_CN}]{{1,3}}(?:、|是|则是|要)|第[{_CN}]{{1,3}}[,，]|[(（]\s?[{_CN}\d]{{1,3}}\s?[)）]|"
    rf"\d{{1,2}}[.、．](?!\d)|[①-⑳⑴-⒛㈠-㈩●•■◆▲★◇□▪·※☆○◎♦►▶➢✦]|(?:首先|其次|再次|最后)[,，是])[、,，.]?"
)
_LINE = re.compile(r"[^\n\r]+")
_SENTENCE = re.compile(r"[^。！？；!?;]+[。！？；!?;]*")
_ENDS = '。！？；：!?;:”"』）)'
_LONGEST = 2000  # characters of a paragraph
_WRAPPED = 25  # a line at least this long that stops amid words is continued by the next
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,12}){0,4}")
_BLANKS = re.compile(r"\s{1,1000}")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text. start, end: str offsets in the text; plain: its words without blanks and item label, half width."""

    start: int
    end: int
    plain: str


def plain(words: str) -> str:
    """The form in which words are compared: NFKC, without blanks, without the label of an item (一是, （二）, 3.)."""
    bare = _BLANKS.sub("", words)
    return unicodedata.normalize("NFKC", bare[_label_end(bare, 0, len(bare)) :])


def masked(words: str) -> str:
    """Plain words with every number as 0, so that a copy with this year's numbers is still a copy."""
    return _NUMBER.sub("0", words)


def paragraphs(text: str) -> list[Passage]:
    """The paragraphs of a text, headings and short lines too; lines that a page or a line break cut are one paragraph."""
    return [Passage(start, end, plain(text[start:end])) for start, end in _paragraph_spans(text)]


def _paragraph_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    line = 0  # where the last line began
    for match in _LINE.finditer(text):
        start, end = _trimmed(text, *match.span())
        if start == end:
            continue
        if spans and spans[-1][1] - line >= _WRAPPED and _goes_on(text, spans[-1][1], start):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        line = start
    return [piece for start, end in spans for piece in _pieces(text, start, end)]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A paragraph as it is, or, where it is a text without line feeds, cut behind sentences."""
    while end - start > _LONGEST:
        stop = max(text.rfind("。", start, start + _LONGEST), text.rfind("；", start, start + _LONGEST)) + 1
        stop = stop if stop > start else start + _LONGEST
        first, last = _trimmed(text, start, stop)
        if first < last:
            yield first, last
        start = stop
    first, last = _trimmed(text, start, end)
    if first < last:
        yield first, last


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Passage]:
    """The sentences of text[start:end] without the labels of items; a semicolon ends one too. Offsets are the whole text's."""
    found: list[Passage] = []
    for first, last in _paragraph_spans(text[start:end]):
        for match in _SENTENCE.finditer(text, start + first, start + last):
            low, high = _trimmed(text, *match.span())
            low, high = _trimmed(text, _label_end(text, low, high), high)
            if low < high:
                found.append(Passage(low, high, plain(text[low:high])))
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _label_end(text: str, start: int, end: int) -> int:
    """Where the words of an item begin; an item has one label, or two ((一)1.)."""
    for _ in range(2):
        label = _LABEL.match(text, start, end)
        if label is None or label.end() >= end:
            break
        start = label.end()
    return start


def _goes_on(text: str, end: int, start: int) -> bool:
    """Whether the line that starts at `start` continues the one that ends at `end`."""
    return text[end - 1] not in _ENDS and _LABEL.match(text, start) is None
