"""What a figure counts: the shortest words around the number that say so."""

from __future__ import annotations

import re

_STOP = ",。;:!?\n"
_CLAUSE_START = re.compile(r"[,。;:!?\n()、]")
_TIME_HEAD = re.compile(
    r"^(?:截[至止]到?)?(?:(?:20\d\d)年(?:度)?)?(?:(?:\d{1,2}月(?:\d{1,2}日|底|末|份)?)|全年度?|今年|明年|本年度?|[二两三四五六七八九十]年来|年内|[上下]半年|一年来|年底)*(?:以来|期间|起|至今)?,?"
)
_HEAD_WORDS = re.compile(
    r"^(?:我[区县市局委办镇街厅院]|全[区县市省镇街局委办]|本[区县市局委办镇街]|[区县市](?![民场级长政委域])|各级|各部门|同时|此外|另外|其中|包括|含|一是|二是|三是|四是|五是|"
    r"累计|总计|共计|合计|共|先后|已|现有|目前|还|并|也|将|均|全部|切实|积极|认真|严格|依法|进一步|不断|持续|深入|扎实|有序|组织|"
    r"计划|预计|力争|确保|争取|落实|实现|完成|推进|开展|召开|举办|办理|受理|接收|收到|处理|制定|出台|承接|进行|发布|印发|通过|至少|"
    r"发放|培育|处置|作出|梳理|形成|建成|各类|各项|报送|确保|为|对|把|在|由|从|与|和|及|以及|、|了|,|\s)+"
)
_TAIL_WORDS = re.compile(
    r"(?:累计|总计|共计|合计|共|(?<!直)达到?了?|约为|约|近|为|有|分别|均|各|平均|总量|数量|总数|人数|件数|次数|的|是|到|至|在|稳定|保持|不少于|不低于|不超过|至少|"
    r"突破|超过|逾|超|(?:由|从)(?:(?:20\d\d|去|上)年(?:度)?的?)?|降|(?<!新)增|提升|提高|缩短|下降|减少|增加|增长|已|全部|也|了|:|、|,|“|\s)+$"
)
_NOUN_END = re.compile(
    r"进行|开展|获|被|已|均|全部|并|按|正在|纳入|完成|实现|上线|通过|参加|参与|予以|达到|达|得到|为|是|在|共|等|,|。|;|:|!|\?|\n|、|\(|\)|和|及|与|,"
)
_NO_NOUN = re.compile(r"[以之左上下内余多]|缩短|降|增|提升|提高|减少|压缩|压减|至|到|上升|精简|不等")
_BARE = re.compile(
    r"^(?:(?:主|会|协|承)办件?|新增|废止|修订|修改|失效|办结|审结|答复|专职|兼职|外聘|线上|线下|人均.{0,2})$"
)
_ROLE = re.compile(r"(?:主|会|协)办件?$")
_VERB_HEAD = re.compile(r"^(?:修订|制定|新增|派发|受理|办理|开展|组织|主办|现有|印发|新收|收到)")
_CHANGE_WORD = {"increase": "增幅", "decrease": "降幅"}
LONGEST = 24


def measure(text: str, previous_tail: int, head: int, unit_end: int, next_head: int, previous: str) -> str:
    """The words that say what the number at head–unit_end counts.

    previous_tail: end of the figure before in the same sentence, or the sentence's start. next_head: start of the
    figure behind. previous: measure of the figure before, for clauses that leave the noun out.
    """
    left = _left(text, previous_tail, head)
    right = _right(text, unit_end, next_head)
    if right and (len(right) >= 2):
        return _trim(right) if len(right) >= 3 or not left else _trim(left + right)
    if left:
        return _trim(left)
    wider = _wider(text, previous_tail, head)
    return _trim(wider) if wider else previous


def _left(text: str, low: int, head: int) -> str:
    """Noun (with its verb) before the number, within the clause."""
    start = low
    for position in range(head - 1, max(low, head - 60) - 1, -1):
        if text[position] in _STOP or text[position] in "()":
            start = position + 1
            break
    else:
        start = max(low, head - 60)
    words = text[start:head]
    words = words.rsplit("、", 1)[-1] if "、" in words and len(words.rsplit("、", 1)[-1]) >= 2 else words
    words = _TAIL_WORDS.sub("", words)
    stripped = _strip_head(words)
    return stripped or words[-6:]


def _strip_head(words: str) -> str:
    """Without time, body and light verbs at the head, in whatever order they come."""
    before = None
    while before != words:
        before = words
        words = _HEAD_WORDS.sub("", _TIME_HEAD.sub("", words))
    return words


def complete(words: str, *, whole: str, previous: str, same_unit: bool) -> str:
    """Restores a shared noun: 会办件 of a whole 政协提案, 废止 behind 修订内部制度."""
    if _ROLE.search(words) and len(words) <= 3 and _ROLE.search(previous):
        return _ROLE.sub("", previous) + words
    if whole and len(words) <= 3:
        return words + whole
    if _BARE.match(words) and previous and same_unit:
        return words + _VERB_HEAD.sub("", previous)
    return words


def change(base: str, direction: str, compared: str) -> str:
    """What a change figure says: 信访件同比降幅."""
    return base + compared + _CHANGE_WORD[direction]


def _right(text: str, end: int, high: int) -> str:
    """Noun behind the unit: up to the verb or the clause's end; '' if the unit ends the clause."""
    stop = min(high, end + 40, len(text))
    words = text[end:stop]
    match = _NOUN_END.search(words)
    if match is not None:
        words = words[: match.start()]
    words = words.removeprefix("的")
    return words if not _NO_NOUN.match(words) else ""


def _wider(text: str, low: int, head: int) -> str:
    """The clause before the one that holds only 共计 or nothing."""
    words = text[max(low, head - 80) : head]
    words = _TAIL_WORDS.sub("", words)
    parts = [part for part in re.split(r"[,;:。\n()]", words) if part]
    if not parts:
        return ""
    return _strip_head(parts[-1])


def _trim(words: str) -> str:
    """At most LONGEST characters, the end kept, quotation and blanks off."""
    words = words.strip('“”"、, \n\t的').replace("至少", "")
    head, _, noun = words.rpartition("的")
    words = noun if head and len(noun) >= 4 else words
    return words[-LONGEST:]
