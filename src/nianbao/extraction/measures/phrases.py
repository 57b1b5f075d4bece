"""The words on both sides of a number read as verb, noun and what else was done with the thing counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .words import (
    BODY_ENDS,
    CAUSATIVES,
    CAUSED,
    COMPOUND,
    HALF_LIGHT_VERBS,
    KEPT_VERBS,
    LIGHT_VERBS,
    MAIN_VERBS,
    MEANS,
    PREPOSITIONS,
    STAFF,
)

WINDOW = 90  # characters before or behind a number that can say what it counts
LONGEST = 26  # characters of a measure

_TIME = (
    r"截[至止]到?(?:目前|(?:20\d\d)?年[底末])?|[自到]?20\d\d年度?[底末]?|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}日|底|末|份)?|"
    r"\d{1,2}[-—~至]\d{1,2}月份?|全年度?|今年|明年|去年|上年度?|本年度?|当年|年度|年初|年底|年内|[近两二三四五六七八九十]{1,2}年来?|[上下]半年|"
    r"[第前]?[一二三四]个?季度|一年来|以来|期间|至今|目前"
)
_ADVERB = (
    r"[我全本](?:街道|[区县市省局委办镇乡街厅院所])(?!级)(?:范围内?)?|街道(?=现)|辖区内?(?:的|各)?|[全本]系统|各部门|各单位|"
    r"各(?:基层)?(?:级|街道|镇街|街镇|乡镇|镇|科室|单位|部门|地区?|村居?|社区){1,3}(?:\([^()\d]{1,6}\))?(?=.{3})|"
    r"同时|此外|另外|另|其中|包括|包含|[一二三四五六七八九]是|据统计|"
    r"累计|总计|共计|合计|共(?![享同建治商识青产管有])|总共|先后|分别|已经?|现(?=[已在])|目前|还|并(?!购)|也|将|均|全部|一律|切实|积极|认真|严格|"
    r"依法(?!行政|治|决策|履职|执业)|进一步|不断|持续|深入(?=开展|推进|推行|实施|排查|学习|组织)|扎实|有序|大力|常态化|主动(?!公开)|及时(?![率答])|有效(?=[化处解])|圆满|成功(?!率)|顺利|高效(?=[办完处])|"
    r"创新(?=[推开设打])|探索(?=[推开设打建])|全面(?=[推开完落梳清])|统一(?=[组开])|集中(?=[开组整销])|联合(?=[开查])|"
    r"坚持|每年|计划|预计|力争|争取|拟(?=[开举召新制])|新(?=聘[请任])|至少|不少于|确保|保障|"
    r"各类(?!别)|各项|各种|专兼职|一批|所有|全体|为(?=[进有确])|对(?=[进]一步)|以及|及(?!时)|与|和|了|,|、|的|\s"
)
_LABEL = r"\((?:\d{1,2}|[一二三四五六七八九十]{1,3})\)|\d{1,2}[.、](?!\d)|[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十])"
_LEAD = re.compile(rf"(?:^(?:{_LABEL}))?(?:{_TIME}|{_ADVERB}|[起至到](?=共|[,累先]))*")
_NOT_NOUN = rf"(?!(?:{COMPOUND})(?:$|[^\u4e00-\u9fff]|\u7684)|[率量]|时限|时间|环节|生活|领导|机构)"
LIGHT = re.compile(
    rf"(?:(?:{LIGHT_VERBS}){_NOT_NOUN}|(?:{HALF_LIGHT_VERBS})(?=.{{5}})|(?:发放|受理|收到|接收)(?=.{{3}}))了?"
)
_HALF = re.compile(rf"(?:{HALF_LIGHT_VERBS})")
KEPT = re.compile(
    rf"(?:{KEPT_VERBS})(?:[并和、]?(?:{KEPT_VERBS})(?=.{{2}}|$)){{0,3}}了?{_NOT_NOUN}",
)
_VERB = rf"(?:{LIGHT_VERBS}|{HALF_LIGHT_VERBS}|{KEPT_VERBS})"
_MID = re.compile(rf"(?<=[\u4e00-\u9fff”])(?<![公中])(?:共|累计|先后)(?={_VERB})")
_KEPT_ANY = re.compile(rf"(?:{KEPT_VERBS})")
# (?=(?P<a>…))(?P=a) takes what it takes and gives nothing back, hence linear. The engine's own possessive quantifiers do
# not match alike in all 3.11s (mended in 3.11.5), and the same text must give the same rows everywhere.
_BODY = re.compile(
    rf"(?=[\u4e00-\u9fff“])(?P<body>[^,。;:、\n]{{0,16}}?(?:{BODY_ENDS}))(?:(?=(?P<a>(?:{_ADVERB})+))(?P=a)(?={_VERB})|(?={_VERB}){_NOT_NOUN}|(?<=[局镇乡道委办队院])(?:{_TIME})(?=.{{2}}))"
)
_OBJECT_FIRST = re.compile(
    rf"(?P<how>{PREPOSITIONS})(?P<object>[^,。;:\n]{{2,40}}?)(?=(?P<a>(?:{_ADVERB})*))(?P=a)(?={_VERB}(?!(?:{COMPOUND})|[的等、和及]))"
)
_MEANS = re.compile(
    rf"(?:{MEANS})(?!执法|检查|惩戒|调解|整治|督[查导]|行动|办案|监管|审查|抽查)[^,。;:\n]{{2,30}}?(?=(?P<a>(?:{_ADVERB})*))(?P=a)(?={_VERB}(?!(?:{COMPOUND})|[的等、和及]))"
)
_OBJECT_MARKS = frozenset({"对", "针对", "将", "把"})
_CAUSE = re.compile(
    rf"(?:{CAUSATIVES})(?P<who>(?!开展|召开|举办|实施|推进)[^,。;:\n]{{2,14}}?)(?=(?:{CAUSED})(?!{COMPOUND}))"
)
_BEFORE_MAIN = re.compile(
    rf"(?!针对|[对将把向为给])[^,。;:、\n的]{{2,24}}?(?=(?:{MAIN_VERBS})了?(?!的|{COMPOUND}).{{2}})"
)
# whose sessions are meant, not who happens to act
_STUDY_GROUP = "中心组"
_STAFF = re.compile(STAFF)
_TAIL = re.compile(
    r"(?=(?P<a>(?:累计|总计|共计|合计|共|(?<![直表传])达到?了?|约为|(?<![行作人])为|(?<![国所持拥公现])有|分别|(?<![平人])均|平均|总量|数量|总数|件数|次数|"
    r"的|是|[到至]|(?<![存现])在|稳定|保持|不少于|不低于|不超过|至少|突破|超过|逾|超|(?:由|从)(?:(?:20\d\d|去|上)年(?:度)?的?)?|"
    r"低于|高于|仅|降|(?<![新])增|提升|提高|缩短|下降|减少|增加|增长|压缩|压减|精简|上升|调整|扩大|已|全部|也|了|:|、|,|\s)+))(?P=a)$"
)
_TAIL_ENDS = frozenset(
    "计共到达了为有别均量数的是至在定持于过少破超逾由从年度仅降增升高短减加长缩简整大已部也:、,\n "
)
_OTHERS = re.compile(r".{2,}(?<![平同高对均中初优])等(?![级候同待额于])(?:\d|多)?(?:项|个|种|类)?")
_UP_TO_MARK = re.compile(r".*[,。;:!?\n]", re.DOTALL)
EACH = re.compile(
    r"(?:各类|各项|各种|相关|有关|所有|专兼职|[省市区县](?:、[省市区县])+[两三]级|[我全本](?:街道|[区县市省局委办镇乡街]))+(?=.{2})"
)
_TITLE = re.compile(r"(?<=[\u4e00-\u9fff]{2})《[^《》]*》$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands around one number. All '' when nothing does.

    verb: what was done, if that says something. noun: what is counted. light: a verb that only brings it about.
    target: object put before the verb (对…). behind: the noun stands behind the number.
    actor: body before the verb. said: what is said of the things counted.
    """

    verb: str = ""
    noun: str = ""
    light: str = ""
    target: str = ""
    behind: bool = False
    actor: str = ""
    said: str = ""

    @property
    def words(self) -> str:
        """Verb and noun as a measure."""
        return tidy(self.verb + self.noun)


def tidy(words: str) -> str:
    """At most LONGEST characters, the end kept; no stray marks at the ends, quotation marks in pairs."""
    words = words.strip("、,:;的了 \n")
    if words.startswith("“") and words.endswith("”") and words.count("“") == 1:
        words = words[1:-1]
    elif words.count("“") != words.count("”"):
        words = words.strip("“”")
    return words[-LONGEST:]


def clause_before(text: str, low: int, head: int) -> tuple[int, str]:
    """Start and words of the clause that ends at `head`, from `low` on."""
    start = max(low, head - WINDOW)
    words = text[start:head]
    cut = _last_mark(words)
    if words.find("》", cut) >= 0 > words.find("《", cut, words.find("》", cut)):
        cut = _last_mark(words[: max(words.rfind("《", 0, cut), 0)])
    opened, closed = words.rfind("("), words.rfind(")")
    if opened > closed:
        cut = max(cut, opened + 1)
    elif closed >= 0 and words.find("(", cut) < 0:
        cut = max(cut, closed + 1)
    return start + cut, words[cut:]


def _last_mark(words: str) -> int:
    """Where the last clause of the words begins."""
    match = _UP_TO_MARK.match(words)
    return match.end() if match else 0


def without_verb(words: str) -> str:
    """The words behind a verb at their head, if enough is left."""
    match = _KEPT_ANY.match(words)
    return words[match.end() :] if match and len(words) - match.end() >= 2 else words


def _tail_off(words: str) -> str:
    """Words without the level words and adverbs at their end: 满意率达到 → 满意率."""
    return _TAIL.sub("", words) if words[-1:] in _TAIL_ENDS else words


def lead_off(words: str) -> str:
    """Words without time, adverbs and connectives at their head."""
    words = _tail_off(words)
    match = _LEAD.match(words)
    return words[match.end() :] if match else words


def read_left(words: str) -> Phrase:
    """The clause before a number: time, bodies, adverbs and circumstances off, verb and noun apart."""
    target = light = actor = ""
    words = _tail_off(words)
    before = None
    while words != before:
        before = words
        if match := _LEAD.match(words):
            words = words[match.end() :]
        if not light and (match := _BEFORE_MAIN.match(words)):
            keep = match.group() if match.group().endswith(_STUDY_GROUP) else ""
            words = words[match.end() :]
            if keep and (match := LIGHT.match(words)):
                light, words = match.group(), keep + words[match.end() :]
        elif match := _CAUSE.match(words):
            lead = _LEAD.match(match["who"])
            who = match["who"][lead.end() if lead else 0 :]
            words = ("" if _STAFF.search(who) else who) + words[match.end() :]
        elif match := LIGHT.match(words):
            light, words = match.group(), words[match.end() :]
        elif not light or light in CAUSATIVES:
            words, put_first, acting = _circumstances(words)
            target, actor = put_first or target, acting or actor
    words = _MID.sub("", _tail_off(words))
    verb = ""
    # 开展检查: behind a verb that only brings something about, a verb is a noun; 完成整改 is a verb
    if (not light or light.startswith("完成")) and (match := KEPT.match(words) or _HALF.match(words)):
        verb, words = match.group().rstrip("了"), words[match.end() :].removeprefix("了")
    return Phrase(verb, _noun(words), light, target, actor=actor)


def _circumstances(words: str) -> tuple[str, str, str]:
    """Words without the circumstance they begin with, the object put first in it, and the body or whom it names."""
    if (match := _OBJECT_FIRST.match(words)) and not _is_name(match, words):
        rest = words[match.end() :]
        if match["how"] in _OBJECT_MARKS:
            return rest, _head_noun(match["object"]), ""
        return rest, "", match["how"] + match["object"] if len(match.group()) <= 10 else ""
    if match := _MEANS.match(words):
        return words[match.end() :], "", ""
    if match := _BODY.match(words):
        return words[match.end() :], "", match["body"]
    return words, "", ""


def _is_name(match: re.Match[str], words: str) -> bool:
    """Whether what looks like object and verb is one name: 对同一企业的同类检查."""
    return "的" in match["object"][-4:] and len(words) - match.end() <= 2


def _noun(words: str) -> str:
    words = _TITLE.sub("", words.replace("全年", ""))
    if match := EACH.match(words):
        words = words[match.end() :]
    if "等" in words and (match := _OTHERS.match(words)):
        rest = words[match.end() :]
        if len(rest) < 2:
            words = match.group().rstrip("等")
        elif len(words) > 12 or len(rest) > 3:
            words = rest
    head, _, noun = words.rpartition("的")
    if head and len(noun) >= 4 and len(words) > 10:
        words = noun
    if match := EACH.match(words):
        words = words[match.end() :]
    return words.strip("、,的")


def _head_noun(words: str) -> str:
    """Head of an object put before its verb: 50万元以上的合同 → 合同."""
    words = _noun(lead_off(words))
    return words.rpartition("的")[2] or words
