"""The indicator handbook: what each indicator counts, in words, with its examples, from data/indicators.yml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from nianbao.explorer.language import translations
from nianbao.explorer.terms import TERMS
from nianbao.model import Indicator

_ENGLISH = translations("en").gettext
_KINDS = {kind: f"{word}, {_ENGLISH(word)}" for kind, word in TERMS["kind"].items()}
# Not in the bar at the side: more than a hundred lines there are no help, and Sphinx would write them into every page.
_HEAD = "---\norphan: true\n---\n\n"
_REACH = {
    "sentence": "in the sentence up to the number",
    "section": "in the sentence up to the number, the one before, or the heading",
    "around": "anywhere in the sentence; so may the words that name it",
}
_ABOUT = """# Indicator handbook 指标手册

Every indicator under which figures of different reports are compared, with the rules that decide what counts, from the same file that
the product reads. A change (同比增长…), an average (人均…), a part that would take the value of its whole, and another stage
of the number before are never values. [How extraction decides](../extraction.md) tells the order of the rules, and
[limits](../limits.md) how often they are right.
"""


def write_handbook(
    indicators: Sequence[Indicator], examples: Mapping[str, Sequence[object]], folder: Path
) -> None:
    """Writes a page for each indicator, and their list. examples: id → its entry's examples."""
    folder.mkdir()
    for indicator in indicators:
        text = _page(indicator, examples.get(indicator.indicator_id, ()))
        (folder / f"{indicator.indicator_id}.md").write_text(text, encoding="utf-8")
    rows = [
        f"| [{one.label}]({one.indicator_id}.md) | {one.label_en} | {one.unit} | {one.kind} | `{one.indicator_id}` |"
        for one in indicators
    ]
    kinds = "\n".join(f"- `{name}`: {said}" for name, said in _KINDS.items())
    table = "| 指标 | indicator | unit | kind | id |\n|---|---|---|---|---|\n" + "\n".join(rows)
    (folder / "index.md").write_text(f"{_ABOUT}\nKinds:\n\n{kinds}\n\n{table}\n", encoding="utf-8")


def _page(indicator: Indicator, examples: Iterable[object]) -> str:
    blocks = [
        f"{_HEAD}# {indicator.label} {indicator.label_en}\n\n[指标手册 Indicator handbook](index.md) ›\n\n| id | usual unit | kind |\n|---|---|---|\n"
        f"| `{indicator.indicator_id}` | {indicator.unit} | {_KINDS[indicator.kind]} |"
    ]
    alternatives = indicator.alternatives
    for number, rule in enumerate(alternatives, start=1):
        heading = (
            _both("定义") if len(alternatives) == 1 else f"{_both('定义')}, {number} of {len(alternatives)}"
        )
        blocks.append(f"## {heading}\n\n{_rule(indicator, rule)}")
    if indicator.breaks:
        told = "\n".join(f"- from {year}: {reason}" for year, reason in sorted(indicator.breaks.items()))
        blocks.append(f"## 口径变化 Breaks\n\nValues on the two sides are not compared.\n\n{told}")
    good = [_shown(text) for text in examples_of(examples, False)]
    bad = [_shown(text) for text in examples_of(examples, True)]
    if good:
        blocks.append("## 例句 Examples\n\nThe number in bold is its value.\n\n" + "\n".join(good))
    if bad:
        blocks.append("## 不算 Near misses\n\nNo number in these is a value of it.\n\n" + "\n".join(bad))
    return "\n\n".join(blocks) + "\n"


def examples_of(examples: Iterable[object], negative: bool) -> list[str]:
    """The sentences in which a number is a value, or those in which none is."""
    if negative:
        return [str(one["not"]) for one in examples if isinstance(one, Mapping) and "not" in one]
    return [one for one in examples if isinstance(one, str)]


def _rule(indicator: Indicator, rule: Mapping[str, object]) -> str:
    reach = str(rule.get("reach", ""))
    where = f" ({_REACH[reach]})" if reach in _REACH else ""
    lines = [
        f"- {_both('数字以这些单位计')}: {_either(indicator.units_of(rule))}",
        f"- {_both('附近出现这些词之一')} (its clause, or its measure): {_either(rule.get('triggers'))}",
    ]
    lines += [
        f"- {_both('并且出现其中之一')}{where}: {_either(group)}" for group in _groups(rule.get("requires"))
    ]
    if rule.get("excludes"):
        lines.append(f"- {_both('出现这些词则不算')}: {_either(rule['excludes'])}")
    if rule.get("not_part_of"):
        lines.append(f"- It is no part of a number with: {_either(rule['not_part_of'])}")
    if rule.get("sections"):
        lines.append(f"- It stands in a section of the kind: {_either(rule['sections'])}")
    if rule.get("carries"):
        lines.append("- The words that name it may stand earlier in the sentence.")
    return "\n".join(lines)


def _both(message: str) -> str:
    """A message of the explorer in both its languages."""
    return f"{message} {_ENGLISH(message)}"


def _groups(value: object) -> list[object]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        return []
    return list(value) if isinstance(value[0], list | tuple) else [value]


def _either(value: object) -> str:
    listed = [value] if isinstance(value, str) else list(value) if isinstance(value, Iterable) else []
    return " / ".join(map(str, listed))


def _shown(text: str) -> str:
    return "- " + escape(text).replace("*", "\\*").replace("【", "<b>").replace("】", "</b>")
