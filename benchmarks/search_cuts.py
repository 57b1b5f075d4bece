"""Two ways to cut Chinese text for a search index: overlapping pairs of characters, and words of a dictionary.

    python benchmarks/search_cuts.py --peers PYTHON [--texts N]

--peers names an interpreter with rjieba (make bench-search makes it). Lines of generated reports are indexed, and pieces of them
looked for; what should be found is what Python's `in` finds.
"""

# ruff: noqa: S311 - chance for queries

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import tantivy
from corpus import texts

from nianbao.search.folding import fold, indexed, pairs

_PEER = """
import json, sys, time, rjieba
cut = rjieba.cut_for_search if sys.argv[1] == "overlapping" else rjieba.cut
rows = [json.loads(line) for line in sys.stdin]
started = time.process_time()
made = [" ".join(word for word in cut(row) if word.strip()) for row in rows]
print(time.process_time() - started)
for row in made:
    print(json.dumps(row))
"""
_SEED = 3
_PIECES = 1_000


def peer(interpreter: str, how: str, rows: Sequence[str]) -> tuple[float, list[str]]:
    """Cuts rows into words with rjieba: processor seconds, and per row its words with blanks between."""
    lines = "\n".join(json.dumps(row) for row in rows)
    done = subprocess.run(
        [interpreter, "-c", _PEER, how], input=lines, capture_output=True, text=True, check=True
    )
    seconds, *made = done.stdout.splitlines()
    return float(seconds), [json.loads(row) for row in made]


def own(rows: Sequence[str]) -> tuple[float, list[str]]:
    """The same with pairs."""
    started = time.process_time()
    made = [indexed(row) for row in rows]
    return time.process_time() - started, made


def measure(
    name: str,
    cut_seconds: float,
    cut: Sequence[str],
    queries: Sequence[Sequence[str]],
    expected: Sequence[set[int]],
    *,
    phrase: bool,
) -> None:
    """Indexes rows that are cut, asks, and prints a line."""
    with tempfile.TemporaryDirectory() as folder:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
        builder.add_integer_field("row", fast=True)
        index = tantivy.Index(builder.build(), path=folder)
        index.register_tokenizer(
            "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        writer = index.writer(100_000_000, 1)
        started = time.process_time()
        for number, row in enumerate(cut):
            writer.add_document(tantivy.Document(text=row, row=number))
        writer.commit()
        writer.wait_merging_threads()
        seconds = time.process_time() - started
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        index.reload()
        found, took = _asked(index, queries, len(cut), phrase)
    wanted = sum(map(len, expected))
    right = sum(len(ours & truly) for ours, truly in zip(found, expected, strict=True))
    whole = sum(ours == truly for ours, truly in zip(found, expected, strict=True))
    took.sort()
    print(
        f"{name:38}{cut_seconds:8.1f}{seconds:8.1f}{size / 1e6:8.1f}{right / wanted:10.3f}"
        f"{right / max(1, sum(map(len, found))):10.3f}{whole / len(expected):10.3f}{took[len(took) * 95 // 100] * 1000:10.2f}"
    )


def _asked(
    index: tantivy.Index, queries: Sequence[Sequence[str]], rows: int, phrase: bool
) -> tuple[list[set[int]], list[float]]:
    searcher, schema = index.searcher(), index.schema
    found, took = [], []
    for words in queries:
        started = time.perf_counter()
        terms = [(tantivy.Occur.Must, tantivy.Query.term_query(schema, "text", word)) for word in words]
        query = (
            tantivy.Query.phrase_query(schema, "text", list(words))
            if phrase and len(words) > 1
            else tantivy.Query.boolean_query(terms)
        )
        hits = searcher.search(query, rows).hits
        took.append(time.perf_counter() - started)
        values = searcher.fast_field_values("row", [address for _, address in hits])
        found.append({int(value) for value in values if value is not None})
    return found, took


def main() -> None:
    """Prints one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", required=True)
    parser.add_argument("--texts", type=int, default=1_000)
    given = parser.parse_args()
    rows = [fold(line) for text in texts(given.texts) for line in text.splitlines() if len(line) > 10]
    chance = random.Random(_SEED)
    pieces = []
    while len(pieces) < _PIECES:
        row, length = chance.choice(rows), chance.randint(2, 8)
        first = chance.randrange(len(row) - length)
        piece = row[first : first + length]
        if piece.isalnum():
            pieces.append(piece)
    expected = [{number for number, row in enumerate(rows) if piece in row} for piece in pieces]
    print(
        f"{len(rows):,} lines, {sum(map(len, rows)):,} characters; {_PIECES:,} pieces of 2 to 8 characters\n"
    )
    print(
        f"{'cut':38}{'cut s':>8}{'index s':>8}{'MB':>8}{'recall':>10}{'precision':>10}{'all right':>10}{'p95 ms':>10}"
    )
    seconds, cut = own(rows)
    measure("pairs, as a phrase", seconds, cut, [pairs(piece) for piece in pieces], expected, phrase=True)
    splits: Sequence[tuple[str, str, bool]] = (
        ("words, as a phrase", "words", True),
        ("overlapping words, all of them", "overlapping", False),
    )
    for name, how, phrase in splits:
        seconds, cut = peer(given.peers, how, rows)
        queries = [row.split() for row in peer(given.peers, how, pieces)[1]]
        measure(f"rjieba: {name}", seconds, cut, queries, expected, phrase=phrase)


if __name__ == "__main__":
    main()
