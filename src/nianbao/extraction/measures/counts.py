"""Measures of counts: the phrase around the number, and what it leaves to its neighbours and the clause before."""

from __future__ import annotations

import re

from .chain import REACH, Chain
from .phrases import Phrase, clause_before, lead_off, read_left, tidy
from .words import (
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

_BARE_RATE = re.compile(BARE_RATE)
_RATE_TAIL = re.compile(BARE_RATE + "$")
_BARE_ATTRIBUTE = re.compile(BARE_ATTRIBUTE)
_ATTEND = re.compile(ATTEND)
_ROLE = re.compile(r"(?:主|会|协|承|分)办件?$")
_LABEL = re.compile(r"(?:专职|兼职|外聘|线上|线下|现场|网上|主办|会办|协办|[^,。;]{1,3}级|[^,。;]{1,2}类)$")
_RESPECTIVELY = re.compile(r"(?P<labels>[^,。;:\n]{2,40}?)(?:数量?|件数)?分别(?:为|是|达到?|有|共)?$")
_LEVELS = re.compile(r"(?P<last>[^,。;]{1,3})[两二三四]级(?P<rest>.*)")
_EVENT_TAIL = re.compile(r"系列活动$|(?<=[日周月节])活动$")
_AMONG = re.compile(r"中,?有?$")
_AREAS = frozenset({"平方米", "亩", "公顷", "平方公里"})
_WHO = {"person": "人员", "body": "单位"}
_CAUSES = frozenset({"", *CAUSATIVES.split("|")})
_BEFORE = re.compile(r"^(?:针对|对|将|把|为|向|给)")
_JUDGED = frozenset({"审结", "审理"})
_PER_HEAD = frozenset({"人均", "户均", "平均"})
_FINDING = re.compile(r"反馈(?:问题|意见)")
_DEED = re.compile(r"(?<=.{3})(?:清理|审查|审核|评估|检查|排查|整治|工作|专项行动)$")
_VERB_END = re.compile(rf"(?:{KEPT_VERBS}|程序)$")
_KINDS = frozenset({"类", "种"})


def count(chain: Chain, index: int, phrase: Phrase, low: int) -> tuple[str, str]:
    """Measure of a count and the noun in it; low: where the words of the figure may begin."""
    if dependent := _dependent(chain, index, phrase):
        return dependent
    item = chain.found[index]
    words = phrase.words
    if phrase.noun and phrase.said and not phrase.behind and not phrase.verb and phrase.light in _CAUSES:
        noun = _BEFORE.sub("", phrase.noun)
        return phrase.said + noun, noun
    if phrase.noun:
        if item.unit in _KINDS and not phrase.behind and chain.followed(index):
            words += "类别"
        return _verb_shared(chain, index, phrase, low) + words, phrase.noun
    return _without_noun(chain, index, phrase, low)


def _dependent(chain: Chain, index: int, phrase: Phrase) -> tuple[str, str] | None:
    """Measures that say nothing without the figure before: who took part, how much, how many a head."""
    item, words = chain.found[index], phrase.words
    family = FAMILY.get(item.unit, "")
    attends = family in _WHO and _ATTEND.match(words) and (family == "body" or _ATTEND.fullmatch(words))
    event = ""
    if attends or _FINDING.fullmatch(words):
        event = chain.noun_before(index, "event") or chain.noun_before(index, unit="批次")
        event = _EVENT_TAIL.sub("", event).replace("“", "").replace("”", "")
    if event:
        return event + words, event
    if _ROLE.fullmatch(words) and chain.near(index):
        return _in_role(words, chain.nouns[index - 1])
    if words[:2] in _PER_HEAD and len(words) <= 4 and chain.near(index):
        before, verb = chain.results[index - 1], words[2:]
        return before.replace(verb, words, 1) if verb and verb in before else before + words, words
    if _BARE_ATTRIBUTE.fullmatch(words):
        noun = chain.noun_before(index, "thing") or chain.noun_before(index)
        if noun and item.unit in _AREAS and noun == chain.nouns[index - 1]:
            return chain.results[index - 1] + words, noun
        return noun + words, noun or words
    return None


def _in_role(words: str, before: str) -> tuple[str, str]:
    """会办件 behind 政协提案主办件: the noun before with another role."""
    noun = _ROLE.sub("", before)
    return noun + words, noun


def _without_noun(chain: Chain, index: int, phrase: Phrase, low: int) -> tuple[str, str]:
    """A bare verb, or nothing, before the number: 办结318件, 共计20次."""
    item = chain.found[index]
    adjacent = chain.near(index) and chain.found[index - 1].tail == item.head
    if adjacent and chain.found[index - 1].unit not in _KINDS:  # 移送9件13人: one thing, counted twice
        return chain.results[index - 1], chain.nouns[index - 1]
    if item.unit in _AREAS and not phrase.verb and chain.near(index):
        return chain.results[index - 1] + "面积", chain.nouns[index - 1]
    if phrase.verb in MONEY_NAMES and item.unit == "元":
        return MONEY_NAMES[phrase.verb], MONEY_NAMES[phrase.verb]
    family = FAMILY.get(item.unit, "")
    if phrase.said and not phrase.verb and family in _WHO:
        said = phrase.said.rstrip("的")
        return said + _WHO[family], read_left(said).noun
    noun = _missing_noun(chain, index, phrase, low)
    if phrase.verb in VOLUMES and not noun:
        return phrase.verb + "量", phrase.verb + "量"
    if phrase.verb:
        return (phrase.verb if noun else phrase.actor + phrase.verb) + noun, noun
    if noun:
        return noun, noun
    before = chain.results[index - 1] if chain.near(index) else ""
    words = before or (phrase.light + "量" * (phrase.light in VOLUMES))
    return words, words


def _missing_noun(chain: Chain, index: int, phrase: Phrase, low: int) -> str:
    """The object that a bare verb leaves out: put before it, counted before it, or in the clause before."""
    item, alone = chain.found[index], phrase.verb in STANDALONE
    noun = "" if alone and len(phrase.target) > 4 else phrase.target
    family = FAMILY.get(item.unit, "")
    if not noun and family and not alone:
        noun = chain.noun_before(index, family, item.unit) or chain.noun_before(index, family)
        noun = _DEED.sub("", noun)
        if phrase.verb in _JUDGED and noun.endswith("申请"):
            noun = noun.removesuffix("申请") + "案件"
    if not noun:
        noun = chain.clause_noun(low, item.head, for_verb=bool(phrase.verb))
    return "" if re.search(r"[\d《》]", noun) or len(noun) > 14 else noun


def _verb_shared(chain: Chain, index: int, phrase: Phrase, low: int) -> str:
    """督察街道14个、部门10个: the verb of the figure before, which the enumeration leaves out."""
    if not chain.near(index) or phrase.verb or phrase.light or phrase.behind:
        return ""
    same = chain.found[index - 1].unit == chain.found[index].unit
    if chain.text[low] != "、" or len(phrase.noun) > (8 if same else 4):
        return ""
    return chain.phrases[index - 1].verb


def labelled(chain: Chain, index: int) -> tuple[str, str] | None:
    """主办、会办分别为12件和18件: each figure takes its label."""
    if chain.text.find("分别", chain.bounds(max(0, index - REACH))[0], chain.found[index].head) < 0:
        return None
    start = index
    while start > 0 and chain.near(start) and start > index - 8:
        gap = chain.text[chain.found[start - 1].tail : chain.found[start].head]
        if gap not in ("、", "和", "及", "与", ","):
            break
        start -= 1
    low = chain.bounds(start)[0]
    match = _RESPECTIVELY.search(clause_before(chain.text, low, chain.found[start].head)[1])
    if match is None:
        return None
    labels = re.split(r"[、和及与]", match["labels"])
    if level := _LEVELS.fullmatch(labels[-1]):
        labels = [label + "级" + level["rest"] for label in (*labels[:-1], level["last"])]
    if index - start >= len(labels):
        return None
    label = lead_off(labels[index - start])
    if _BARE_RATE.fullmatch(label):
        noun = _RATE_TAIL.sub("", lead_off(labels[0])) or chain.noun_before(start)
        return noun + label, noun
    noun = chain.noun_before(start)
    return (label + noun if len(label) <= 4 else label), noun or label


def part(chain: Chain, index: int, phrase: Phrase, parent: int, clause: str) -> tuple[str, str]:
    """A part with the noun of its whole, unless it names its own."""
    words, whole = phrase.words or tidy(lead_off(clause)), chain.nouns[parent]
    if phrase.said and _AMONG.search(clause):
        return phrase.said + whole, whole
    if _ROLE.fullmatch(words):
        return _in_role(words, chain.noun_before(index) or whole)
    if phrase.verb and not phrase.noun:
        return words + whole, whole
    label = _LABEL.match(words) or (len(words) <= 4 and not set(words[-2:]) & set(whole))
    if label and "、" not in whole:
        return words + whole, whole
    if _VERB_END.search(words) and "、" not in whole and len(words) + len(whole) <= 16:
        return words + whole, whole
    shared = len(shared_end(words, whole))
    if shared >= 2 and len(words) <= 8 and 3 <= len(whole) - shared <= 8:
        return words[:-shared] + whole, whole
    if not phrase.verb and len(words) <= 8 and not shared:
        words = chain.phrases[parent].verb.removesuffix("的") + words
    if not words:
        return whole, whole
    return words, phrase.noun or words


def shared_end(one: str, other: str) -> str:
    """The longest end that two words share."""
    length = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        length += 1
    return one[len(one) - length :]
