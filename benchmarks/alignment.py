"""Time of alignment per pair of consecutive reports: python benchmarks/alignment.py [PAIRS]

The reports are made of the planted paragraphs of tests/alignment: 60 paragraphs each, half of them taken over or edited,
20 commitments, and 10 shortcomings in each of ten years.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from nianbao.alignment.followup import followup
from nianbao.alignment.likeness import meaning
from nianbao.alignment.recurrence import Problem, recurrences
from nianbao.alignment.reuse import reuse

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from alignment import cases

_PARAGRAPHS, _COMMITMENTS, _YEARS, _PROBLEMS = 60, 20, 10, 10


def main() -> None:
    """Prints the median and the longest CPU time in milliseconds of each task, and the reports' length."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    dice = random.Random(1)  # noqa: S311
    told = [
        words
        for case in cases.wordings("paragraphs", "all")
        for words in (case["told"], case["edited"], case["near"])
    ]
    promises = [case["promise"] for case in cases.wordings("commitments", "all")]
    problems = [words for case in cases.wordings("shortcomings", "all") for words in case["told"]]

    def report() -> str:
        lines = [dice.choice(told).replace("全年", f"第{number}项") for number in range(_PARAGRAPHS)]
        return "\n".join(lines)

    reports = [(report(), report()) for _ in range(pairs)]
    print(f"{pairs} pairs of {statistics.mean(len(later) for _, later in reports):,.0f} characters")
    _timed("reuse", lambda pair: reuse(*pair), reports)
    _timed("follow-up", lambda pair: followup(dice.sample(promises, _COMMITMENTS), pair[1]), reports)
    _timed(
        "recurrence",
        lambda _: recurrences(
            [Problem(2015 + n % _YEARS, ("e", n), dice.choice(problems)) for n in range(_YEARS * _PROBLEMS)]
        ),
        reports,
    )


def _timed(name: str, work: Callable[[tuple[str, str]], object], reports: list[tuple[str, str]]) -> None:
    work(reports[0])  # the list of words is read once
    times = []
    for pair in reports:
        meaning.cache_clear()  # else the pair before, made of the same paragraphs, helps
        started = time.process_time()
        work(pair)
        times.append((time.process_time() - started) * 1000)
    print(f"{name:12}median {statistics.median(times):6.1f} ms   longest {max(times):6.1f} ms")


if __name__ == "__main__":
    main()
