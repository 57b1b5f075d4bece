"""The words on both sides of a number read as verb, noun and what else was done with the thing counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .measure_words import (
    BODY_ENDS,
    CAUSATIVES,
    CAUSED,
    COMPOUND,
    HALF_LIGHT_VERBS,
    KEPT_VERBS,
    LIGHT_VERBS,
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
    r"各(?:基层)?(?:级|街道|镇街|街镇|乡镇|镇|科室|单位|部门|地区?|村居?|社区)+(?=.{3})|"
    r"同时|此外|另外|另|其中|包括|包含|[一二三四五六七八九]是|据统计|"
    r"累计|总计|共计|合计|共(?![享同建治商识青产管有])|总共|先后|分别|已经?|现(?=[已在])|目前|还|并(?!购)|也|将|均|全部|一律|切实|积极|认真|严格|"
    r"依法(?!行政|治|决策|履职)|进一步|不断|持续|深入(?=开展|推进|推行|实施|排查|学习|组织)|扎实|有序|大力|常态化|主动(?!公开)|及时(?![率答])|有效(?=[化处解])|圆满|成功(?!率)|顺利|高效(?=[办完处])|"
    r"创新(?=[推开设打])|探索(?=[推开设打建])|全面(?=[推开完落梳清])|统一(?=[组开])|集中(?=[开组整销])|联合(?=[开查])|"
    r"坚持|每年|计划|预计|力争|争取|拟(?=[开举召新制])|新(?=聘[请任])|至少|不少于|确保|保障|"
    r"各类(?!别)|各项|各种|专兼职|一批|所有|全体|为(?=[进有确])|对(?=[进]一步)|以及|及(?!时)|与|和|了|,|、|的|\s"
)
_LEAD = re.compile(rf"(?:{_TIME}|{_ADVERB}|[起至到](?=共|[,累先]))+")
_NOT_NOUN = rf"(?!(?:{COMPOUND})(?:$|[^\u4e00-\u9fff]|\u7684)|[率量]|时限|时间|环节|生活|领导|机构)"
_LIGHT = re.compile(
    rf"(?:(?:{LIGHT_VERBS}){_NOT_NOUN}|(?:{HALF_LIGHT_VERBS})(?=.{{5}})|(?:发放|受理|收到|接收)(?=.{{3}}))了?"
)
_HALF = re.compile(rf"(?:{HALF_LIGHT_VERBS})")
_KEPT = re.compile(
    rf"(?:{KEPT_VERBS})(?:[并和、]?(?:{KEPT_VERBS})(?=.{{2}}|$)){{0,3}}了?{_NOT_NOUN}",
)
_VERB = rf"(?:{LIGHT_VERBS}|{HALF_LIGHT_VERBS}|{KEPT_VERBS})"
_MID = re.compile(rf"(?<=[\u4e00-\u9fff”])(?<![公中])(?:共|累计|先后)(?={_VERB})")
_KEPT_ANY = re.compile(rf"(?:{KEPT_VERBS})")
_BODY = re.compile(
    rf"(?=[\u4e00-\u9fff“])(?P<body>[^,。;:、\n]{{0,16}}?(?:{BODY_ENDS}))(?:(?:{_ADVERB})+(?={_VERB})|(?={_VERB}){_NOT_NOUN})"
)
_OBJECT_FIRST = re.compile(
    rf"(?P<how>{PREPOSITIONS})(?P<object>[^,。;:\n]{{2,40}}?)(?:{_ADVERB})*(?={_VERB}(?!(?:{COMPOUND})|[的等、和及]))"
)
_MEANS = re.compile(
    rf"(?:{MEANS})(?!执法|检查|惩戒|调解|整治|督[查导]|行动|办案|监管|审查|抽查)[^,。;:\n]{{2,30}}?(?:{_ADVERB})*(?={_VERB}(?!(?:{COMPOUND})|[的等、和及]))"
)
_OBJECT_MARKS = frozenset({"对", "针对", "将", "把"})
_CAUSE = re.compile(rf"(?:{CAUSATIVES})(?P<who>(?!开展|召开|举办|实施|推进)[^,。;:\n]{{2,14}}?)(?={CAUSED})")
_STAFF = re.compile(STAFF)
_TAIL = re.compile(
    r"(?:累计|总计|共计|合计|共|(?<![直表传])达到?了?|约为|(?<![行作人])为|(?<![国所持拥公现])有|分别|(?<![平人])均|平均|总量|数量|总数|件数|次数|"
    r"的|是|[到至]|(?<![存现])在|稳定|保持|不少于|不低于|不超过|至少|突破|超过|逾|超|(?:由|从)(?:(?:20\d\d|去|上)年(?:度)?的?)?|"
    r"降|(?<![新])增|提升|提高|缩短|下降|减少|增加|增长|压缩|压减|精简|上升|调整|扩大|已|全部|也|了|:|、|,|\s)+$"
)
_OTHERS = re.compile(r".{2,}(?<![平同高对均中初优])等(?![级候同待额于])(?:\d|多)?(?:项|个|种|类)?")
_SHARE = re.compile(r"占(?:比|全[^,。;]{1,12}?的?|总[^,。;]{0,8}?的?|[^,。;]{2,14}的)?$")
# --- right of the number
_RIGHT_END = re.compile(r"[,。;:!?\n()]")
_UP_TO_MARK = re.compile(r".*[,。;:!?\n]", re.DOTALL)
_ASIDE = re.compile(r"\([^()\d]{1,8}\)")
_EACH = re.compile(
    r"(?:各类|各项|各种|相关|有关|所有|专兼职|[我全本](?:街道|[区县市省局委办镇乡街]))+(?=.{2})"
)
_NO_NOUN = re.compile(
    r"[以之][上下内间]|后|前(?![述期])|即|便|就(?!业)|方可|才(?!能|艺)|左右|上下|有?余|多|[、和及与或(]|[至到]|不等|均|已|全部|分别|其中|共(?!享|同)|同比|较(?![大重])|比(?!赛|例)|的?(?:$|[,。;])|"
    r"(?:缩短|降低?|下降|增加?(?!值)|提升|提高|减少|压缩|压减|上升|精简|调整|优化)(?:了|[为至到]|$)"
)
_PREDICATE = re.compile(
    r"进行|开展|予以|给予|不予|实行|实施(?!方案|细则|意见|办法|计划)|(?<![查捕收])获|被|已|(?<![平人])均|全部|都|(?<!合)并|按(?=[时期照])|正在|纳入|完成|实现|"
    r"上线|通过|参加|参与(?!度|率)|达到|(?<![到传直表])达|得到|(?<![行作人])为|是|(?<![存潜所现])在|(?<![公中])共(?![同享识])|设立|成立|建立|履行|担任|接受|"
    r"提供|入选|列入|受到|评为|配备|向|依法|签订|维权|撤销|分别|提前|年检|免于|(?<![达遇接得受])[到赴]|(?<![核校结面应相绝])对(?![象口策比接外])|落地|投入|启动|验收|由|于"
)
_PASSIVE = re.compile(
    r"(?:已经?|均|全部|都|正在|共同?|分别|被|提前|按时|按期|依法|顺利|成功|及时|先后|累计|并|共)+"
)
_DO = re.compile(
    r"(?:进行|开展|予以|给予|实行|实施|作出|做出|加以|实现|完成|获得|接受)了?(?:全面|全部|集中)?"
)
_CLOSED = re.compile(r"(?:办结|办复|办理|落实|完成|到位)+$")
_AMONG = re.compile(r"中有?$")
_TITLE = re.compile(r"(?<=[\u4e00-\u9fff]{2})《[^《》]*》$")
_MODIFIER = re.compile(rf"(?:{PREPOSITIONS})?(?P<words>[^,。;:、\n]{{2,12}}的)$")
_MODIFIED_FIRST = re.compile(r"[在由对向从经因以被用涉]")
_ACTION = re.compile(
    r"(?:培训|检查|审查|评估|审核|清理|调查|走访|考核|整治|测试|备案|改造|建设|治理|验收|监督|评查|论证)$"
)


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


def lead_off(words: str) -> str:
    """Words without time, adverbs and connectives at their head."""
    words = _TAIL.sub("", words)
    match = _LEAD.match(words)
    return words[match.end() :] if match else words


def read_left(words: str) -> Phrase:
    """The clause before a number: time, bodies, adverbs and circumstances off, verb and noun apart."""
    target = light = actor = ""
    words = _TAIL.sub("", words)
    while True:
        before = words
        if match := _LEAD.match(words):
            words = words[match.end() :]
        if match := _CAUSE.match(words):
            who = lead_off(match["who"])
            words = ("" if _STAFF.search(who) else who) + words[match.end() :]
        elif match := _LIGHT.match(words):
            light, words = match.group(), words[match.end() :]
        elif light and light not in CAUSATIVES:
            pass
        elif (match := _OBJECT_FIRST.match(words)) and not _is_name(match, words):
            if match["how"] in _OBJECT_MARKS:
                target = _head_noun(match["object"])
            elif len(match.group()) <= 10:
                actor = match["how"] + match["object"]
            words = words[match.end() :]
        elif match := _MEANS.match(words):
            words = words[match.end() :]
        elif match := _BODY.match(words):
            actor, words = match["body"], words[match.end() :]
        if words == before:
            break
    words = _MID.sub("", _TAIL.sub("", words))
    verb = ""
    if light and not light.startswith("完成"):
        match = None
    elif match := _KEPT.match(words) or _HALF.match(words):
        verb, words = match.group().rstrip("了"), words[match.end() :].removeprefix("了")
    noun = _noun(words)
    return Phrase(verb, noun, light, target, actor=actor)


def _is_name(match: re.Match[str], words: str) -> bool:
    """Whether what looks like object and verb is one name: 对同一企业的同类检查."""
    return "的" in match["object"][-4:] and len(words) - match.end() <= 2


def _noun(words: str) -> str:
    words = _TITLE.sub("", words.replace("全年", ""))
    if match := _EACH.match(words):
        words = words[match.end() :]
    if match := _OTHERS.match(words):
        rest = words[match.end() :]
        if len(rest) < 2:
            words = match.group().rstrip("等")
        elif len(words) > 12 or len(rest) > 3:
            words = rest
    head, _, noun = words.rpartition("的")
    if head and len(noun) >= 4 and len(words) > 10:
        words = noun
    return words.strip("、,的")


def _head_noun(words: str) -> str:
    """Head of an object put before its verb: 50万元以上的合同 → 合同."""
    words = _noun(lead_off(words))
    return words.rpartition("的")[2] or words


def read_right(text: str, tail: int, high: int) -> tuple[str, str]:
    """Noun behind the unit and what is said of it up to the clause's end; '' if the number ends the phrase."""
    stop = min(high, tail + WINDOW)
    words = text[tail:stop]
    end = _RIGHT_END.search(_ASIDE.sub(lambda aside: "…" * len(aside.group()), words))
    words = words[: end.start() if end else len(words)].removeprefix("的")
    if len(words) < 2 or _NO_NOUN.match(words):
        return "", ""
    if end is None and stop == high:
        words = re.split(r"[、]", words)[0]
    if _MODIFIED_FIRST.match(words) and "的" in words:
        words = words.rpartition("的")[2]
    if len(words) > 12 and "的" in words[words.find("、", 4) : -1] and "、" in words[4:]:
        words = words[: words.index("、", 4)]
    match = _PREDICATE.search(words)
    if match is None:
        return _AMONG.sub("", words).rstrip("和及与等"), ""
    noun, said = words[: match.start()], words[match.start() :]
    noun = _AMONG.sub("", noun)
    return noun.rstrip("和及与等的"), "" if end is None and stop == high else said


def read(text: str, low: int, head: int, tail: int, high: int) -> Phrase:
    """The phrase around the number at head–tail, between its neighbours `low` and `high`."""
    start, words = clause_before(text, low, head)
    noun, said = read_right(text, tail, high)
    if not noun:
        left = read_left(words)
        return replace(left, said=done(said)) if said else left
    if words.endswith("等"):
        return _around(_before_list(words), noun, said)
    modifier = _MODIFIER.match(words) if len(noun) <= 3 else None
    return _around(read_left(words), modifier["words"] + noun if modifier else noun, said)


def _before_list(words: str) -> Phrase:
    """The verb before a list that ends in 等; the list itself only gives examples."""
    words = lead_off(words)
    if match := _LIGHT.match(words):
        return Phrase(light=match.group())
    match = _KEPT.match(words)
    return Phrase(verb=match.group()) if match else Phrase()


def _around(left: Phrase, noun: str, said: str) -> Phrase:
    """A number with its noun behind: the verb before it, or what is said of the noun, goes to the noun."""
    modifier, _, last = noun.rpartition("的")
    if modifier and _ACTION.search(last):
        noun = modifier + last
    elif modifier and len(last) >= 3:
        noun = last
    if match := _EACH.match(noun):
        noun = noun[match.end() :]
    verb = left.verb
    what = done(said) if said else ""
    if not verb and not (left.light and left.light not in CAUSATIVES):
        verb = what
    return Phrase(verb, noun, left.light, left.target, behind=True, said=what)


def done(said: str) -> str:
    """What is said of a noun, as words that go before it: 进行集体研究 → 集体研究, 履行流程 → 履行流程的."""
    said = _PASSIVE.sub("", said, count=1) if _PASSIVE.match(said) else said
    said = said.replace("了", "", 1)
    if match := _DO.match(said):
        what = said[match.end() :].removesuffix("全覆盖")
        return what if 2 <= len(what) <= 14 else ""
    if len(said) > 16 or len(said) < 2 or _CLOSED.match(said):
        return ""
    return said if said.startswith("不予") else said + "的"
