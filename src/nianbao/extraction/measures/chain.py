"""The figures of a text in their order, with what is known of those already read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..figures.link_model import Link
from ..figures.quantities import Found
from .phrases import Phrase, clause_before, read_left, without_verb
from .phrases_behind import read_right
from .words import FAMILY

RATIO_UNITS = frozenset({"%", "‰", "百分点", "倍"})
REACH = 8  # figures back that can lend their noun
_STATE = re.compile(r"(?:全部|均|已|都|按时|按期).*$")


@dataclass(slots=True)
class Chain:
    """Figures of a clean text with their sentences and links; the lists below grow as figures are read.

    phrases: what stands around each number. nouns: what a rate, change or bare verb behind the figure is about.
    results: measures.
    """

    text: str
    found: Sequence[Found]
    sentences: Sequence[tuple[int, int]]
    links: Sequence[Link]
    phrases: list[Phrase] = field(default_factory=list)
    nouns: list[str] = field(default_factory=list)
    results: list[str] = field(default_factory=list)

    def bounds(self, index: int) -> tuple[int, int]:
        """Where the words of a figure may stand: between its neighbours, within its sentence."""
        start, end = self.sentences[index]
        if self.near(index):
            start = self.found[index - 1].tail
        if index + 1 < len(self.found) and self.sentences[index + 1] == self.sentences[index]:
            end = self.found[index + 1].head
        return start, end

    def behind_noun(self, index: int, low: int, head: int) -> int:
        """Where the words of a figure begin if the noun of the one before still stands in front of them."""
        if self.near(index) and self.phrases[index - 1].behind:
            noun = read_right(self.text, low, head)[0]
            if noun and self.text.startswith(noun, low):
                return low + len(noun)
        return low

    def near(self, index: int) -> bool:
        """Whether the figure before stands in the same sentence."""
        return index > 0 and self.sentences[index - 1] == self.sentences[index]

    def followed(self, index: int) -> bool:
        """Whether another number stands right behind the unit: 12类236项."""
        return index + 1 < len(self.found) and self.found[index + 1].head == self.found[index].tail

    def noun_before(self, index: int, family: str = "", unit: str = "") -> str:
        """Noun of the nearest figure before in the sentence, of one family of units or one unit if given."""
        for other in range(index - 1, max(-1, index - REACH), -1):
            if self.sentences[other] != self.sentences[index]:
                break
            if family and FAMILY.get(self.found[other].unit) != family:
                continue
            if unit and self.found[other].unit != unit:
                continue
            if self.nouns[other] and not self.links[other].change:
                return self.head_noun(other)
        return ""

    def head_noun(self, index: int) -> str:
        """The noun of a figure without examples (A、B等制度) and what is said of it (年检的企业)."""
        noun = self.nouns[index]
        for mark in ("等", "的"):
            last = noun.rpartition(mark)[2]
            if len(last) >= 2:
                noun = last
        return without_verb(noun)

    def shared(self, index: int) -> str:
        """The noun without its verb, unless it says too little alone."""
        noun = self.nouns[index]
        return noun if len(noun) > 2 else self.results[index]

    def clause_noun(self, low: int, head: int, *, for_verb: bool = False, settled: bool = False) -> str:
        """What the clause before the number's own is about: 对合同进行审查,共审查83份 → 合同."""
        start, _ = clause_before(self.text, low, head)
        if start <= low:
            return ""
        _, words = clause_before(self.text, low, start - 1)
        state = _STATE.search(words)
        if settled and state is None:
            return ""
        before = read_left(words[: state.start()] if state else words)
        if settled:
            return before.noun if len(before.noun) <= 8 else ""
        if for_verb:
            return before.target or (before.noun if before.light or before.verb else "")
        return before.words
