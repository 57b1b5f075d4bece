"""The noun behind a number, what is said of it, and the two sides of the number put together."""

from __future__ import annotations

import re
from dataclasses import replace

from .phrases import EACH, KEPT, LIGHT, WINDOW, Phrase, lead_off, read_left
from .words import CAUSATIVES, PREPOSITIONS

_RIGHT_END = re.compile(r"[,。;:!?\n()]")
_ASIDE = re.compile(r"\([^()\d]{1,8}\)")
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
_MODIFIER = re.compile(rf"(?:{PREPOSITIONS})?(?P<words>[^,。;:、\n]{{2,12}}的)$")
_MODIFIED_FIRST = re.compile(r"[在由对向从经因以被用涉]")
_ACTION = re.compile(
    r"(?:培训|检查|审查|评估|审核|清理|调查|走访|考核|整治|测试|备案|改造|建设|治理|验收|监督|评查|论证)$"
)


def read_right(text: str, tail: int, high: int) -> tuple[str, str]:
    """Noun behind the unit and what is said of it up to the clause's end; '' if the number ends the phrase."""
    stop = min(high, tail + WINDOW)
    words = text[tail:stop]
    end = _RIGHT_END.search(_ASIDE.sub(lambda aside: "…" * len(aside.group()), words))
    words = words[: end.start() if end else len(words)].removeprefix("的")
    if len(words) < 2 or _NO_NOUN.match(words):
        return "", ""
    if end is None and stop == high:
        words = words.partition("、")[0]
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


def read(text: str, words: str, tail: int, high: int) -> Phrase:
    """The phrase around a number: `words` of its clause before it, and the text from `tail` up to `high` at most."""
    noun, said = read_right(text, tail, high)
    if not noun:
        left = read_left(words)
        return replace(left, said=done(said)) if said else left
    if words.endswith("等"):
        return _around(_before_list(words), noun, said)
    left = read_left(words)
    if len(left.noun) >= 2 and (left.verb or left.light) and words[-1:] != "的":
        return left
    modifier = _MODIFIER.match(words) if len(noun) <= 3 else None
    return _around(left, modifier["words"] + noun if modifier else noun, said)


def _before_list(words: str) -> Phrase:
    """The verb before a list that ends in 等; the list itself only gives examples."""
    words = lead_off(words)
    if match := LIGHT.match(words):
        return Phrase(light=match.group())
    match = KEPT.match(words)
    return Phrase(verb=match.group()) if match else Phrase()


def _around(left: Phrase, noun: str, said: str) -> Phrase:
    """A number with its noun behind: the verb before it, or what is said of the noun, goes to the noun."""
    modifier, _, last = noun.rpartition("的")
    if modifier and _ACTION.search(last):
        noun = modifier + last
    elif modifier and len(last) >= 3:
        noun = last
    if match := EACH.match(noun):
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
