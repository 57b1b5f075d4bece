"""What each figure counts: the phrase around it, with what it shares with the figures and clauses before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from os.path import commonprefix

from . import phrases
from .links import Link
from .measure_words import (
    ATTEND,
    BARE_ATTRIBUTE,
    BARE_RATE,
    CAUSATIVES,
    FAMILY,
    KEPT_VERBS,
    MONEY_NAMES,
    STANDALONE,
    VOLUMES,
)
from .phrases import Phrase, clause_before, lead_off, read_left, tidy
from .quantities import Found

_RATIO_UNITS = frozenset({"%", "‰", "百分点", "倍"})
_BARE_RATE = re.compile(BARE_RATE)
_BARE_ATTRIBUTE = re.compile(BARE_ATTRIBUTE)
_ATTEND = re.compile(ATTEND)
_RATE_TAIL = re.compile(BARE_RATE + "$")
_ROLE = re.compile(r"(?:主|会|协|承|分)办件?$")
_LABEL = re.compile(r"(?:专职|兼职|外聘|线上|线下|现场|网上|主办|会办|协办|[^,。;]{1,3}级|[^,。;]{1,2}类)$")
_RESPECTIVELY = re.compile(r"(?P<labels>[^,。;:\n]{2,40}?)(?:数量?|件数)?分别(?:为|是|达到?|有|共)?$")
_LEVELS = re.compile(r"(?P<last>[^,。;]{1,3})[两二三四]级(?P<rest>.*)")
_COMPARE = re.compile(r"(?:同比|环比|[比较与同][^,。;:]{0,8}?(?:年|月|期|度)(?:同期)?(?:相比)?|同口径)")
_CHANGED = re.compile(
    r"(?:增长|增加|上升|提升|提高|增幅|多|扩大|上涨|递增|增|下降|减少|降低|压缩|压减|缩短|缩减|下滑|精简|降幅|减幅|少|回落|压降|递减|降|减)"
    r"(?:了|幅度?(?:为|达)?|率为?|率达|达到?|约|近)*$"
)
_COMPARED_TO = re.compile(r"(?:同比|环比)[^同环]{1,4}$")
_TO = re.compile(r"[^,。;]{0,6}(?:至|到|为|达)$")
_FROM = re.compile(r"[由从](?:(?:20\d\d|去|上)年(?:度)?的?)?$")
_TIMES = re.compile(r"[是为]?(?P<when>(?:去年|上年|20\d\d年)(?:同期)?)的?$")
_TOTAL = re.compile(r"(?:合计|总计|共计|总共|累计|共)(?:为|达|有)?$")
_SHARE = re.compile(r"占比?(?P<of>(?![达为])[^,。;:]{2,12}?)??(?:的|的?比[例重])?(?:为|达到?)?$")
_EVENT_TAIL = re.compile(r"系列活动$|(?<=[日周月节])活动$")
_FILLER = re.compile(r"(?:申请|评价|办件量|件量|数量|量)$")
_REST = re.compile(r"^(?:领域|类|等|的|街道|镇|区)+")
_AMONG = re.compile(r"中,?有?$")
_AREAS = frozenset({"平方米", "亩", "公顷", "平方公里"})
_WHO = {"person": "人员", "body": "单位"}
_CAUSES = frozenset({"", *CAUSATIVES.split("|")})
_BEFORE = re.compile(r"^(?:针对|对|将|把|为|向|给)")
_JUDGED = frozenset({"审结", "审理"})
_PER_HEAD = frozenset({"人均", "户均", "平均"})
_HOTLINE = re.compile(r"“?12345”?(?=[^,]{2})")
_FINDING = re.compile(r"反馈(?:问题|意见)")
_DEED = re.compile(r"(?<=.{3})(?:清理|审查|审核|评估|检查|排查|整治|工作|专项行动)$")
_VERB_END = re.compile(rf"(?:{KEPT_VERBS}|程序)$")
_RATE_OF_CHANGE = re.compile(r"率(?:达到?|为|约)?$")
_KINDS = frozenset({"类", "种"})
_STATE = re.compile(r"(?:全部|均|已|都|按时|按期).*$")


def measures(
    text: str, found: Sequence[Found], sentences: Sequence[tuple[int, int]], links: Sequence[Link]
) -> list[str]:
    """Measures of all figures of the clean text; sentences[i] is the span of the sentence of figure i."""
    return _Reader(text, found, sentences, links).read()


def _of_rate(noun: str) -> str:
    """A noun as it stands before a bare rate: 行政许可申请 → 行政许可 (办结率)."""
    noun = _HOTLINE.sub("", noun)
    plain = re.sub(r"“[^”]*”", "", noun)
    return _FILLER.sub("", plain if len(plain) >= 4 else noun)


class _Reader:
    def __init__(
        self,
        text: str,
        found: Sequence[Found],
        sentences: Sequence[tuple[int, int]],
        links: Sequence[Link],
    ) -> None:
        self.text, self.found, self.sentences, self.links = text, found, sentences, links
        self.phrases: list[Phrase] = []
        self.nouns: list[str] = []  # what a rate, change or bare verb behind the figure is about
        self.results: list[str] = []

    def read(self) -> list[str]:
        for index, item in enumerate(self.found):
            low, high = self._bounds(index)
            low = self._behind_noun(index, low, item.head)
            phrase = phrases.read(self.text, low, item.head, item.tail, high)
            self.phrases.append(phrase)
            words, noun = self._restored(index, phrase, low)
            self.results.append(tidy(words))
            self.nouns.append(noun)
        self._sums()
        return self.results

    def _bounds(self, index: int) -> tuple[int, int]:
        """Where the words of a figure may stand: between its neighbours, within its sentence."""
        start, end = self.sentences[index]
        if self._near(index):
            start = self.found[index - 1].tail
        if index + 1 < len(self.found) and self.sentences[index + 1] == self.sentences[index]:
            end = self.found[index + 1].head
        return start, end

    def _behind_noun(self, index: int, low: int, head: int) -> int:
        """Where the words of a figure begin if the noun of the one before still stands in front of them."""
        if self._near(index) and self.phrases[index - 1].behind:
            noun = phrases.read_right(self.text, low, head)[0]
            if noun and self.text.startswith(noun, low):
                return low + len(noun)
        return low

    def _near(self, index: int) -> bool:
        return index > 0 and self.sentences[index - 1] == self.sentences[index]

    def _restored(self, index: int, phrase: Phrase, low: int) -> tuple[str, str]:
        """Measure of a figure, and the noun in it that others may share."""
        item, bond = self.found[index], self.links[index]
        gap = self.text[low : item.head]
        clause = clause_before(self.text, low, item.head)[1]
        if bond.change and not _RATE_OF_CHANGE.search(clause) and bond.direction is not None:
            return self._change(index, clause)
        if self._near(index) and self._continues(index, gap):
            return self.results[index - 1], self.nouns[index - 1]
        labels = self._labels(index)
        if labels is not None:
            return labels
        if item.unit in _RATIO_UNITS:
            return self._ratio(index, phrase, clause, low)
        if clause[:1] in ("比", "较") and clause[:2] not in ("比例", "比赛", "较大") and self._near(index):
            return self.results[index - 1] + clause.rstrip("了约近达到"), self.nouns[index - 1]
        same = bond.parent is not None and self.found[bond.parent].unit == item.unit
        if bond.parent is not None and bond.parent < index and same:
            return self._part(index, phrase, bond.parent, clause)
        if bond.parent is not None and bond.parent > index and not phrase.behind:
            words = lead_off(clause)
            return words, words
        return self._count(index, phrase, low)

    # --- changes and rates

    def _change(self, index: int, clause: str) -> tuple[str, str]:
        """信访件同比减少, 时间压缩: the thing that changed and how."""
        item, bond = self.found[index], self.links[index]
        base = self._base(index)
        if self.text[item.start] == "翻":
            return (lead_off(clause) or base) + "翻番", base
        match = _CHANGED.search(clause)
        if match is None and self._near(index) and self.links[index - 1].change:
            before = self.results[index - 1]
            mark = _COMPARED_TO.search(before)
            return base + before[mark.start() :] if mark else before, base
        rest = clause[: match.start()] if match else clause
        compared = _COMPARE.search(rest)
        if compared is None and rest[:1] in ("比", "较"):
            return base + clause.rstrip("了约近"), base
        own = read_left(rest[: compared.start()] + rest[compared.end() :] if compared else rest)
        base = own.noun if len(own.noun) >= 2 else base
        rise = bond.direction == "increase"
        word = match.group().rstrip("了为达到约近") if match else ""
        word = word if len(word) == 2 and word[-1] != "幅" else "增加" if rise else "减少"
        if not compared and "同比" not in self.text[max(0, item.head - 20) : item.head]:
            return base + word, base
        if item.unit != "百分点" and item.unit in _RATIO_UNITS:
            word = "增幅" if rise else "降幅"
        return base + ("环比" if compared and "环比" in compared.group() else "同比") + word, base

    def _base(self, index: int) -> str:
        """What changed by the figure; of several changes in a row (分别) each has its own."""
        of = self.links[index].yoy_of
        if of is None:
            return ""
        run = index
        while self._near(run) and run > index - 6 and self.links[run - 1].change:
            run -= 1
        last = index
        while last + 1 < len(self.found) and self._near(last + 1) and self.links[last + 1].change:
            last += 1
        low = self._bounds(run)[0]
        if last > run and "分别" in self.text[low : self.found[run].head]:
            shifted = run - (last - run + 1) + (index - run)
            if shifted >= 0 and self.sentences[shifted] == self.sentences[index]:
                of = shifted
        if self.found[of].unit in _RATIO_UNITS:
            return self.results[of]
        return self._shared(of)

    def _continues(self, index: int, gap: str) -> bool:
        """Whether the figure is the second of 由…至…, or stands right behind the first (12类236项)."""
        if self.links[index - 1].from_value:
            return True
        before = self.text[self._bounds(index - 1)[0] : self.found[index - 1].head]
        return bool(_FROM.search(before) and _TO.match(gap))

    def _ratio(self, index: int, phrase: Phrase, clause: str, low: int) -> tuple[str, str]:
        item = self.found[index]
        if item.unit == "倍" and (match := _TIMES.search(clause)):
            noun = read_left(clause[: match.start()]).words or self._noun_before(index)
            return f"{noun}为{match['when']}倍数", noun
        if phrase.behind:
            return phrase.words + "占比", phrase.noun
        if (match := _SHARE.search(clause)) is not None:
            noun = read_left(clause[: match.start()]).words or self.results[index - 1] * self._near(index)
            of = match["of"]
            return noun + (f"占{of}比重" if of else "占比"), noun
        words = phrase.words
        if not words or _BARE_RATE.fullmatch(words):
            noun = self._tested(index) or self._noun_before(index)
            noun = noun or self._clause_noun(low, item.head, settled=True)
            return _of_rate(noun) + words, noun
        rest = _RATE_TAIL.sub("", words)
        return words, rest if len(rest) >= 2 else words

    def _tested(self, index: int) -> str:
        """组织95人参加考试,合格率…: the rate is about what the people did."""
        before = self.phrases[index - 1] if self._near(index) else Phrase()
        if before.said and FAMILY.get(self.found[index - 1].unit) == "person":
            return read_left(before.said.rstrip("的")).noun
        return ""

    def _noun_before(self, index: int, family: str = "", unit: str = "") -> str:
        """Noun of the nearest figure before in the sentence, of one family of units or one unit if given."""
        for other in range(index - 1, max(-1, index - 8), -1):
            if self.sentences[other] != self.sentences[index]:
                break
            if family and FAMILY.get(self.found[other].unit) != family:
                continue
            if unit and self.found[other].unit != unit:
                continue
            if self.nouns[other] and not self.links[other].change:
                return self._head(other)
        return ""

    def _head(self, index: int) -> str:
        """The noun of a figure without examples (A、B等制度) and what is said of it (年检的企业)."""
        noun = self.nouns[index]
        for mark in ("等", "的"):
            last = noun.rpartition(mark)[2]
            if len(last) >= 2:
                noun = last
        return phrases.without_verb(noun)

    # --- counts

    def _labels(self, index: int) -> tuple[str, str] | None:
        """主办、会办分别为12件和18件: each figure takes its label."""
        start = index
        while start > 0 and self._near(start) and start > index - 8:
            gap = self.text[self.found[start - 1].tail : self.found[start].head]
            if gap not in ("、", "和", "及", "与", ","):
                break
            start -= 1
        low = self._bounds(start)[0]
        match = _RESPECTIVELY.search(clause_before(self.text, low, self.found[start].head)[1])
        if match is None:
            return None
        labels = re.split(r"[、和及与]", match["labels"])
        if level := _LEVELS.fullmatch(labels[-1]):
            labels = [label + "级" + level["rest"] for label in (*labels[:-1], level["last"])]
        if index - start >= len(labels):
            return None
        label = lead_off(labels[index - start])
        if _BARE_RATE.fullmatch(label):
            noun = _RATE_TAIL.sub("", lead_off(labels[0])) or self._noun_before(start)
            return noun + label, noun
        noun = self._noun_before(start)
        return (label + noun if len(label) <= 4 else label), noun or label

    def _part(self, index: int, phrase: Phrase, parent: int, clause: str) -> tuple[str, str]:
        """A part with the noun of its whole, unless it names its own."""
        words, whole = phrase.words or tidy(lead_off(clause)), self.nouns[parent]
        if phrase.said and _AMONG.search(clause):
            return phrase.said + whole, whole
        if _ROLE.fullmatch(words):
            before = self._noun_before(index) or whole
            return _ROLE.sub("", before) + words, _ROLE.sub("", before)
        if phrase.verb and not phrase.noun:
            return words + whole, whole
        if (
            (len(words) <= 4 or _LABEL.match(words))
            and "、" not in whole
            and not set(words[-2:]) & set(whole)
        ):
            return words + whole, whole
        if _VERB_END.search(words) and "、" not in whole and len(words) + len(whole) <= 16:
            return words + whole, whole
        shared = len(commonprefix([words[::-1], whole[::-1]]))
        if shared >= 2 and len(words) <= 8 and 3 <= len(whole) - shared <= 8:
            return words[:-shared] + whole, whole
        if not phrase.verb and len(words) <= 8 and not shared:
            words = self.phrases[parent].verb.removesuffix("的") + words
        if not words:
            return whole, whole
        return words, phrase.noun or words

    def _count(self, index: int, phrase: Phrase, low: int) -> tuple[str, str]:
        item = self.found[index]
        words = phrase.words
        family = FAMILY.get(item.unit, "")
        if (family in _WHO and _ATTEND.match(words) and (family == "body" or _ATTEND.fullmatch(words))) or (
            _FINDING.fullmatch(words)
        ):
            event = self._noun_before(index, "event")
            event = _EVENT_TAIL.sub("", event).replace("“", "").replace("”", "")
            return event + words, event or words
        if words[:2] in _PER_HEAD and len(words) <= 4 and self._near(index):
            before = self.results[index - 1]
            verb = words[2:]
            return before.replace(verb, words, 1) if verb and verb in before else before + words, words
        if _BARE_ATTRIBUTE.fullmatch(words):
            noun = self._noun_before(index, "thing") or self._noun_before(index)
            if noun and item.unit in _AREAS and noun == self.nouns[index - 1]:
                return self.results[index - 1] + words, noun
            return noun + words, noun or words
        if phrase.noun and phrase.said and not phrase.behind and not phrase.verb and phrase.light in _CAUSES:
            noun = _BEFORE.sub("", phrase.noun)
            return phrase.said + noun, noun
        if phrase.noun:
            if item.unit in _KINDS and not phrase.behind and self._followed(index):
                words += "类别"
            return self._verb_shared(index, phrase, low) + words, phrase.noun
        if item.unit in _AREAS and not phrase.verb and self._near(index):
            return self.results[index - 1] + "面积", self.nouns[index - 1]
        if phrase.verb in MONEY_NAMES and item.unit == "元":
            return MONEY_NAMES[phrase.verb], MONEY_NAMES[phrase.verb]
        if phrase.said and not phrase.verb and family in _WHO:
            about = read_left(phrase.said.rstrip("的")).noun
            return phrase.said.rstrip("的") + _WHO[family], about
        noun = "" if phrase.verb in STANDALONE and len(phrase.target) > 4 else phrase.target
        if not noun and family and phrase.verb not in STANDALONE:
            noun = self._noun_before(index, family, item.unit) or self._noun_before(index, family)
            noun = _DEED.sub("", noun)
            if phrase.verb in _JUDGED:
                noun = noun.removesuffix("申请") + "案件" if noun.endswith("申请") else noun
        if not noun:
            noun = self._clause_noun(low, item.head, for_verb=bool(phrase.verb))
        if re.search(r"[\d《]", noun) or len(noun) > 14:
            noun = ""
        if phrase.verb in VOLUMES and not noun:
            return phrase.verb + "量", phrase.verb + "量"
        if phrase.verb:
            return (phrase.verb if noun else phrase.actor + phrase.verb) + noun, noun
        if noun:
            return noun, noun
        before = self.results[index - 1] if self._near(index) else ""
        words = before or (phrase.light + "量" if phrase.light else "")
        return words, words

    def _verb_shared(self, index: int, phrase: Phrase, low: int) -> str:
        """督察街道14个、部门10个: the verb of the figure before, which the enumeration leaves out."""
        if not self._near(index) or phrase.verb or phrase.light or phrase.behind or len(phrase.noun) > 4:
            return ""
        return self.phrases[index - 1].verb if self.text[low] == "、" else ""

    def _followed(self, index: int) -> bool:
        return index + 1 < len(self.found) and self.found[index + 1].head == self.found[index].tail

    def _shared(self, index: int) -> str:
        """The noun without its verb, unless it says too little alone."""
        noun = self.nouns[index]
        return noun if len(noun) > 2 else self.results[index]

    def _clause_noun(self, low: int, head: int, *, for_verb: bool = False, settled: bool = False) -> str:
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

    def _sums(self) -> None:
        """A sum behind its parts counts what they have in common."""
        for index, item in enumerate(self.found):
            if not _TOTAL.search(self.text[max(0, item.head - 6) : item.head]):
                continue
            parts = [i for i, bond in enumerate(self.links) if bond.parent == index and i < index]
            if len(parts) > 1:
                shared = commonprefix([self.results[i][::-1] for i in parts])[::-1]
                shared = _REST.sub("", shared)
                if len(shared) >= 2:
                    self.results[index] = tidy(shared)
