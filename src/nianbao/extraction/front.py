"""What stands before the prose of a report (letterhead, number, title, information table, salutation) and after it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from .cleaning import Line
from .dates import dates_in

Span = tuple[int, int]

# label in an information table or byline → what it gives
_LABELS: tuple[tuple[str, str], ...] = (
    (
        "published",
        r"发\s*布\s*(?:日\s*期|时\s*间)|公\s*开\s*(?:日\s*期|时\s*间)|信息提供日期|发表时间|上网日期",
    ),
    ("listed", r"更新时间|时\s*间|日\s*期"),
    ("written", r"成\s*文\s*(?:日\s*期|时\s*间)|生\s*成\s*日\s*期|发\s*文\s*(?:日\s*期|时\s*间)|制发日期"),
    ("source", r"(?:信息|文章|稿件|内容)?来\s*源|源自"),
    (
        "publisher",
        r"发\s*布\s*(?:机\s*构|部\s*门|单\s*位)|(?:发|制)\s*文\s*(?:机\s*构|机\s*关|单\s*位)|制\s*发\s*机\s*构|机\s*构\s*名\s*称|公开主体",
    ),
    ("number", r"发\s*文\s*字\s*号|文\s*号|文\s*件\s*编\s*号"),
    ("title", r"(?:信息)?(?:名\s*称|标\s*题)"),
    ("signer", r"签\s*发\s*人"),
    (
        "plain",
        r"索\s*引\s*号|(?:主题|组配|体裁|信息)?\s*分\s*类|体\s*裁|主\s*题\s*词|有\s*效\s*性|时\s*效|失效时间|公开(?:方式|类别|属性)|统一编号|"
        r"浏览(?:次数|量)?|访问(?:次数|量)?|点击(?:数|量|率)?|阅读(?:次数|量)?|字号|字体|作者|编辑|责任编辑|所属类目|打印|分享|信息类别|载体类型",
    ),
)
_LABEL = re.compile(
    r"(?:^|(?<=[\s|•\]】)》>]))(?:"
    + "|".join(f"(?P<{name}{i}>{p})" for i, (name, p) in enumerate(_LABELS))
    + r")\s*(?:[:|]|(?=\s))\s*"
)
_CHROME = re.compile(
    r"^(?:当前位置|您(?:当前|现在)?(?:所在)?的?位置|首页|返回|打印|字号|分享|关闭|正文|上一[篇条]|下一[篇条]|【|主动公开$|>)|>>|首页\s*>|>\s*\S+\s*>"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,14}\s*[〔\[(]\s*20\d\d\s*[〕\])]\s*第?\s*\d{1,5}\s*号")
_NUMBER_LINE = re.compile(
    r"^[(]?([\u4e00-\u9fff]{2,14}\s*[〔\[(]\s*20\d\d\s*[〕\])]\s*第?\s*\d{1,5}\s*号)[)]?(?:\s+签发人.*)?$"
)
_LETTERHEAD = re.compile(r"^([\u4e00-\u9fff]{5,40})文件$")
_SIGNER = re.compile(r"签\s*发\s*人\s*[::]?\s*([\u4e00-\u9fff·*某]{2,8})")
_SALUTATION = re.compile(r"^[^。,;]{2,40}:$")
_RECIPIENT = re.compile(
    r"党委|[区市县省州旗镇]委|政府|办公室|办|小组|人大|常委会|[厅局司]|街道|党工委|政协|法治委"
)
_DATE_LINE = re.compile(
    r"^[(]?\s*(?:20\d\d)\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?[)]?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?$"
)
# A spoken version: the day and the meeting at which it was given.
_DELIVERED = re.compile(
    r"^[(—-]{0,2}\s*20\d\d年\s?\d{1,2}月\s?\d{1,2}日\s?在[^。]{4,60}(?:会议|大会|会)上[)]?"
)
_DATE_BEHIND = re.compile(r"\s*[(]\s*20\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?\s*[)]$")
_PRINTED = re.compile(r"印发$|印\s*发\s*$|印发\s*[)(].*$")
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.]|[(][一二三四五六七八九十]{1,3}[)]|[1-9]\d?[、.](?!\d)|[(]\d{1,2}[)]|第[一二三]部分)"
)
_ORGANISATION_END = re.compile(
    r"(?:政府|办公[室厅]|委员会|管委会|局|委|厅|办|办事处|街道|镇|乡|中心|党工委|党委|分局|支队|总队|区|县|市|学院|集团)$"
)
FRONT_LINES = 40
LONGEST_TITLE = 90


@dataclass(slots=True)
class FrontMatter:
    """Fields read around the prose: name → (value, raw start, raw end). prose_line, body_end: see read_front."""

    fields: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    dates: dict[str, tuple[date, int, int]] = field(default_factory=dict)
    title_lines: tuple[int, ...] = ()
    prose_line: int = 0
    prose_start: int | None = None
    body_end: int = 0
    signature: tuple[str, int, int] | None = None
    titles_like: tuple[str, ...] = ()


def read_front(lines: list[Line], is_title: re.Pattern[str], text_length: int) -> FrontMatter:
    """Reads the front matter and the signature.

    is_title: pattern of the titles of any known report kind, over text without blanks.
    prose_line: index of the first line that is prose or a heading; body_end: raw offset where the sign-off begins.
    """
    front = FrontMatter(body_end=text_length, prose_line=len(lines))
    _title(lines, is_title, front)
    first_possible = front.title_lines[-1] + 1 if front.title_lines else 0
    for index in range(first_possible):
        if index not in front.title_lines:
            _read_line(lines[index], front, before_title=True)
    for index in range(first_possible, len(lines)):
        line = lines[index]
        if _HEADING.match(line.text):
            front.prose_line = index
            break
        if _read_line(line, front, before_title=False):
            continue
        if _is_prose(line.text, index, lines):
            front.prose_line, front.prose_start = index, line.start
            break
    _signature(lines, front)
    return front


def _is_prose(text: str, index: int, lines: list[Line]) -> bool:
    """A sentence, and not a line of the front matter: it ends or holds a full stop, or is long."""
    if _CHROME.search(text):
        return False
    if "。" in text or len(text) >= 45 or "……" in text:
        return True
    return (text[-1] in ":;,!" and len(text) > 12) or (
        index + 1 < len(lines) and len(text) > 24 and "," in text
    )


def _read_line(line: Line, front: FrontMatter, *, before_title: bool) -> bool:
    """Takes what a line of the front matter gives; False if it is none."""
    text = line.text
    letterhead = _LETTERHEAD.match(text.replace(" ", ""))
    if letterhead:
        _put(front, "letterhead", letterhead[1], line)
        return True
    if (signer := _SIGNER.search(text)) is not None:
        front.fields.setdefault(
            "signer", (signer[1], line.start + signer.start(1), line.start + signer.end(1))
        )
    number = _NUMBER_LINE.match(text)
    if number:
        value = re.sub(r"\s", "", number[1])
        front.fields.setdefault("number", (value, line.start + number.start(1), line.start + number.end(1)))
        return True
    if signer:
        return True
    if _read_labels(line, front):
        return True
    if _DELIVERED.match(text):
        for start, end, found in dates_in(text):
            front.dates.setdefault("delivered", (found, line.start + start, line.start + end))
        return True
    if _DATE_LINE.match(text) and not before_title:
        for start, end, found in dates_in(text):
            front.dates.setdefault("bare", (found, line.start + start, line.start + end))
        return True
    if _SALUTATION.match(text) and _RECIPIENT.search(text) and "如下" not in text:
        if not before_title:
            _put(front, "recipient", text[:-1].strip(), line)
        return True
    return bool(_CHROME.search(text))


def _put(front: FrontMatter, name: str, value: str, line: Line) -> None:
    at = line.text.find(value)
    start = line.start + max(at, 0)
    front.fields.setdefault(name, (value, start, start + len(value) if at >= 0 else line.end))


def _read_labels(line: Line, front: FrontMatter) -> bool:
    """Labels and values of an information table or byline; False if the line has none."""
    text = line.text
    if len(text) > 220 or ("。" in text and ":" not in text[:30]):
        return False
    matches = list(_LABEL.finditer(text))
    if not matches or "。" in text[: matches[0].start()]:
        return False
    if len(text) > 60 and len(matches) == 1 and "|" not in text and matches[0].start() > 20:
        return False
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        end = following.start() if following else len(text)
        value = text[match.end() : end].strip(" |•\t[]【】:")
        name = re.sub(r"\d+$", "", match.lastgroup or "")
        start = line.start + match.end()
        _take(front, name, value, start, line.start + end)
    first = matches[0]
    if first.start() > 0:
        for start, end, found in dates_in(text[: first.start()]):
            front.dates.setdefault("bare", (found, line.start + start, line.start + end))
    return True


def _take(front: FrontMatter, name: str, value: str, start: int, end: int) -> None:
    if name in ("published", "listed", "written"):
        for at, stop, found in dates_in(value):
            front.dates.setdefault(name, (found, start + at, start + stop))
            break
        return
    if name == "plain" or not value or value in "-—无":
        return
    if name == "number":
        number = _NUMBER.search(value)
        if number is None:
            return
        value = re.sub(r"\s", "", number.group())
    if name in ("source", "publisher"):
        value = re.split(r"\s{2,}|\||(?:浏览|访问|点击|阅读|字号|发布)", value)[0].strip()
        if not value or dates_only(value):
            return
    front.fields.setdefault(name, (value, start, min(end, start + len(value))))


def dates_only(value: str) -> bool:
    """Whether a value is a date and nothing else."""
    return bool(_DATE_LINE.match(value))


# --- title ------------------------------------------------------------------------------------------------


def _title(lines: list[Line], is_title: re.Pattern[str], front: FrontMatter) -> None:
    """Finds the title among the first lines; a line that is one by itself wins over lines joined."""
    limit = 0
    for line in lines[:FRONT_LINES]:
        if _HEADING.match(line.text) or (len(line.text) > LONGEST_TITLE and "。" in line.text):
            break
        limit += 1
    usable = [not _CHROME.search(line.text) and not _not_title(line.text) for line in lines[:limit]]
    front.titles_like = tuple(_compact(lines[i].text) for i in range(limit) if usable[i])
    for count in (1, 2, 3):
        for index in range(limit - count + 1):
            group = lines[index : index + count]
            if not all(usable[index : index + count]) or (
                count > 1 and any(_no_part(line.text) for line in group)
            ):
                continue
            joined = _compact("".join(line.text for line in group))
            if len(joined) <= LONGEST_TITLE and is_title.search(joined):
                _set_title(lines, index, count, front)
                return


def _compact(text: str) -> str:
    """Without blanks, and without a date in brackets that some listings print behind the title."""
    return re.sub(r"\s|[|]+$", "", _DATE_BEHIND.sub("", text))


def _no_part(text: str) -> bool:
    """Whether a line cannot be a part of a title that runs over lines."""
    return bool(
        _DATE_LINE.match(text) or _NUMBER_LINE.match(text) or _SIGNER.search(text) or _LABEL.search(text)
    )


def _set_title(lines: list[Line], index: int, count: int, front: FrontMatter) -> None:
    before = lines[index - 1].text if index else ""
    own = re.sub(r"\s", "", lines[index].text)
    # an issuer's name on a line of its own above a title that begins with 关于, or lacks its first half
    if (
        (own.startswith("关于") or len(own) < 9)
        and before
        and _ORGANISATION_END.search(before)
        and len(before) < 40
    ):
        index, count = index - 1, count + 1
    # a second half that the title pattern could do without
    group = lines[index : index + count]
    text = "".join(line.text for line in group) if count > 1 else group[0].text
    match = re.match(r"(?:[信息]*(?:名\s*称|标\s*题)\s*[:|\s]*)", text)
    offset = match.end() if match and count == 1 else 0
    behind = _DATE_BEHIND.search(text)
    if behind is not None:
        shift = group[-1].end - len(text)  # the date ends the last line, as the text does
        for start, end, found in dates_in(behind.group()):
            at = behind.start() + shift
            front.dates.setdefault("bare", (found, at + start, at + end))
        text = text[: behind.start()]
    value = re.sub(r"[|\s]+$", "", text[offset:])
    value = (
        re.sub(r"[_|](?:[^_|]{2,40})(?:[_|].*)?$", "", value) if re.search(r"网站|门户|网$", value) else value
    )
    start = group[0].start + offset
    front.fields["title"] = (value.strip(" |"), start, group[-1].end)
    front.title_lines = tuple(range(index, index + count))


def _not_title(text: str) -> bool:
    return text[-1] in "。;,、!?…" or text.endswith(":") or "如下" in text or len(text) > LONGEST_TITLE


# --- signature --------------------------------------------------------------------------------------------


def _signature(lines: list[Line], front: FrontMatter) -> None:
    """Reads issuer and date at the end, and the line that says when it was printed."""
    index = len(lines) - 1
    lowest = max(front.prose_line, len(lines) - 14)
    while index > lowest and not _DATE_LINE.match(lines[index].text):
        text = lines[index].text
        if "。" in text or len(text) > 60:
            printed = _PRINTED.search(text)
            if not printed:
                return
        for start, end, found in dates_in(text):
            if _PRINTED.search(text):
                base = lines[index].start
                front.dates.setdefault("printed", (found, base + start, base + end))
        index -= 1
    if index <= lowest:
        return
    line = lines[index]
    for start, end, found in dates_in(line.text):
        front.dates["signed"] = (found, line.start + start, line.start + end)
    front.body_end = line.start
    names: list[Line] = []
    at = index - 1
    while at >= lowest and len(names) < 3 and _name_like(lines[at].text):
        names.insert(0, lines[at])
        at -= 1
    if not names:
        return
    joined = re.sub(r"\s", "", "".join(line.text for line in names))
    if len(names) > 1 and all(_ORGANISATION_END.search(line.text) and len(line.text) >= 6 for line in names):
        names = names[-1:] if not names[0].text.endswith("委") else names
        joined = re.sub(r"\s", "", names[-1].text)
    if _ORGANISATION_END.search(joined):
        front.signature = (joined, names[0].start, names[-1].end)
        front.body_end = names[0].start


def _name_like(text: str) -> bool:
    return (
        len(text) <= 40
        and not re.search(r"[。,;:!?\d《]", text)
        and bool(re.search(r"[\u4e00-\u9fff]", text))
        and not _HEADING.match(text)
    )
