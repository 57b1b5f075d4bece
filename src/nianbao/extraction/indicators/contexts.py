"""The words around a figure that the rules of indicators look at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..figures.link_model import Link
from ..figures.quantities import Found

_CLAUSE_END = re.compile(r"[,。;:!?\n]")
_SENTENCE_END = re.compile(r"[。!?\n]")
_BEHIND_END = re.compile(r"[,。;:!?\n(]")
_SEPARATOR = re.compile(r"[、和及与(]")
_LONGEST_BEFORE = 80
# A clause of these words alone leaves out what is counted; the words before it say so. (?=(?P<a>…))(?P=a) gives nothing
# back, hence linear; possessive quantifiers do not match alike in all 3.11s (mended in 3.11.5).
_THIN = re.compile(
    r"(?=(?P<a>(?:全年度?|本年度?|今年|年内|以来|期间|截[至止]到?|目前|20\d\d年度?|\d{1,2}月(?:份|底|末|\d{1,2}日)?|[上下]半年|[前本]?[一二三四]季度|"
    r"累计|总计|共计|合计|总共|一共|共|先后|已|均|各类|各项|各级|总量|总数|数量|件数|次数|受理|办理|办结|审结|收到|接收|接到|处理|处置|"
    r"完成|开展|组织|参加|举办|召开|进行|实施|承办|承接|涉及|案件|事项|活动|工作|相关|有关|全部|集中|专题|新收|新|达到?|约|近|为|有|我[局委区街镇办县市院]|"
    r"全[局委区街镇县市]|其中|[的了到在于由从至并还也把将被、,\"“”\s])*))(?P=a)"
)


@dataclass(slots=True)
class Context:
    """What stands around one figure.

    before, behind: its clause, cut at the figures next to it. near: these and the measure. topic: what a thin clause
    ("全年共受理") refers to, '' for others. whole: the words of the figure it is a part of. kin: the words of all figures
    it belongs to (its whole, the base of a rate, the list it goes on; the nearest last). sentence: the sentence up to the
    clause's end. around: on both sides. previous: the sentence before. thin: the clause does not say what is counted.
    """

    unit: str
    before: str
    behind: str
    near: str
    topic: str
    whole: str
    kin: str
    sentence: str
    around: str
    previous: str
    heading: str
    section_kind: str
    is_part: bool
    thin: bool


class Text:
    """The clean text with its figures, their sentences (clean spans), links and measures."""

    def __init__(
        self,
        text: str,
        found: Sequence[Found],
        sentences: Sequence[tuple[int, int]],
        links: Sequence[Link],
        measures: Sequence[str],
    ) -> None:
        self.text, self.found, self.sentences, self.links = text, found, sentences, links
        self.measures = measures
        self._clauses = [self._clause(index) for index in range(len(found))]

    def context(self, index: int, section_kind: str, heading: str) -> Context:
        """The context of one figure."""
        item, bond = self.found[index], self.links[index]
        low, high = self.sentences[index]
        start, end = self._clauses[index]
        before, behind = self.text[start : item.head], self.text[item.tail : end]
        previous = self._previous(low)
        thin = _THIN.fullmatch(before) is not None and _THIN.fullmatch(behind) is not None
        part = bond.parent is not None
        topic = self._topic(index, previous) if thin and not part else ""
        return Context(
            unit=item.unit,
            before=before,
            behind=behind,
            near="\x00".join((before, behind, self.measures[index])),
            topic=topic,
            whole="" if bond.parent is None else self._own(bond.parent),
            kin=self._kin(index),
            sentence=self.text[max(low, item.head - 160) : end],
            around=self.text[max(low, item.head - 100) : min(high, item.tail + 200)],
            previous=previous,
            heading=heading,
            section_kind=section_kind,
            is_part=part,
            thin=thin,
        )

    def _neighbour(self, index: int) -> int | None:
        """The figure before in the same sentence."""
        if index and self.sentences[index - 1] == self.sentences[index]:
            return index - 1
        return None

    def _clause(self, index: int) -> tuple[int, int]:
        """Clean span of the clause around a figure, cut at its neighbours."""
        item = self.found[index]
        low, high = self.sentences[index]
        low = max(low, item.head - _LONGEST_BEFORE)
        neighbour = self._neighbour(index)
        if neighbour is not None and (tail := self.found[neighbour].tail) >= low:
            low = tail
            # Words right behind the unit before are that figure's noun.
            noun = _SEPARATOR.search(self.text, low, item.head)
            if noun is not None and self.text[low] not in ",、。;:(!?\n":
                low = noun.end()
        for position in range(item.head - 1, low - 1, -1):
            if self.text[position] in ",。;:!?\n":
                low = position + 1
                break
        following = index + 1 < len(self.found) and self.sentences[index + 1] == self.sentences[index]
        if following:
            high = min(high, self.found[index + 1].head)
        end = _BEHIND_END.search(self.text, item.tail, high)
        if end is None and following:
            end = _SEPARATOR.search(self.text, item.tail, high)
        return low, end.start() if end else high

    def _previous(self, low: int) -> str:
        """The sentence before the one that starts at `low`, within the paragraph, at most 60 characters."""
        if low == 0 or self.text[low - 1] == "\n":
            return ""
        words = self.text[max(0, low - 61) : low - 1]
        return _SENTENCE_END.split(words)[-1]

    def _topic(self, index: int, previous: str) -> str:
        """The words that a thin clause goes on from, with no other figure in between."""
        head = self.found[index].head
        low = self.sentences[index][0]
        neighbour = self._neighbour(index)
        if neighbour is not None:
            low = self.found[neighbour].tail
        words = self.text[max(low, head - 120) : head]
        if neighbour is None and _THIN.fullmatch(words):
            return previous
        return words

    def _kin(self, index: int) -> str:
        """Measures and clauses of the whole, of a rate's base and of the list before the figure."""
        bond = self.links[index]
        words = [self._own(other) for other in (bond.parent, bond.rate_of) if other is not None]
        current = index
        for _ in range(8):
            neighbour = self._neighbour(current)
            if neighbour is None or not self._goes_on(neighbour, current):
                break
            if neighbour not in (bond.parent, bond.rate_of):
                words.append(self._own(neighbour))
            current = neighbour
        return "\x00".join(reversed(words))

    def _own(self, index: int) -> str:
        start, end = self._clauses[index]
        return f"{self.text[start:end]}\x00{self.measures[index]}"

    def _goes_on(self, before: int, index: int) -> bool:
        """Whether only a short clause lies between two figures: 合同86份、规范性文件15件."""
        gap = self.text[self.found[before].tail : self.found[index].head]
        return len(gap) <= 20 and len(_CLAUSE_END.findall(gap)) <= 1
