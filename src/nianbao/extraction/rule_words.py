"""What the names of rules mean, for people: why a number is a figure, why it is none, where a value was read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# rule of a figure → (English, Chinese)
ACCEPTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "quantity.arabic": ("a number in digits with a unit", "阿拉伯数字带量词"),
        "quantity.chinese": ("a number in Chinese numerals with a unit", "汉字数字带量词"),
        "quantity.range": ("two bounds with one unit", "数值区间带量词"),
        "quantity.part": ("a part in brackets, counted like the figure before them", "括号内分项，单位同前"),
        "quantity.row": ("a row of a table whose unit stands above it", "表格行，单位见表头"),
        "quantity.share": ("a share or a multiple in words", "以文字表示的比例或倍数"),
    }
)

# rule of a rejection → (English, Chinese)
REJECTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "title_numeral": ("stands in a title 《…》", "位于书名号内"),
        "slogan": ("part of a slogan or of a coined name", "属于口号或提法"),
        "slogan_expansion": ("spells a slogan out", "口号的展开说明"),
        "doc_number": ("part of a document number", "属于文号"),
        "plan_period": ("the years of a plan", "规划起止年份"),
        "date": ("a date or a time", "日期或时间"),
        "identifier": ("names something: a version, a telephone, a house", "编号、版本、电话等标识"),
        "ordinal": ("says which one, not how many", "序数，不表示数量"),
        "lexical": ("part of a set phrase or of a word", "固定词语的一部分"),
        "nickname": ("the everyday name of a policy (黄金10条)", "政策的通称"),
        "time_of_day": ("a time of day", "钟点"),
        "broken_number": ("digits torn apart, no one can tell where the number begins", "被拆散的数字"),
        "out_of_range": ("too large or too precise to be a count", "超出可存储的范围"),
        "vague": ("says no definite number (数十家)", "不确定的概数"),
        "frequency": ("counts per week, month or single thing", "频次或单位定额"),
        "threshold": ("a limit that defines a class", "界定范围的标准线"),
        "deadline": ("a time limit", "办理时限"),
        "duration": ("a length of time that is no measured result", "时间长度，并非考核结果"),
        "zero_claim": ("a claim of nothing without a counted unit", "未计数的“零”表述"),
        "classification": ("structure, not a count", "分类或结构用语"),
        "indefinite": ("一 as an article, not a count", "“一”不表示计数"),
    }
)


def words(rule: str, *, chinese: bool = False) -> str:
    """The sentence of a rule; the rule's own name where none is written down."""
    found = ACCEPTED.get(rule) or REJECTED.get(rule)
    return found[chinese] if found else rule
