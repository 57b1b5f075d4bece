"""A title without what editors and content systems put around it: tags, quotation marks, the site's name, buttons."""

from __future__ import annotations

import re

from .front_matter import DAY

_BEFORE = re.compile(
    r"(?:[\s·•●◆■★※>]|[-—]{1,2}|[\[【][\u4e00-\u9fff]{2,8}[\]】]|附件\s?[\d一二三四五]{0,2}\s?[:.]|"
    r"\d{1,2}[.、](?!\d{1,3}\D)|[\u4e00-\u9fff]{2,24}(?:网站|门户|政府网|信息网|公开网)[\s_|-]{1,3}){1,4}"
)
_LABEL_BEFORE = re.compile(r"[信息]*(?:(?:名\s*称|标\s*题)[:|\s]*|[称题]\s*:\s*)")
_BEHIND = (
    re.compile(r"[\s|•\[【(]+$"),
    re.compile(rf"(?:\s+|\s*[(\[【]\s*){DAY}(?:\s\d\d?:\d\d(?::\d\d)?)?\s*[)\]】]?$"),
    re.compile(r"\.(?:pdf|docx?|wps|ofd)$", re.IGNORECASE),
    re.compile(r"(?:\s*[\[【(]|\s+)(?:打印|分享|收藏|关闭|下载|字[号体]|大\s中\s小)[^。]{0,24}$"),
    # the site's name, with the names of its columns
    re.compile(r"(?<=[告结报况)])\s*[_|][^_|]{2,40}(?:[_|].{0,60})?$"),
    re.compile(
        r"(?<=[告结报])\s*[-—–]\s*(?:[^-—–]{2,30}[-—–]){0,3}[^-—–]{2,40}(?:网|网站|门户|政府|平台|公开)$"
    ),
    re.compile(r"(?<=[告结报])\s+[-—–]\s+[^-—–]{2,40}$"),
)
_SEPARATOR = re.compile(r"[\s_|•—–(\[【.-]")  # without one of these nothing stands behind a title
_LONGEST = 200


def title_span(text: str) -> tuple[int, int]:
    """Start and end of the title in `text` (half width), which is a line or the name of a page or link."""
    start, end = 0, len(text)
    if end > _LONGEST:
        return start, end
    for pattern in (_BEFORE, _LABEL_BEFORE):
        match = pattern.match(text, start)
        start = match.end() if match else start
    changed = _SEPARATOR.search(text) is not None
    while changed:
        changed = False
        for pattern in _BEHIND:
            match = pattern.search(text, start, end)
            if match is not None:
                end, changed = match.start(), True
    if (
        text[start : start + 1] == "《"
        and text[start:end].endswith("》")
        and text.count("《", start, end) == 1
    ):
        start, end = start + 1, end - 1
    return start, end
