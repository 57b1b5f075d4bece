"""Labels and their values: the information table of a page (信息公开表) and its byline, in whatever layout."""

from __future__ import annotations

import re

from ..text.cleaning import Line
from .dates import dates_in, days_in
from .front_matter import DATE_LINE, ORGANISATION_END, FrontMatter

# label in an information table or byline → what it gives
_LABELS: tuple[tuple[str, str], ...] = (
    (
        "published",
        r"(?:公开)?发\s*布\s*(?:日\s*期|时\s*间|于)|(?:信息)?公\s*开\s*(?:日\s*期|时\s*间)|发表于|"
        r"(?:公布|发表|上网|上传|挂网|信息提供|发稿|首发|刊发|录入|添加|加入)(?:日期|时间)",
    ),
    ("listed", r"(?:最[后近])?更新(?:日期|时间)|(?:信息|文章|编辑|创建|修改)?(?:时\s*间|日\s*期)"),
    ("printed", r"印\s*发\s*(?:日\s*期|时\s*间)"),
    ("written", r"成\s*文\s*(?:日\s*期|时\s*间)|生\s*成\s*日\s*期|发\s*文\s*(?:日\s*期|时\s*间)|制发日期"),
    ("source", r"(?:信息|文章|稿件|内容)?来\s*源|源自"),
    (
        "publisher",
        r"发\s*布\s*(?:机\s*构|部\s*门|单\s*位)|(?:发|制)\s*文\s*(?:机\s*构|机\s*关|单\s*位)|制\s*发\s*机\s*构|机\s*构\s*名\s*称|公开主体",
    ),
    ("number", r"发\s*文\s*字\s*号|文\s*号|文\s*件\s*编\s*号"),
    ("title", r"(?:信息|文件|公文|内容|文章)?(?:名\s*称|标\s*题)"),
    ("signer", r"签\s*发\s*人"),
    (
        "plain",
        r"索\s*引\s*号|(?:主题|组配|体裁|信息)?\s*分\s*类|体\s*裁|主\s*题\s*词|有\s*效\s*性|时\s*效|[失生]效(?:时间|日期)|有效期至?|公开(?:方式|类别|属性)|统一编号|"
        r"浏览(?:次数|量)?|访问(?:次数|量)?|点击(?:数|量|率)?|阅读(?:次数|量)?|字号|字体|作者|编辑|责任编辑|所属类目|打印|分享|信息类别|载体类型",
    ),
)
_LABEL = re.compile(
    r"(?:^|(?<=[\s|•\[\]【】()》>])|(?<=\d)(?=[^\d\s]{2,6}:))(?:"
    + "|".join(f"(?P<{name}{i}>{p})" for i, (name, p) in enumerate(_LABELS))
    + r")\s*(?:[:|丨]|(?=\s|$))\s*"
)
# Tables that have lost the first characters of their labels.
_DAMAGED = (
    ("published", r"布(?:日期|时间)"),
    ("publisher", r"(?:布机|文机|机)?构|文机关|机关"),
    ("title", r"称|题"),
    ("number", r"(?:文字)?号|字号"),
    ("plain", r"引号|类|词|效性"),
)
_DAMAGED_LABEL = re.compile(r"^(?:" + "|".join(f"(?P<{name}>{p})" for name, p in _DAMAGED) + r")\s*:\s*")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,14}\s*[〔\[(]\s*20\d\d\s*[〕\])]\s*第?\s*\d{1,5}\s*号")
_DATED = ("published", "listed", "printed", "written")
_LONGEST_VALUE = 60
_SHORTEST_TITLE = 10
_EMPTY = ("", "-", "—", "--", "无", "/", "暂无")


def read_labels(line: Line, front: FrontMatter) -> str | None:
    """Takes the labels and values of a line. None if it has no label, else the label whose value may stand on the next
    line, '' if there is none.
    """
    text = line.text
    if len(text) > 220 or ("。" in text and ":" not in text[:30]):
        return None
    matches = list(_LABEL.finditer(text))
    damaged = _DAMAGED_LABEL.match(text) if not matches else None
    if damaged is not None:
        matches = [damaged]
    if not matches or "。" in text[: matches[0].start()]:
        return None
    if len(text) > 60 and len(matches) == 1 and "|" not in text and matches[0].start() > 20:
        return None
    open_label = ""
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        end = following.start() if following else len(text)
        value = text[match.end() : end].strip(" |•\t[]【】:")
        open_label = re.sub(r"\d+$", "", match.lastgroup or "")
        start = line.start + match.end()
        take(front, open_label, value, start, line.start + end)
        if value:
            open_label = ""
    first = matches[0]
    if first.start() > 0:
        for start, end, found in dates_in(text[: first.start()]):
            front.dates.setdefault("bare", (found, line.start + start, line.start + end))
    return open_label


def read_value(line: Line, label: str, front: FrontMatter) -> bool:
    """Takes a line as the value of the label on the line before; False if it cannot be one."""
    text = line.text.strip(" |•\t")
    if len(text) > _LONGEST_VALUE or re.search(r"[。;!?]", text) or text.endswith(":"):
        return False
    if label in _DATED:
        if next(days_in(text), None) is None:
            return False
    elif label in ("source", "publisher"):
        if not ORGANISATION_END.search(text):
            return False
    elif label in ("title", "signer") or (label == "number" and not _NUMBER.search(text)):
        return text in _EMPTY
    take(front, label, text, line.start, line.end)
    return True


def take(front: FrontMatter, name: str, value: str, start: int, end: int) -> None:
    """Puts a value where it belongs; what says nothing is dropped."""
    if name in _DATED:
        for at, stop, found in days_in(value):
            front.dates.setdefault(name, (found, start + at, start + stop))
            break
        return
    if name == "plain" or value in _EMPTY:
        return
    if name == "number":
        number = _NUMBER.search(value)
        if number is None:
            return
        value = re.sub(r"\s", "", number.group())
    if name in ("source", "publisher"):
        for at, stop, found in dates_in(value):
            front.dates.setdefault("bare", (found, start + at, start + stop))
            value = value[:at].rstrip(" |([")
            break
        value = re.split(r"\s{2,}|\||(?:浏览|访问|点击|阅读|字号|发布)", value)[0].strip()
        if not value or DATE_LINE.match(value):
            return
    front.fields.setdefault(name, (value, start, min(end, start + len(value))))


def title_part(text: str) -> tuple[int, int] | None:
    """Where a title may stand in a line: behind a label that announces one, or before the first label.

    The whole line if it has no label, None if its labels leave no place for a title.
    """
    matches = list(_LABEL.finditer(text))
    if not matches:
        return 0, len(text)
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        if (match.lastgroup or "").startswith("title"):
            return match.end(), following.start() if following else len(text)
    return (0, matches[0].start()) if matches[0].start() >= _SHORTEST_TITLE else None


def has_label(text: str) -> bool:
    """Whether a line holds a label."""
    return _LABEL.search(text) is not None
