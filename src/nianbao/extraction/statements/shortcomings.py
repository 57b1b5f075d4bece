"""The problems that a report names: one span each, by their labels, by their headings, or clause by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...model import Section

_CN = "一二三四五六七八九十"
_ITEM = re.compile(
    rf"(?=[{_CN}第(\d①-⑳⑴-⒛㈠-㈩其首再最此另●•■◆▲★◇□▪·※☆○◎♦►▶➢✦])(?:[{_CN}](?:是|则|方面[,、:]?)|第[{_CN}](?:[,、:]|是|方面[,、:]?)|[(][{_CN}][)]|(?<![\d.])\d{{1,2}}[.、)](?!\d)|[(]\d{{1,2}}[)]|[①-⑳⑴-⒛㈠-㈩]|"
    rf"其[{_CN}][,是:]|首先[,是]|其次[,是]|再次[,是]|再者[,是]|最后[,是]|此外[,]|另一?方面[,]?|[{_CN}]、|[●•■◆▲★◇□▪·※☆○◎♦►▶➢✦])\s{{0,9}}(?:\*\*)?"
)
_ORDER = re.compile(r"首先|其次|再次|再者|最后|此外")
_SIDES = re.compile(r"另?一方面")
_LACK = re.compile(
    r"不足|不够|不强|不高|不深|不全|不到位|不平衡|不均|不完善|不健全|不规范|不充分|不紧密|不及时|不熟|不精|不严|不大|不多|不实|不明显|不丰富|不广|"
    r"不匹配|不适应|不相适应|不对等|不衔接|不顺|不协调|不稳|不畅|不透|不细|不新|不牢|不好|不佳|不清|不快|不统一|不理想|不扎实|不全面|不系统|不经常|不主动|不彻底|"
    r"有待|亟待|亟需|急需|仍需|还需|尚需|仍须|需要?(?:进一步|不断|持续|继续|加强|提升|提高|完善|改进|拓展)|需(?:提高|提升|加强)|有差距|差距|薄弱|"
    r"欠缺|缺乏|缺少|匮乏|短缺|紧缺|老龄化|断档|青黄不接|人少案多|案多人少|偏少|偏低|偏弱|偏慢|偏高|偏大|偏重|偏窄|缺失|缺位|缺口|断层|流失|乏力|生疏|畏难|碎片化|粗放|粗糙|松懈|走过场|不敢|不愿|不力|壁垒|面窄|率低|滞后|落后|老化|单一|单薄|困难|短板|未能|未完全|未形成|尚未|还未|没有|较少|较弱|较低|较慢|较窄|较差|淡薄|"
    r"参差不齐|不一|弱项|盲区|空白|存在.{0,14}(?:问题|现象|情况|倾向|不足|漏洞|隐患)|(?:问题|现象|情况|短板|不足)(?:依然|仍然|仍|还|时有)|还不|仍不|尚不|难以|难度|较难|流于形式|有限|不了解|轻视|脱节|制约|信访不信法|"
    r"压力(?:较|仍|依然|还)|任务(?:较|仍|依然|还).{0,3}重"
)
_LEAD = re.compile(
    r"(?:取得|做了|开展了|积累了).{0,30}(?:成效|成绩|进展|工作|进步|经验)|(?:表现|体现)(?:在|为|出)|^(?:但|然而)?(?:主要|具体)?(?:有|如下|包括)|以下.{0,4}方面|"
    r"^(?:虽然?|尽管)|回顾|"
    r"(?:存在|有)(?:着|的)?(?:一些|一定|以下|如下|不少|诸多|许多|几|较大|明显|很多|不小).{0,8}(?:不足|问题|差距|短板|弱项|困难|薄弱环节|方面|地方)|"
    r"^(?:但)?.{0,6}(?:仍|还|也)?存在的?(?:主要)?(?:不足|问题|短板|薄弱环节)(?:和.{2,6})?(?:主要)?(?:是|有|:)?$|清醒地?(?:认识|看)到"
)
# A distance to what is asked for, which the following clauses make concrete.
_GAP = re.compile(r"(?:相比|要求|期盼|期待|先进|标准|目标|对照).{0,36}差距$")
_CAUSE = re.compile(
    r"(?:究其|分析|造成|产生|导致|形成|出现|存在)?(?:上述|以上|这些)?(?:不足|问题|短板|差距|情况)?(?:和不足)?的?(?:主要|根本|客观|主观)?原因"
    r"(?:主要|在于|是|有|为|,|:|如下|分析)"
)
_REMEDY = re.compile(
    r"(?:针对|对于|对|为解决|为此).{0,4}(?:上述|以上|这些|存在).{0,8}(?:问题|不足|情况)|下一?步|今后|接下来|对此,|为此,"
)
_LISTED = re.compile(
    r"(?:存在|有|出现)(?:着|的)?(?P<list>.{4,90}?)等?(?:方面)?的?(?:一些)?(?:问题|现象|情况)$"
)
# A line feed behind a long line that stops amid words cuts no clause.
_CLAUSE = re.compile(r"(?:[^,;。!?\n\r:]|(?<=[^\n\r]{25})(?<=[^,;。!?:\s])\n(?=[^\s]))+")
_SENTENCE = re.compile(r"(?:[^。!?\n\r]|(?<=[^\n\r]{25})(?<=[^。!?;:\s])\n(?=[^\s]))+")
_CONSEQUENCE = re.compile(r"导致|致使|造成|影响|从而|使得")
_FRAME = re.compile(
    r"面对|由于|随着|针对|对于|受|因|在|从|当前|目前|部分|个别|有的|少数|一些|基层|特别是|尤其"
)
_PARAGRAPH_END = re.compile(r"[。!]\s{0,40}[\n\r]")
SECTION_LABEL = re.compile(
    rf"(?:第?[{_CN}]{{1,3}}\s?[、.]|[(〔\[【]\s?[{_CN}\d]{{1,3}}\s?[)〕\]】]|\d{{1,2}}\s?[、.)]|[①-⑳⑴-⒛㈠-㈩]|[●•■◆▲★◇□▪·※☆○◎♦►▶➢✦])[、.:]?\s{{0,9}}"
)

Spans = Iterator[tuple[int, int]]


def shortcoming_spans(text: str, start: int, end: int, headings: Sequence[Section]) -> Spans:
    """Spans of the problems told in text[start:end] (half width); headings: the sections in it. Ends untrimmed."""
    labels = [match for match in _ITEM.finditer(text, start, end) if _begins(text, match.start(), start)]
    if labels and (not headings or labels[0].start() <= headings[0].start + 2):
        yield from _labelled(text, start, end, labels)
    elif headings:
        yield from _headed(text, headings)
    else:
        for low, high in _without_causes(text, start, end):
            yield from _unlabelled(text, low, high)


def _labelled(text: str, start: int, end: int, labels: Sequence[re.Match[str]]) -> Spans:
    style = _style(labels[0].group())
    same = [match for match in labels if _style(match.group()) == style]
    stop = _told_until(text, same[0].end(), end)
    same = [match for match in same if match.start() < stop]
    for match, following in zip(same, [*same[1:], None], strict=True):
        if following is not None:
            yield match.end(), following.start()
            continue
        paragraph = _PARAGRAPH_END.search(text, match.end(), stop)
        yield match.end(), paragraph.start() if paragraph else stop


def _headed(text: str, headings: Sequence[Section]) -> Spans:
    """One problem per heading of the first level there is."""
    level = headings[0].level
    for section in headings:
        if section.level == level:
            label = SECTION_LABEL.match(text, section.start)
            yield label.end() if label else section.start, _told_until(text, section.end, section.body_end)


def _begins(text: str, position: int, start: int) -> bool:
    """Whether a label stands where a sentence, clause or line begins."""
    before = text[max(start, position - 12) : position].rstrip(" \t*")
    return not before or before[-1] in "。;:,\n\r、!"


def _style(label: str) -> str:
    words = label.strip(" *")
    if _ORDER.match(words):
        return "order"
    if _SIDES.match(words):
        return "side"
    if "⑴" <= words[0] <= "⒛" or "①" <= words[0] <= "⑳" or "㈠" <= words[0] <= "㈩":
        return "enclosed"
    return "".join("d" if c.isdigit() else "n" if c in _CN else c for c in words).replace("dd", "d")[:3]


def _told_until(text: str, start: int, end: int) -> int:
    """Where sentences turn from the problems to their causes or to what is to be done."""
    for match in re.finditer(r"(?<=[。\n\r;])\s{0,9}(?=[^\s])", text[start:end]):
        at = start + match.end()
        if _CAUSE.match(text, at, min(end, at + 40)) or _REMEDY.match(text, at, min(end, at + 40)):
            return at
    return end


def _without_causes(text: str, start: int, end: int) -> Spans:
    """Sentences up to where each gives its cause; none of those that only give causes, none behind a remedy."""
    for match in _SENTENCE.finditer(text, start, end):
        low, high = match.span()
        if _REMEDY.match(match.group().strip()):
            return
        cause = _CAUSE.search(text, low, high)
        yield low, cause.start() if cause else high


def _unlabelled(text: str, start: int, end: int) -> Spans:
    """One span per clause that names a deficit, with the clause before it that only sets its frame."""
    frame: int | None = None
    last: tuple[int, int] | None = None
    for match in _CLAUSE.finditer(text, start, end):
        words = "".join(match.group().split())
        opener = text[match.start() - 1] if match.start() > start else ""
        if opener != ",":
            frame = None
        listed = _list_in(text, match)
        if listed:
            if last:
                yield last
                last = None
            yield from listed
        elif not words or _is_lead(words, text[match.start() if frame is None else frame : match.end()]):
            frame = None
        elif _CONSEQUENCE.match(words) and last is not None and opener == ",":
            last = (last[0], match.end())
        elif _LACK.search(words):
            if last:
                yield last
            last = (match.start() if frame is None else frame, match.end())
            frame = None
        else:
            frame = match.start() if _FRAME.match(words) or len(words) <= 16 else None
    if last:
        yield last


def _is_lead(clause: str, framed: str) -> bool:
    """Whether a clause only leads to the problems; framed: it and the clause that sets its frame."""
    return (len(clause) < 60 and _LEAD.search(clause) is not None) or _GAP.search(framed.strip()) is not None


def _list_in(text: str, clause: re.Match[str]) -> list[tuple[int, int]]:
    """The deficits that one clause lists with 、, each lacking something by itself; empty if it lists none."""
    match = _LISTED.search(text, clause.start(), clause.end())
    if match is not None and not _LEAD.search(clause.group()):
        low, high = match.span("list")
    else:
        low, high = clause.span()
    parts: list[tuple[int, int]] = []
    at = low
    for piece in text[low:high].split("、"):
        parts.append((at, at + len(piece)))
        at += len(piece) + 1
    if all(_LACK.search(text, a, b) and b - a >= 5 for a, b in parts) and (
        len(parts) > 1 or match is not None
    ):
        return parts
    return []
