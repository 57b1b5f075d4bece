"""The numbers that Word draws before paragraphs of a list: 一、 (一) 1. stand in no text, only in the list's rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "japaneseDigitalTenThousand",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)
# Marks after which the text follows at once; behind others stands a blank.
_CLOSE = re.compile(r"[、．）)】〕：]$|^$")


@dataclass(frozen=True, slots=True)
class Level:
    """One depth of a list: its first number, how numbers are written (names of .docx), and what is drawn: %1 is
    the number of the first depth."""

    start: int = 1
    style: str = "decimal"
    pattern: str = ""


@dataclass(slots=True)
class ListNumbers:
    """Counts the lists of one document. Ask for each paragraph once, in order."""

    _levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    _list_of: dict[str, str] = field(default_factory=dict)
    _styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Any) -> ListNumbers:
        """The lists of an opened python-docx document."""
        numbers = cls()
        part = next(
            (r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None
        )
        if part is not None:
            numbers._read_lists(part.element)
            for style in document.styles.element.iter(f"{_W}style"):
                used = _numbering(style)
                if used:
                    numbers._styles[style.get(f"{_W}styleId")] = used
        return numbers

    def before(self, paragraph: Any) -> str:
        """What Word draws before this paragraph, '' for one that is in no numbered list."""
        used = _numbering(paragraph) or self._styles.get(_value(paragraph, "pPr", "pStyle"))
        return self.next(*used) if used else ""

    def next(self, number: str, depth: int) -> str:
        """Counts on in a list, by the number that paragraphs name it by, and writes what is drawn."""
        if number not in self._list_of:
            return ""
        key = self._list_of[number]
        levels, counts = self._levels[key], self._counts.setdefault(key, {})
        level = levels.get(depth)
        if level is None or level.style in ("bullet", "none"):
            return ""
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = levels.get(at, level)
            return _write(counts.get(at, shown.start), shown.style)

        text = re.sub(r"%([1-9])", written, level.pattern)
        return text if _CLOSE.search(text) else text + " "

    def add(self, key: str, levels: Mapping[int, Level]) -> None:
        """A list's levels by depth."""
        self._levels[key] = dict(levels)

    def use(self, number: str, key: str, starts: Mapping[int, int]) -> None:
        """The number by which paragraphs name a list; starts: depths that begin anew, with their first number."""
        if starts:  # a list that begins anew counts for itself
            levels = self._levels[key]
            key = f"num {number}"
            self._levels[key] = {
                at: Level(starts.get(at, level.start), level.style, level.pattern)
                for at, level in levels.items()
            }
        self._list_of[number] = key

    def _read_lists(self, root: Any) -> None:
        for abstract in root.iter(f"{_W}abstractNum"):
            levels = {int(node.get(f"{_W}ilvl")): _level(node) for node in abstract.iter(f"{_W}lvl")}
            self.add(abstract.get(f"{_W}abstractNumId"), levels)
        for num in root.iter(f"{_W}num"):
            number, abstract_id = num.get(f"{_W}numId"), _value(num, "abstractNumId")
            if abstract_id not in self._levels:
                continue
            starts = {
                int(node.get(f"{_W}ilvl")): int(start)
                for node in num.iter(f"{_W}lvlOverride")
                if (start := _value(node, "startOverride"))
            }
            self.use(number, abstract_id, starts)


def _level(node: Any) -> Level:
    return Level(
        int(_value(node, "start") or 1), _value(node, "numFmt") or "decimal", _value(node, "lvlText")
    )


def _numbering(node: Any) -> tuple[str, int] | None:
    number = _value(node, "pPr", "numPr", "numId")
    return (number, int(_value(node, "pPr", "numPr", "ilvl") or 0)) if number else None


def _value(node: Any, *names: str) -> str:
    """The w:val of a descendant, '' where there is none."""
    found = node.find("/".join(f"{_W}{name}" for name in names))
    return "" if found is None else found.get(f"{_W}val") or ""


def _write(number: int, style: str) -> str:
    if style in _CHINESE and 0 <= number < 100:
        tens, ones = divmod(number, 10)
        head = "" if tens == 0 else ("" if tens == 1 else _DIGITS[tens]) + "十"
        return head + (_DIGITS[ones] if ones or not tens else "")
    if style == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if style in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr((0x61 if style == "lowerLetter" else 0x41) + number - 1)
    return str(number)
