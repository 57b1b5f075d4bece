"""Tells pages that say 200 and are something else: not found, a suspended site, a challenge."""

from __future__ import annotations

import re

from nianbao.model import Document, Outcome
from nianbao.reading.sniffing import HTML

# Longer texts are articles, even those that quote such a phrase.
_LONGEST = 600
_SIGNS = (
    (
        Outcome.SOFT_404,
        r"页面(?:不存在|未找到|丢失|已删除|无法访问|找不到)|(?:找不到|未找到|没有找到).{0,12}(?:页面|网页|文件|资源|内容)"
        r"|(?:访问|请求|查看)的(?:页面|网页|内容|文章|信息|资源).{0,10}(?:不存在|已被?删除|已下线|已失效|找不到|未找到)"
        r"|(?:文章|信息|内容|网页|该页).{0,4}(?:不存在|已被?删除|已下线|已撤销)"
        r"|\b404\b.{0,30}(?:not found|错误|页面|error)|page not found|not found.{0,10}\b404\b|^404$|^not found$",
        "is a 'page not found' with status 200; look for the report's new address",
    ),
    (
        Outcome.SUSPENDED,
        r"(?:网站|站点|系统|服务).{0,8}(?:维护中|正在维护|暂停(?:访问|服务)|已?关闭|升级改造|已暂停|停止服务)|(?:暂停|停止)访问"
        r"|(?:域名|网站).{0,8}(?:未备案|被停用|已过期)|account suspended|this site (?:is|has been) suspended",
        "says that the site is suspended or under maintenance; try again later, or look for its new address",
    ),
    (
        Outcome.BLOCKED_CHALLENGE,
        r"安全验证|访问验证|人机验证|请完成.{0,6}验证|请(?:开启|启用).{0,10}(?:javascript|cookie)|(?:enable|requires) javascript"
        r"|访问(?:过于)?频繁|请求过于频繁|(?:访问|请求).{0,6}(?:被拦截|被拒绝|被阻断)|拦截.{0,10}请求|access denied|checking your browser",
        "is a challenge or a refusal instead of the page; import the report as a file",
    ),
)
_PATTERNS = tuple(
    (outcome, re.compile(pattern, re.IGNORECASE | re.MULTILINE), sentence)
    for outcome, pattern, sentence in _SIGNS
)


def error_page(document: Document) -> tuple[Outcome, str] | None:
    """SOFT_404, SUSPENDED or BLOCKED_CHALLENGE with a sentence for a page that is none; None for all others.

    The sentence goes behind the page's address.
    """
    if document.media_type != HTML or len(document.text) > _LONGEST:
        return None
    said = f"{document.title}\n{document.text}"
    for outcome, pattern, sentence in _PATTERNS:
        match = pattern.search(said)
        if match:
            return outcome, f"{sentence} (it says “{match[0].strip()}”)"
    return None
