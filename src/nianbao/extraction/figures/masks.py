"""Where a number cannot be a figure, whatever stands behind it: titles, dates, document numbers, slogans."""

from __future__ import annotations

import re

from .lexicon import SET_PHRASES

_CN = "〇零一二两三四五六七八九十百千"
_MONTH_DAY = r"(?:1[0-2]|0?[1-9])月(?:(?:[0-3]?\d)日)?"
# name → pattern; the names tell an explainer why a number was passed over
PATTERNS: tuple[tuple[str, str], ...] = (
    ("title_numeral", r"《[^《》\n]{0,150}(?:《[^《》\n]{0,80}》[^《》\n]{0,80})?》"),
    ("slogan", '“[^“”\n]{1,20}”|‘[^‘’\n]{1,16}’|「[^「」\n]{1,20}」|"[^"\n]{1,16}"'),
    ("slogan_expansion", r"\(即[^()\n]{0,200}\)"),
    ("doc_number", r"[〔\[(]20\d\d[〕\])]第?\d{1,5}号"),
    ("plan_period", r"(?:19|20)\d\d(?:年)?(?:-{1,2}|[—–~～至]{1,2})(?:19|20)\d\d年?"),
    (
        "date",
        rf"(?:19|20)\d\d年(?:度)?(?:{_MONTH_DAY})?|{_MONTH_DAY}份?|(?:19|20)\d\d[-./]\d{{1,2}}[-./]\d{{1,2}}",
    ),
    ("date", r"\d{1,2}(?:[-—–~～至、]{1,2}\d{1,2}){1,11}月份?|[一二三四五六七八九十]{1,2}月份?"),
    ("date", rf"[{_CN}]{{1,8}}年(?=[来间内以]|度)|[上下]半年|[前后][一二三四两]个?季度|[一二三四]季度"),
    ("time_of_day", r"(?:[01]?\d|2[0-4])(?::[0-5]\d(?!\d)|[时点](?:[0-5]?\d分|半))"),
    (
        "identifier",
        r"[A-Za-z]{1,12}[-.]?\d[\d.]{0,12}|\d{1,8}(?:\.\d{1,4})?(?:版|G(?![A-Za-z])|号)"
        r"|\d{1,8}(?![KMGTP]B(?![A-Za-z]))[A-Z]{1,6}",
    ),
    ("identifier", r"0\d{2,3}-\d{7,8}|(?<!\d)1[3-9]\d{9}(?![\d.元万亿])|(?:\d{1,3}\.){3}\d{1,3}"),
    ("identifier", r"(?:浏览|访问|点击|阅读)(?:次数|量|数):\[?\d{1,9}次?(?![\d.万千亿])"),
    ("ordinal", rf"第(?:\d{{1,6}}|[{_CN}]{{1,8}})(?:(?:至|到|[-—~、])第?(?:\d{{1,6}}|[{_CN}]{{1,8}}))?"),
    ("ordinal", rf"[{_CN}]{{1,4}}(?:届(?:[{_CN}]{{1,4}}次)?|中全会)|(?<=党的)[{_CN}]{{1,4}}大"),
    (
        "slogan",
        r"(?<![\d.])\d{1,3}(?:-\d{1,3}){2,8}(?![\d.])|(?![1-9]/[2-9](?:以上|左右|的|强|多|[,。;、)]))\d{1,4}(?:[+×x*/·•]\d{0,4}[A-Za-z]?){1,8}",
    ),
    ("lexical", SET_PHRASES),
)
# Every pattern begins with one of these; asking that first makes the scan several times as fast.
_FIRST = '[《“‘「"(〔\\[0-9A-Za-z〇零一二两三四五六七八九十百千上下前后第浏访点阅]'
_MASKS = re.compile(
    f"(?={_FIRST})(?:" + "|".join(f"(?P<m{i}>{p})" for i, (_, p) in enumerate(PATTERNS)) + ")"
)


def mask_name(mark: int) -> str:
    """Name of the pattern that left `mark` in the cover."""
    return PATTERNS[mark - 1][0]


def masked(text: str) -> bytearray:
    """One byte per character: 0 where a figure may stand, else 1 + the index of the pattern that covers it."""
    cover = bytearray(len(text))
    for match in _MASKS.finditer(text):
        mark = int((match.lastgroup or "m0")[1:]) + 1
        start, end = match.span()
        cover[start:end] = bytes([mark]) * (end - start)
    return cover
