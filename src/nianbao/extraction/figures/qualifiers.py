"""How exact a number is: the words before, behind, inside and some way ahead of it that say so."""

from __future__ import annotations

import re

from . import lexicon
from .readings import Reading

_BEFORE = re.compile(
    r"(?:(?P<approx_under>将近|接近|(?<![的在])不足|不到|(?<![最附靠远临就新邻亲])近)|(?P<about>大约|大概|大致|(?<![签合契节预违特制公条解履集])约)"
    r"|(?P<at_least>不少于|不低于|不小于|不得少于|不得低于|至少|最少)|(?P<at_most>不超过|不高于|不多于|不大于|不得超过|不得高于|不得多于|至多|最多|控制在)"
    r"|(?P<approx_over>超过|超出|高于|多于|大于|突破|逾|超))(?:了|达到|达|为|有|到|计|在|共)?$"
)
_AFAR = re.compile(
    r"(?:(?P<at_least>至少|不少于|不低于|不得少于|不得低于)|(?P<at_most>不超过|不高于|至多|不得超过|不得高于))[^\d一二两三四五六七八九十]{0,40}$"
)
_BEHIND = re.compile(
    r"(?P<approx_over>及?以上|有余|之多|开外)|(?P<about>左右|上下(?![级联游])|许(?=[,。;]))|(?P<at_most>及?以内|及?以下|之内)"
)
_BEHIND_SHARE = re.compile(r"(?P<approx_over>强)(?![化调度力])|(?P<approx_under>弱)")


def qualifier(text: str, item: Reading, left: str) -> tuple[str, int, int, bool]:
    """(qualifier, start with its words before, end with its words behind, whether a word before says it).

    left: the clause before the number.
    """
    head, tail = item.start, item.end
    found = "exact"
    prefixed = False
    before = _BEFORE.search(left)
    if before is not None:
        head = item.start - len(left) + before.start()
        found, prefixed = before.lastgroup or "exact", True
    behind = _BEHIND.match(text, item.end)
    if behind is None and item.kind == "share":
        behind = _BEHIND_SHARE.match(text, item.end)
    if behind is not None:
        tail = behind.end()
        if found == "exact":
            found = behind.lastgroup or "exact"
    elif item.unit in lexicon.DURATIONS and text.startswith("内", item.end):
        # only a duration that is a result gets here: 压缩至3个工作日内
        tail = item.end + 1
        found = "at_most" if found == "exact" else found
    if found == "exact" and item.infix:
        found = "approx_over"
    if found == "exact" and item.quantity.about:
        found = "about"
    if found == "exact" and item.quantity.value_max is None:
        afar = _AFAR.search(left)
        if afar is not None:
            found = afar.lastgroup or "exact"
    return found, head, tail, prefixed
