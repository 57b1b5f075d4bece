"""Planted cases for alignment, made from the wordings of planted/, seeded: what was planted, and whether it was found.

The matcher was tuned on one set of wordings; the held-out ones were written after its word list and never tuned on. A
case is scored as right (what was planted, where it was planted), wrong (something else) or missed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import yaml

PLANTED = Path(__file__).with_name("planted")


@dataclass
class Tally:
    """right: planted and found; wrong: found and not planted (there); missed: planted and not found."""

    cases: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, case: str, planted: bool, found: bool, right: bool) -> None:
        self.cases += 1
        self.right += right
        self.wrong += found and not right
        self.missed += planted and not right
        if found != planted or (found and not right):
            self.misses.append(case)

    @property
    def precision(self) -> float | None:
        """None where nothing was planted: look-alikes are counted in the precision of all kinds together."""
        return self.right / (self.right + self.wrong) if self.right + self.missed else None

    @property
    def recall(self) -> float | None:
        return self.right / (self.right + self.missed) if self.right + self.missed else None


def wordings(task: str, which: str) -> list[dict]:
    """The wordings of a task (commitments, shortcomings, paragraphs): tuned, held-out or all."""
    names = sorted(path.name for path in PLANTED.glob(f"{task}*.yml"))
    chosen = [name for name in names if which == "all" or (which == "held-out") == ("held_out" in name)]
    return [
        case | {"file": name}
        for name in chosen
        for case in yaml.safe_load((PLANTED / name).read_text(encoding="utf-8"))
    ]


def report(lines: list[str], dice: random.Random, planted: str = "") -> tuple[str, int, int]:
    """A text of paragraphs made of these sentences, with the span of the planted one among them."""
    order = [*lines, planted] if planted else list(lines)
    dice.shuffle(order)
    text, start, end = "", -1, -1
    for number, line in enumerate(order):
        if number % 3 == 0:
            text += ("\n" if text else "") + f"（{'一二三四五六七八九十'[number // 3 % 10]}）"
        if line == planted:
            start, end = len(text), len(text) + len(line)
        text += line + "。"
    return text, start, end


STOCK = [
    "在上级党委和政府领导下，以习近平法治思想为根本遵循，持续用力建设法治政府",
    "进一步加强组织领导，健全工作机制，层层压实责任，推动各项任务落地见效",
    "不断完善制度体系，强化监督管理，依法行政水平持续提升",
    "切实提高政治站位，统筹谋划部署，确保法治建设各项工作有序开展",
    "围绕中心服务大局，加强队伍建设，推进治理体系和治理能力现代化",
]


def followups(cases: list[dict], seed: int = 0) -> Iterator[tuple[str, str, str, int, int]]:
    """(kind, commitment, later text, start, end of the passage planted; -1 where none was)."""
    for number, case in enumerate(cases):
        dice = random.Random(seed * 1000 + number)
        # Two files may speak of the same matter, and what is told of one would follow the other up.
        others = [other for other in cases if other is not case and other["file"] == case["file"]]

        def world(dice=dice, others=others, case=case) -> list[str]:
            lines = [dice.choice(other["told"]) for other in dice.sample(others, min(14, len(others)))]
            return [*lines, *dice.sample(STOCK, 3), *case["near"]]

        plants = [("verbatim", case["promise"]), ("edited", case["edited"])]
        plants += [("paraphrased", words) for words in case["told"]]
        for kind, words in plants:
            yield (kind, case["promise"], *report(world(), dice, words))
        for _ in range(2):
            yield ("look-alike", case["promise"], *report(world(), dice))


def recurrences(cases: list[dict]) -> Iterator[tuple[str, str, str, bool]]:
    """(kind, problem of one year, problem of another, whether they are the same)."""
    for number, case in enumerate(cases):
        told = case["told"]
        for words in told:
            yield "verbatim", words, words, True
            yield "edited", words, f"一是{words.replace('，', '，同时')}的问题仍然存在", True
        yield from (("paraphrased", one, other, True) for one, other in combinations(told, 2))
        for near in case["near"]:
            yield from (("look-alike", words, near, False) for words in told)
        other = cases[(number + 1) % len(cases)]
        yield from (("unrelated", one, two, False) for one, two in zip(told, other["told"], strict=False))


def reuses(cases: list[dict], seed: int = 0) -> Iterator[tuple[str, str, dict[str, tuple[str, str]]]]:
    """(earlier text, later text, later paragraph → (kind, earlier paragraph; '' for one that is new))."""
    for number in range(len(cases)):
        dice = random.Random(seed * 1000 + number)
        chosen = dice.sample(cases, min(8, len(cases)))
        planted: dict[str, tuple[str, str]] = {}
        kinds = ("verbatim", "numbers", "edited", "wrapped", "look-alike", "merged", "shortened", "verbatim")
        for kind, case in zip(kinds, chosen, strict=False):
            source = "" if kind == "look-alike" else case["told"]
            planted[_changed(case, kind, dice)] = (kind, source)
        new = [case["near"] for case in cases if case not in chosen][:3]
        planted |= dict.fromkeys(new, ("look-alike", ""))
        order = list(planted)
        dice.shuffle(order)
        earlier = "\n".join(f"（{'一二三四五六七八'[at]}）{case['told']}" for at, case in enumerate(chosen))
        yield earlier, "\n".join(f"{at + 1}.{words}" for at, words in enumerate(order)), planted


def _changed(case: dict, kind: str, dice: random.Random) -> str:
    """The paragraph of a case as a later report has it."""
    told = case["told"]
    if kind == "numbers":
        return re.sub(r"\d+", lambda match: str(int(match.group()) + dice.randint(1, 40)), told)
    if kind == "wrapped":
        return "\n".join(told[at : at + 34] for at in range(0, len(told), 34))
    if kind == "merged":
        return f"{told}{dice.choice(STOCK)}。"
    if kind == "shortened":
        return told[: told.rindex("，")] + "。"
    return {"edited": case["edited"], "look-alike": case["near"]}.get(kind, told)
