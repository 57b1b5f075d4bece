"""Paragraphs of a proving report with everything that is true of them, and how they are put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..dice import Dice
from ..style import numeral
from .template import FigureMark, NegativeMark, Sentence


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at the head of a block: length of its label, its length with the label, kind and level."""

    label: int
    length: int
    kind: str
    level: int
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph (lines of it joined by line feeds) with everything that is true of it.

    statements: (start, end, kind) of deficits and promises.
    """

    text: str
    figures: tuple[FigureMark, ...] = ()
    negatives: tuple[NegativeMark, ...] = ()
    heading: Heading | None = None
    statements: tuple[tuple[int, int, str], ...] = ()


_FRAME_NUMBERS = (
    (re.compile(r"〔\d{4}〕\d+号"), "doc_number"),
    (re.compile(r"\d{4}-\d{4}年"), "plan_period"),
    (re.compile(r"\d{4}[-/]\d\d[-/]\d\d(?: \d\d:\d\d)?|\d{4} ?年 ?\d+ ?月 ?\d+ ?日|\d{4}年度?"), "date"),
    (re.compile(r"第一"), "ordinal"),
)


def plain_block(text: str) -> Block:
    """Text around the proving sentences; its years and document numbers are no figures."""
    found: dict[int, NegativeMark] = {}
    for pattern, reason in _FRAME_NUMBERS:
        for match in pattern.finditer(text):
            if not any(mark.start < match.end() and match.start() < mark.end for mark in found.values()):
                found[match.start()] = NegativeMark(match.start(), match.end(), reason, reason)
    return Block(text, (), tuple(found[start] for start in sorted(found)))


def bare_sentence(text: str) -> Sentence:
    """A sentence without figures."""
    return Sentence(text, (), plain_block(text).negatives)


def headed(label: str, heading: str, kind: str, level: int) -> Block:
    """A heading with its number, as a paragraph of its own."""
    block = plain_block(label + heading)
    marks = (NegativeMark(0, len(label), "section_label", "section_label"),) if label else ()
    return replace(
        block, negatives=(*marks, *block.negatives), heading=Heading(len(label), len(block.text), kind, level)
    )


def block_of(sentences: Iterable[Sentence]) -> Block:
    """Sentences as one paragraph."""
    return joined(Block(each.text, each.figures, each.negatives) for each in sentences)


def enumerated(sentences: Iterable[Sentence]) -> Block:
    """Sentences as one paragraph, counted 一是 … 二是."""
    parts: list[Block] = []
    for number, sentence in enumerate(sentences, start=1):
        label = f"{numeral(number)}是"
        parts += [
            Block(label, (), (NegativeMark(0, len(label), "enumerator", "enumerator"),)),
            block_of([sentence]),
        ]
    return joined(parts)


def joined(blocks: Iterable[Block]) -> Block:
    """Blocks one behind the other as one; the first one's heading is the whole's."""
    text, figures, negatives = "", list[FigureMark](), list[NegativeMark]()
    statements: list[tuple[int, int, str]] = []
    heading: Heading | None = None
    for number, block in enumerate(blocks):
        offset, first = len(text), len(figures)
        heading = block.heading if number == 0 else heading
        figures += [_moved(figure, offset, first) for figure in block.figures]
        negatives += [
            replace(mark, start=mark.start + offset, end=mark.end + offset) for mark in block.negatives
        ]
        statements += [(start + offset, end + offset, kind) for start, end, kind in block.statements]
        text += block.text
    return Block(text, tuple(figures), tuple(negatives), heading, tuple(statements))


def _moved(figure: FigureMark, offset: int, first: int) -> FigureMark:
    return replace(
        figure,
        start=figure.start + offset,
        end=figure.end + offset,
        parent=None if figure.parent is None else figure.parent + first,
        yoy_of=None if figure.yoy_of is None else figure.yoy_of + first,
    )


def wrapped(block: Block, dice: Dice) -> Block:
    """The paragraph in short lines, as files made from paper have it, with a break inside at least one number."""
    marks = block.figures or block.negatives
    inside = {at for mark in marks for at in range(mark.start + 1, mark.end)}
    widths = [width for width in range(18, 40) if inside & set(range(width, len(block.text), width))]
    width = dice.pick(widths, block.text)

    def at(position: int) -> int:
        return position + position // width

    def moved(mark: Any) -> Any:
        return replace(mark, start=at(mark.start), end=at(mark.end - 1) + 1)

    lines = [block.text[start : start + width] for start in range(0, len(block.text), width)]
    return replace(
        block,
        text="\n".join(lines),
        figures=tuple(moved(figure) for figure in block.figures),
        negatives=tuple(moved(mark) for mark in block.negatives),
    )
