"""Words in Chinese for the closed lists of what is extracted. Every page that shows a value says it in these words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SECTIONS: Final[Mapping[str, str]] = {
    "preamble": "引言",
    "overview": "概况",
    "measures": "主要举措和成效",
    "problems": "存在的不足和原因",
    "responsibility": "第一责任人职责",
    "plan": "下一年度安排",
    "other": "其他",
}
QUALIFIERS: Final[Mapping[str, str]] = {
    "exact": "准确值",
    "about": "约",
    "approx_over": "略多于",
    "approx_under": "略少于",
    "at_least": "不少于",
    "at_most": "不超过",
}
SCOPES: Final[Mapping[str, str]] = {"own": "本机关", "region": "全区域", "system": "全系统"}
