"""What a page prints around a report and is no part of it: breadcrumbs, counters, buttons, footers.

Texts that were copied out of a page carry the same lines, so plain text is freed of them too: a report gives the same
text whichever way it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Labels of what a page prints about its article, letter-spaced or not.
_LABELS = (
    "索引号 分类 主题分类 组配分类 体裁 体裁分类 所属类目 发布机构 发文机关 发文机构 制发机构 机构名称 公开主体 成文日期 成文时间 生成日期"
    " 发文日期 发布日期 发布时间 公开日期 公开时间 更新时间 更新日期 信息提供日期 印发日期 名称 标题 信息名称 文件名称 文号 发文字号 文件编号 主题词"
    " 有效性 时效 时效性 公开方式 公开类别 公开属性 统一编号 来源 信息来源 文章来源 稿件来源 发布部门 源自 日期 时间 作者 责任编辑"
)
# Most lines begin with none of the labels' first characters, which costs one look instead of sixty.
_FIRST = "".join(sorted({label[0] for label in _LABELS.split()}))
_LABEL = (
    rf"(?=[{_FIRST}])(?:" + "|".join(r"\s*".join(label) for label in _LABELS.split()) + r")(?=\s*[:：|]|\s|$)"
)
LABEL = re.compile(r"[•·●|\s]*" + _LABEL)
# In the pieces of text of a box, one a line: whether one of its lines may begin with a label.
HOLDS_LABEL = re.compile(r"^[•·●|\s]{0,9}" + _LABEL, re.MULTILINE)
# Lines that are furniture by how they begin.
_BEGINS = re.compile(
    r"(?=[您当前的现位首主承技打关收返字分扫上相联办单地【\[])(?:"
    r"(?:您?当?前?的?(?:现在)?的?位置|您现在的位置是?|当前位置|首页)\s*(?:[:：>»]|$).*"
    r"|(?:主办|承办|技术支持)(?:单位)?\s*[:：].{0,60}"
    r"|[【\[]?(?:打印|关闭|收藏|返回|字体|字号|分享|扫一扫|上一篇|下一篇|相关(?:链接|文档|阅读|附件下载)).{0,40}"
    r"|(?:联系|办公|单位)?地址\s*[:：].{0,80}邮(?:政编码|编)\s*[:：]?\s*\d{6}.*)$"
)
# Lines that are furniture by what they hold anywhere.
_HOLDS = re.compile(
    r"20\d\d年\d{1,2}月\d{1,2}日\s*星期[一二三四五六日天]|^(?:进入)?(?:无障碍|长者(?:模式|版|助手)|关怀版)|版权所有|ICP备|公网安备|网站标识码|您是(?:本(?:站|网站|页)的?)?第.{0,20}位(?:访客|访问者|浏览者)|正文内容区域请使用"
    r"|(?:浏览|访问|阅读|点击)(?:次数|量|数)\s*[:：]?\s*\d*\s*次?$|(?:IE|浏览器).{0,12}版本"
)
# The same things at the end of a line that also holds facts.
_TRAILING_FURNITURE = re.compile(
    r"\s*[|｜]?\s*(?:(?:浏览|访问|阅读|点击)(?:次数|量|数)|(?:字\s*[体号])|分享到?|视力保护色|打印|[【\[]\s*(?:打印|关闭|大))\s*[:：\]】]?.*$"
)
# Longer lines are prose: a report may speak of page views.
FACT_LENGTH = 200


def trimmed(texts: Iterable[str]) -> Iterable[str]:
    """Lines without furniture: such lines are left out, and cut off behind the facts that share a line with them."""
    for text in texts:
        if len(text) > FACT_LENGTH:
            yield text
        elif LABEL.match(text):
            cut = _TRAILING_FURNITURE.sub("", text).rstrip()
            if cut:
                yield cut
        elif not _BEGINS.match(text) and not _HOLDS.search(text):
            yield text
