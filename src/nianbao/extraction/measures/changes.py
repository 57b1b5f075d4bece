"""Measures of changes (同比增幅), rates (办结率) and shares (占比): named by what they are of."""

from __future__ import annotations

import re

from .chain import RATIO_UNITS, Chain
from .phrases import Phrase, lead_off, read_left
from .words import BARE_RATE, FAMILY

_BARE_RATE = re.compile(BARE_RATE)
_RATE_TAIL = re.compile(BARE_RATE + "$")
_COMPARE = re.compile(r"(?:同比|环比|[比较与同][^,。;:]{0,8}?(?:年|月|期|度)(?:同期)?(?:相比)?|同口径)")
_CHANGED = re.compile(
    r"(?:增长|增加|上升|提升|提高|增幅|多|扩大|上涨|递增|增|下降|减少|降低|压缩|压减|缩短|缩减|下滑|精简|降幅|减幅|少|回落|压降|递减|降|减)"
    r"(?:了|幅度?(?:为|达)?|率为?|率达|达到?|约|近)*$"
)
_COMPARED_TO = re.compile(r"(?:同比|环比)[^同环]{1,4}$")
_VOLUME = re.compile(r"(?:总量|总数|数量)$")
_TIMES = re.compile(r"[是为]?(?P<when>(?:去年|上年|20\d\d年)(?:同期)?)的?$")
_SHARE = re.compile(
    r"(?:占比(?:[由从](?:20\d\d年度?|[去上]年)的?|(?:提高|提升|上升|扩大|下降|降低)?[至到为达]*)|占(?P<of>(?![达为比])[^,。;:]{2,12}?)(?:的|的?比[例重])?(?:为|达到?)?|占(?:了|到|达)?)$"
)
_FILLER = re.compile(r"(?:申请|评价|办件量|件量|数量|量)$")
_HOTLINE = re.compile(r"“?12345”?(?=[^,]{2})")


def _of_rate(noun: str) -> str:
    """A noun as it stands before a bare rate: 行政许可申请 → 行政许可 (办结率)."""
    noun = _HOTLINE.sub("", noun)
    plain = re.sub(r"“[^”]*”", "", noun)
    return _FILLER.sub("", plain if len(plain) >= 4 else noun)


def change(chain: Chain, index: int, clause: str) -> tuple[str, str]:
    """Measure and noun of a change: 信访件同比减少, 时间压缩: the thing that changed and how."""
    item, bond = chain.found[index], chain.links[index]
    base = _base(chain, index)
    if chain.text[item.start] == "翻":
        return (lead_off(clause) or base) + "翻番", base
    match = _CHANGED.search(clause)
    if match is None and chain.near(index) and chain.links[index - 1].change:
        before = chain.results[index - 1]
        mark = _COMPARED_TO.search(before)
        return base + before[mark.start() :] if mark else before, base
    rest = clause[: match.start()] if match else clause
    compared = _COMPARE.search(rest)
    if compared is None and rest[:1] in ("比", "较"):
        return base + clause.rstrip("了约近"), base
    own = read_left(rest[: compared.start()] + rest[compared.end() :] if compared else rest)
    if len(own.noun) >= 2:
        volume = _VOLUME.search(rest[: compared.start()] if compared else rest)
        base = own.noun + (volume.group() if volume else "")
    rise = bond.direction == "increase"
    word = match.group().rstrip("了为达到约近") if match else ""
    word = word if len(word) == 2 and word[-1] != "幅" else "增加" if rise else "减少"
    if not compared and "同比" not in chain.text[max(0, item.head - 20) : item.head]:
        return base + word, base
    if item.unit != "百分点" and item.unit in RATIO_UNITS:
        word = "增幅" if rise else "降幅"
    return base + ("环比" if compared and "环比" in compared.group() else "同比") + word, base


def _base(chain: Chain, index: int) -> str:
    """What changed by the figure; '' where the text tells it only behind (同比上升6.7%,达到45件)."""
    of = chain.links[index].yoy_of
    if of is None or of > index:
        return ""
    if chain.found[of].unit in RATIO_UNITS:
        return chain.results[of]
    return chain.shared(of)


def ratio(chain: Chain, index: int, phrase: Phrase, clause: str, low: int) -> tuple[str, str]:
    """Measure of a rate, share or multiple, and the noun it is of."""
    item = chain.found[index]
    if item.unit == "倍" and (match := _TIMES.search(clause)):
        noun = read_left(clause[: match.start()]).words or chain.noun_before(index)
        return f"{noun}为{match['when']}倍数", noun
    if phrase.behind:
        return phrase.words + "占比", phrase.noun
    if (match := _SHARE.search(clause)) is not None:
        noun = read_left(clause[: match.start()]).words or (
            chain.results[index - 1] if chain.near(index) else ""
        )
        of = match["of"]
        return noun + (f"占{of}比重" if of else "占比"), noun
    words = phrase.words
    if not words or _BARE_RATE.fullmatch(words) or (len(words) <= 4 and words[-1] in "率度"):
        noun = _tested(chain, index) or chain.noun_before(index)
        noun = noun or chain.clause_noun(low, item.head, settled=True)
        done = chain.phrases[index - 1].verb if words == "成功率" and chain.near(index) else ""
        of = "" if noun and words.startswith(noun) else _of_rate(noun)
        return of + done.replace("成功", "")[-2:] + words, noun
    rest = _RATE_TAIL.sub("", words)
    return words, rest if len(rest) >= 2 else words


def _tested(chain: Chain, index: int) -> str:
    """组织95人参加考试,合格率…: the rate is about what the people did."""
    before = chain.phrases[index - 1] if chain.near(index) else Phrase()
    if before.said and FAMILY.get(chain.found[index - 1].unit) == "person":
        return read_left(before.said.rstrip("的")).noun
    return ""
