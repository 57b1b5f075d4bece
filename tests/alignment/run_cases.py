"""Prints precision and recall of alignment on the planted cases, with every miss.

PYTHONPATH=tests python -m alignment.run_cases
"""

from collections import defaultdict

from nianbao.alignment.followup import followup
from nianbao.alignment.recurrence import Problem, recurrences
from nianbao.alignment.reuse import reuse

from . import cases


def score_followups(which: str) -> dict[str, cases.Tally]:
    tallies: dict[str, cases.Tally] = defaultdict(cases.Tally)
    wordings = cases.wordings("commitments", which)
    for kind, promise, text, start, end in cases.followups(wordings):
        (found,) = followup([promise], text)
        planted = start >= 0
        right = planted and found is not None and found.start < end and start < found.end
        shown = f"{promise} → {text[start:end] if planted else '-'} | {text[found.start : found.end] if found else '-'} {found.score if found else ''}"
        for name in (kind, "together"):
            tallies[name].add(shown, planted, found is not None, right)
    return tallies


def score_recurrences(which: str) -> dict[str, cases.Tally]:
    tallies: dict[str, cases.Tally] = defaultdict(cases.Tally)
    wordings = cases.wordings("shortcomings", which)
    for kind, one, other, planted in cases.recurrences(wordings):
        found = bool(recurrences([Problem(2021, ("a", 0), one), Problem(2022, ("b", 0), other)]))
        for name in (kind, "together"):
            tallies[name].add(f"{one} | {other}", planted, found, planted and found)
    return tallies


def score_reuse(which: str) -> dict[str, cases.Tally]:
    tallies: dict[str, cases.Tally] = defaultdict(cases.Tally)
    for earlier, later, planted in cases.reuses(cases.wordings("paragraphs", which)):
        found = {match.later_start: match for match in reuse(earlier, later).matches}
        for words, (kind, source) in planted.items():
            start = later.rfind("\n", 0, later.index(words)) + 1
            match = found.get(start)
            right = (
                match is not None
                and bool(source)
                and source in earlier[match.earlier_start : match.earlier_end]
            )
            right = right and (match.manner == "verbatim") == (kind in ("verbatim", "wrapped"))
            for name in (kind, "together"):
                tallies[name].add(f"{words} {match}", bool(source), match is not None, right)
    return tallies


TASKS = {"reuse": score_reuse, "follow-up": score_followups, "recurrence": score_recurrences}


def main() -> None:
    for which in ("tuned", "held-out"):
        print(f"wordings {which}")
        for task, score in TASKS.items():
            for kind, tally in score(which).items():
                print(
                    f"  {task:12}{kind:12}{tally.cases:5} cases{tally.right:5} right{tally.wrong:4} wrong"
                    f"{tally.missed:4} missed   precision {_share(tally.precision)}  recall {_share(tally.recall)}"
                )
                if kind != "together":
                    print(
                        *(f"      {miss}" for miss in tally.misses),
                        sep="\n",
                        end="\n" if tally.misses else "",
                    )


def _share(value: float | None) -> str:
    return "    -" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
