"""How time grows with length: every strange text of tests/extraction/fuzz_corpus.py at one length and at twice that, and 10 MB.

    python benchmarks/growth.py [LENGTH]        (50,000 characters unless told otherwise)

Prints the texts that take longest with the ratio of the two times (2 where work is linear), and the whole's extremes.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from nianbao.extraction import Extractor
from nianbao.registry import load_registry
from nianbao.settings import project_dir

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "extraction"))
from fuzz_corpus import RECIPES

_SHOWN = 12
# Shorter times say more about the machine's mood than about the text.
_LEAST_SECONDS = 0.1


def main() -> None:
    """Prints seconds, ratios and, for the 10 MB texts, the peak of resident memory so far in MiB."""
    length = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    extractor = Extractor(load_registry(project_dir("data"), project_dir("data")))
    rows = []
    for name, recipe in RECIPES.items():
        once, twice = (_seconds(extractor, recipe(size)) for size in (length, 2 * length))
        rows.append((twice, twice / once if once else 0.0, name))
    rows.sort(reverse=True)
    for twice, ratio, name in rows[:_SHOWN]:
        print(f"{name:40}{twice:8.2f} s at {2 * length:,} characters, {ratio:5.2f} times the half")
    ratios = [ratio for twice, ratio, _ in rows if twice >= _LEAST_SECONDS]
    print(
        f"{len(rows)} texts; ratios of the {len(ratios)} that take {_LEAST_SECONDS} s: {min(ratios):.2f} to {max(ratios):.2f}"
    )
    for name in ("report_on_one_line", "report_again"):
        text = RECIPES[name](10_000_000 * 1000 // len((RECIPES[name](1000)).encode()))
        seconds = _seconds(extractor, text)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}, {len(text.encode()) / 1e6:.1f} MB: {seconds:.1f} s, peak {peak:,.0f} MiB", flush=True)


def _seconds(extractor: Extractor, text: str) -> float:
    started = time.process_time()
    extractor.extract(text)
    return time.process_time() - started


if __name__ == "__main__":
    main()
