"""Texts and pages to time with: generated reports of about 3,000 characters, and pages of about 60 KB around them."""

from __future__ import annotations

import random
import re
from html import escape

from nianbao.simulation import build_world

_DIGIT = re.compile(r"\d")
_WORDS = [
    "政务公开",
    "新闻中心",
    "通知公告",
    "政策文件",
    "办事指南",
    "互动交流",
    "数据发布",
    "专题专栏",
    "机构职能",
    "领导信息",
    "重点领域",
    "法定主动公开",
    "信息公开年报",
    "财政预决算",
    "营商环境",
]


def texts(count: int, seed: int = 11) -> list[str]:
    """Texts of reports of about 3,000 characters with about as many figures as real ones have (about 14 of them).

    Generated reports are crowded with figures, so of their sentences with digits one in eight is kept, and sentences
    without any, of all reports, fill the measures up.
    """
    reports = build_world(seed=seed, districts=6, issuers=6).reports
    dice = random.Random(seed)  # noqa: S311 - a corpus, no secret
    prose = sorted(
        {s for report in reports for s in _sentences(report.text) if len(s) > 25 and not _DIGIT.search(s)}
    )
    return [_thinned(dice.choice(reports).text, prose, dice) for _ in range(count)]


def _sentences(text: str) -> list[str]:
    return [sentence for line in text.splitlines() for sentence in re.findall(r"[^。]+。", line)]


def _thinned(text: str, prose: list[str], dice: random.Random) -> str:
    lines = []
    for line in text.splitlines():
        sentences = re.findall(r"[^。]+。", line)
        if len(line) > 60 and sentences:
            kept = [s for s in sentences if not _DIGIT.search(s) or dice.random() < 1 / 8]
            kept += dice.sample(prose, min(len(prose), dice.randint(1, 6)))
            lines.append("".join(kept))
        else:
            lines.append(line)
    return "\n".join(lines)


def page(text: str, seed: int) -> bytes:
    """The text as an article of a page with the furniture of a government website: about 60 KB of UTF-8."""
    dice = random.Random(seed)  # noqa: S311 - a corpus, no secret
    title, *lines = [line for line in text.splitlines() if line.strip()]
    style = "".join(
        f".m{i}{{float:left;width:{dice.randint(10, 400)}px;color:#{i:06x};background:url(/images/b{i}.png)}}\n"
        for i in range(150)
    )
    script = "".join(
        f"var s{i}=function(a){{return a.replace(/x{i}/g,'{dice.random():.9f}')}};\n" for i in range(150)
    )
    links = "".join(
        f'<li class="nav-item m{i % 150}"><a href="/col/col{dice.randint(1000, 99999)}/index.html" target="_blank" '
        f'title="{(word := dice.choice(_WORDS))}">{word}</a></li>\n'
        for i in range(130)
    )
    footer = "".join(f'<a href="/link/{i}.html">友情链接{i}</a> | ' for i in range(60))
    body = "\n".join(
        f'<p style="text-indent:2em;line-height:1.8;font-family:仿宋_GB2312;font-size:16pt;"><span>{escape(line)}</span></p>'
        for line in lines
    )
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}_某区人民政府</title>'
        f'<meta name="ArticleTitle" content="{escape(title)}"><meta name="PubDate" content="2025-03-{dice.randint(1, 28):02d}">'
        f'<style>{style}</style><script>{script}</script></head><body><div class="top"><ul class="nav">{links}</ul></div>'
        f'<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a></div>'
        f'<div class="main"><h1>{escape(title)}</h1><div class="info">发布日期：2025-03-01　来源：某区司法局　浏览次数：{dice.randint(1, 999)}</div>'
        f'<div class="TRS_Editor" id="zoom">{body}</div></div><div class="footer">{footer}<p>版权所有 某区人民政府 ICP备00000000号</p></div>'
        f"</body></html>"
    ).encode()
