"""What the readers of a report's front matter share: what they fill in, and the shapes of single lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from .dates import DAY_SPELLED

CHROME = re.compile(
    r"^(?:当前位置|您(?:当前|现在)?(?:所在)?的?位置|首页|返回|打印|字号|分享|关闭|正文|上一[篇条]|下一[篇条]|【|主动公开$|>)|>>|首页\s*>|>\s*\S+\s*>"
)
NUMBER_LINE = re.compile(
    r"^[(]?([\u4e00-\u9fff]{2,14}\s*[〔\[(]\s*20\d\d\s*[〕\])]\s*第?\s*\d{1,5}\s*号)[)]?(?:\s+签发人.*)?$"
)
SIGNER = re.compile(r"签\s*发\s*人\s*[::]?\s*([\u4e00-\u9fff·*某]{2,8})")
_CLOCK = r"\s*\d{1,2}[:时]\d\d(?:[:分]\d{0,2}(?:\.\d{1,3}|秒)?)?"
DAY = r"(?:20\d\d\s*[-—–./年]\s*\d{1,2}\s*[-—–./月]\s*\d{1,2}\s*日?|\d{1,2}\.\d{1,2}\.20\d\d)"
DATE_LINE = re.compile(
    rf"^[(\[【〖]?\s*{DAY}(?:{_CLOCK})?\s*[)\]】〗]?(?:{_CLOCK}|\s*发布)?$|^[(]?{DAY_SPELLED}[)]?$"
)
HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.]|[(][一二三四五六七八九十]{1,3}[)]|[1-9]\d?[、.](?!\d)|[(]\d{1,2}[)]|第[一二三]部分)"
)
ORGANISATION_END = re.compile(
    r"(?:政府|办公[室厅]|委员会|管委会|局|委|厅|办|办事处|街道|镇|乡|中心|党工委|党委|分局|支队|总队|区|县|市|学院|集团)$"
)


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
