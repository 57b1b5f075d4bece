"""What a website prints below a text: counters, addresses, licences, links. It belongs to no section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..text.cleaning import Line

_BEGINS = re.compile(
    r"[\[【(]?\s?(?:(?:本[文页站])?(?:浏览|阅读|点击|访问)(?:[次总]?数?量?|人数|人次)\s?[::]|(?:责任)?编辑\s?[::]|(?:信息)?(?:审[核签]|校对|初审|复审|终审|录入|作者|供稿|撰稿)\w{0,2}\s?[::]|"
    r"(?:文章|信息|稿件)?来源\s?[::]|字[体号]\s?[::]|[打列]印|关闭|分享|收藏|返回|上一[篇条页]|下一[篇条页]|扫[一描]|相关(?:链接|文[档章件]|附件|新闻|稿件|阅读|信息)|"
    r"版权|主办|承办|技术支持|网站(?:标识|地图|支持|声明|管理|维护|主办|首页|导航)|联系(?:我们|电话|方式|地址|人)|(?:单位|办公|通[信讯]|联系)?地址\s?[::]|"
    r"邮(?:编|政编码|箱)\s?[::]|(?:办公|咨询|值班|监督|举报|服务|传真)?电话\s?[::]|传真\s?[::]|政府网站|建议使用|关于我们|隐私|友情链接|无障碍|(?:办公|工作)时间\s?[::]|"
    r"您是第|本站|Copyright|©)",
    re.IGNORECASE,
)
_HOLDS = re.compile(r"ICP备|公网安备|网站标识码|版权所有|浏览器|分享到|浏览次数|阅读次数|技术支持:")
_LONGEST_TAIL, _LONGEST_LINE = 30, 160


def without_tail(lines: Sequence[Line]) -> int:
    """How many of the lines are left when those that a website prints below the text are taken away."""
    count = len(lines)
    lowest = max(0, count - _LONGEST_TAIL)
    while count > lowest and _printed_below(lines[count - 1].text):
        count -= 1
    return count


def _printed_below(text: str) -> bool:
    if len(text) > _LONGEST_LINE:
        return False
    if _HOLDS.search(text):
        return True
    return text[-1] not in "。;!" and _BEGINS.match(text) is not None
