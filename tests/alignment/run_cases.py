"""Prints precision and recall of alignment on the planted cases: python tests/alignment/run_cases.py [tuned|held-out|all]."""

import sys
from collections import defaultdict

import cases

from nianbao.alignment.followup import followup
from nianbao.alignment.recurrence import Problem, recurrences
from nianbao.alignment.reuse import reuse


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


def main() -> None:
    which = sys.argv[1] if len(sys.argv) > 1 else "all"
    tasks = {"reuse": score_reuse, "follow-up": score_followups, "recurrence": score_recurrences}
    for task, score in tasks.items():
        scored = score(which)
        for kind, tally in scored.items():
            print(
                f"{task:12}{kind:14}{tally.right:5} right{tally.wrong:5} wrong{tally.missed:5} missed  precision {tally.precision:.3f}  recall {tally.recall:.3f}"
            )
            if kind != "together":
                for miss in tally.misses:
                    print("    ", miss)


if __name__ == "__main__":
    main()
