"""Which figures are parts of which: 其中, 包括, 含, 分别, brackets, a colon list, parts before their sum."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .link_model import CHANGE_UNITS, Link
from .quantities import Found

_MARK = re.compile(r"[()]|其中|包括|包含|(?<![\u4e00-\u9fff])含(?!量|金)|(?<=[(,])含|分别(?:为|是|达|有)?|:")
_SUM = re.compile(r"(?:合计|总计|共计|总共|累计|共)[^,。;:\d]{0,14}$")
_AMONG = re.compile(
    r"[^,。;:\d]{0,14}中,?(?:有|,)|中(?![心国共央介小层学医队期旬午文标断])[^,。;:、\d]{0,8}$"
)
# A clause that begins with an act of its own tells something new (其中进校园12场,发放资料50份), unless the parts
# are acts themselves (其中罚款56件,移送9件).
_ACT = (
    r"(?:并|共|累计|同时|还|均|先后|全年|另|此外)*(?:召开|举办|开展|组织|发放|印发|制定|出台|培训|聘请|走访|发现|整改|化解|解决|覆盖|惠及|参与|服务(?!业|类|型|行业)"
    r"|出动|发布|编发|涉及|兑现|投入|移送|下达|下发|责令|罚没|追缴|挽回|清退|推送|完成|提出|报送)"
)
_NEW_ACT = re.compile(rf"[,;]{_ACT}")
_PART_IS_ACT = re.compile(
    rf"(?:其中|包括|包含|含|\(|:)[,:]?(?:{_ACT}|罚款|警告|处罚|查处|立案|结案|受理|审结|办结|维持|撤销|驳回|新增|调解|化解)"
)
_ENUMERATED = re.compile(r"[、和及与(]?[^,。;\d]{0,10}")
_FURTHEST_WHOLE = 8
_LONGEST_LIST = 40


@dataclass(slots=True)
class _Whole:
    """A figure whose parts are being read.

    rest: what its parts leave over. taken: how many parts so far. acts: whether the parts are things done.
    """

    index: int
    rest: Decimal
    depth: int
    acts: bool
    taken: int = 0


def link_parts(text: str, figures: list[Found], links: list[Link], group: range, start: int) -> None:
    """Sets the parents of one group of figures; `start` is where its first sentence begins."""
    _Reader(text, figures, links, group).read(start)
    _sums(text, figures, links, group)


class _Reader:
    """Follows the markers from left to right; a whole is left when its parts add up to it."""

    def __init__(self, text: str, figures: list[Found], links: list[Link], group: range) -> None:
        self.text, self.figures, self.links, self.group = text, figures, links, group
        self.open: list[_Whole] = []
        self.depth = 0
        self.last: int | None = None  # the last figure that can be a whole

    def read(self, position: int) -> None:
        for index in self.group:
            figure = self.figures[index]
            gap = self.text[position : figure.start]
            self._marks(gap, index)
            if figure.rule == "quantity.part":
                self.links[index].parent = self.last
            elif self._countable(index):
                if self.last == index - 1 and self.last is not None and _AMONG.match(gap):
                    self.links[index].parent = self.last
                elif self.open:
                    self._take(index, gap)
                self.last = index
            position = figure.end

    def _countable(self, index: int) -> bool:
        return not self.links[index].change and self.figures[index].unit not in CHANGE_UNITS

    def _marks(self, gap: str, index: int) -> None:
        for match in _MARK.finditer(gap):
            mark = match.group()
            if mark == ")":
                self.depth -= 1
                while self.open and self.open[-1].depth > self.depth:
                    self.open.pop()
                continue
            if mark == "(":
                self.depth += 1
            whole = self._whole(mark, match.start(), index)
            if whole is not None:
                # parts that add up are parts, whatever words they begin with
                acts = mark in "(:" or _PART_IS_ACT.match(gap, match.start()) is not None
                self.open.append(_Whole(whole, self.figures[whole].value, self.depth, acts))

    def _whole(self, mark: str, at: int, index: int) -> int | None:
        """The figure that a marker makes the whole of what follows, None if it opens nothing."""
        if self.last is None:
            return None
        if mark in "(:" or mark.startswith("分别"):
            # these also list what is no part, so the numbers must add up
            if mark != "分别" and not mark.startswith("分别") and at > 8:
                return None
            return self.last if self._adds_up(index, self.last, bracket=mark == "(") else None
        part = next((i for i in self._following(index) if self._countable(i)), None)
        if part is None:
            return None
        low = max(self.group.start, self.last - _FURTHEST_WHOLE)
        for other in range(self.last, low - 1, -1):
            if (
                self._countable(other)
                and self.figures[other].unit == self.figures[part].unit
                and self.figures[other].value >= self.figures[part].value
            ):
                return other
        return self.last

    def _following(self, index: int) -> range:
        return range(index, min(self.group.stop, index + _LONGEST_LIST))

    def _adds_up(self, index: int, whole: int, *, bracket: bool) -> bool:
        """Whether two or more figures from `index` on are together as much as the whole."""
        total, count = Decimal(0), 0
        for other in self._following(index):
            if bracket and ")" in self.text[self.figures[index].end : self.figures[other].start]:
                return False
            if not self._countable(other) or self.figures[other].unit != self.figures[whole].unit:
                continue
            total += self.figures[other].value
            count += 1
            if total >= self.figures[whole].value:
                return count > 1 and total == self.figures[whole].value
        return False

    def _take(self, index: int, gap: str) -> None:
        """Makes the figure a part of the innermost whole that has room for it."""
        figure = self.figures[index]
        if self.figures[self.open[-1].index].unit != figure.unit:
            # 来访42批次118人次: counted otherwise, and still in the same list
            whole = self.open[-1]
            if whole.taken == 0 or _ENUMERATED.fullmatch(gap):
                self.links[index].parent = whole.index
                whole.taken += 1
            return
        while self.open and (figure.value > self.open[-1].rest or self._left(gap, index)):
            self.open.pop()
        if not self.open:
            return
        whole = self.open[-1]
        self.links[index].parent = whole.index
        whole.taken += 1
        whole.rest -= figure.value
        while self.open and self.open[-1].rest == 0:
            self.open.pop()

    def _left(self, gap: str, index: int) -> bool:
        """Whether the clause tells something new instead of the next part."""
        whole = self.open[-1]
        if whole.taken == 0 or whole.acts or self.figures[index].value == whole.rest:
            return False
        return _NEW_ACT.match(gap) is not None


def _sums(text: str, figures: list[Found], links: list[Link], group: range) -> None:
    """合计75件 behind its parts: they are parts of it if they add up."""
    for index in group[2:]:
        figure = figures[index]
        before = text[max(0, figure.head - 18) : figure.head]
        if not ("计" in before or "共" in before) or _SUM.search(before) is None:
            continue
        total = Decimal(0)
        parts: list[int] = []
        for other in range(index - 1, max(group.start, index - 60) - 1, -1):
            if figures[other].unit != figure.unit or links[other].change or links[other].parent is not None:
                break
            total += figures[other].value
            parts.append(other)
            if total >= figure.value:
                break
        if len(parts) > 1 and total == figure.value:
            for other in parts:
                links[other].parent = index
