"""Speed of extraction and reading beside what others offer, in one run: medians over rounds, contenders in turn.

    python benchmarks/speed.py [--peers PYTHON] [--rounds N] [--profile]

--peers names the interpreter that the peers are installed in (make bench makes it from benchmarks/requirements.txt).
Each contender is a process of its own on one core; in every round each works through the corpus once, so that a
machine's moods fall on all alike. --profile prints instead where the time of reading and extraction goes.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from corpus import page, texts
from layers import seconds_per_layer, table

OWN = ("nianbao text", "nianbao HTML", "nianbao reading", "selectolax text")
# peer → how many texts of the corpus it is given: the slow ones would take minutes for all
PEERS = {"rjieba tag": 1.0, "jieba posseg": 0.1, "recognizers-text number": 0.04}
HERE = Path(__file__).parent


def main() -> None:
    """Prints one table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--texts", type=int, default=300)
    parser.add_argument("--profile", action="store_true", help="the share of each layer instead")
    given = parser.parse_args()
    corpus = texts(given.texts)
    pages = [page(text, number) for number, text in enumerate(corpus)]
    chars = statistics.mean(map(len, corpus))
    size = statistics.median(map(len, pages)) / 1000
    print(
        f"{len(corpus)} reports, mean {chars:,.0f} characters; pages, median {size:.0f} KB; {given.rounds} rounds\n"
    )
    if given.profile:
        print(table(seconds_per_layer(pages, given.rounds), len(pages)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for text, body in zip(corpus, pages, strict=True):
                print(json.dumps({"text": text, "page": base64.b64encode(body).decode()}), file=out)
        shares = dict.fromkeys(OWN, 1.0) | (PEERS if given.peers else {})
        runners = {
            name: _start(name, given.peers if name in PEERS else sys.executable, path) for name in shares
        }
        rates: dict[str, list[float]] = {name: [] for name in shares}
        for _ in range(given.rounds):
            for name, share in shares.items():
                count = max(1, int(len(corpus) * share))
                rates[name].append(count / _pass(runners[name], count))
        for runner in runners.values():
            runner.terminate()
    own = statistics.median(rates["nianbao text"])
    print(f"{'':26}{'reports/s':>12}{'lowest':>10}{'highest':>10}{'chars/s':>14}{'of nianbao text':>18}")
    for name, values in rates.items():
        middle = statistics.median(values)
        print(
            f"{name:26}{middle:12,.1f}{min(values):10,.1f}{max(values):10,.1f}{middle * chars:14,.0f}{middle / own:18.3f}"
        )


def _start(name: str, python: str, corpus: Path) -> subprocess.Popen[str]:
    core = sorted(os.sched_getaffinity(0))[0]
    runner = subprocess.Popen(
        [python, str(HERE / "contender.py"), name, str(corpus)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    os.sched_setaffinity(runner.pid, {core})
    if runner.stdout is None or runner.stdout.readline() != "ready\n":
        sys.exit(f"{name} did not start with {python}; see above")
    return runner


def _pass(runner: subprocess.Popen[str], count: int) -> float:
    if runner.stdin is None or runner.stdout is None:
        raise RuntimeError("no pipes")
    print(count, file=runner.stdin, flush=True)
    return float(runner.stdout.readline())


if __name__ == "__main__":
    main()
