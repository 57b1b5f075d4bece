"""Speed of reading beside the bare parsers, and of pages beside trafilatura, with the quality of the text, in one run.

    python benchmarks/reading.py [--peers PYTHON] [--rounds N] [--seed N]

The corpus is what a simulated world publishes, and pages of 51 KB (corpus.py). --peers names the interpreter that
trafilatura is installed in (benchmarks/requirements.txt). Each contender is a process of its own on one core; in every
round each works through its files once. Quality is the mean F1 of the report's text: of its lines, and of its runs of five
characters, which forgives lines that are joined or cut; blanks do not count, nor do lines that begin with the label of a fact
(the date, the number): nianbao keeps those on purpose, and they are in no report's text.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

Work = Callable[[bytes], object]
# contender → the corpora it works through; the first of a corpus is the bare parser that the others are measured by
CONTENDERS = {
    "selectolax": ("large pages", "pages"),
    "pypdfium2": ("PDF",),
    "python-docx": ("DOCX",),
    "nianbao": ("large pages", "pages", "PDF", "DOCX"),
    "trafilatura": ("large pages", "pages"),
}


def main() -> None:
    """Prints one table, or serves as a contender."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--serve", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        _serve(given.serve[0], Path(given.serve[1]))
        return
    corpora = _corpora(given.seed)
    names = [name for name in CONTENDERS if given.peers or name != "trafilatura"]
    with tempfile.TemporaryDirectory() as folder:
        for name, items in corpora.items():
            rows = [base64.b64encode(body).decode() for _, body in items]
            (Path(folder) / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
        runners = {
            name: _start(name, given.peers if name == "trafilatura" else sys.executable, folder)
            for name in names
        }
        seconds: dict[tuple[str, str], list[float]] = {}
        for _ in range(given.rounds):
            for corpus in corpora:
                for name in (name for name in names if corpus in CONTENDERS[name]):
                    seconds.setdefault((corpus, name), []).append(
                        float(_ask(runners[name], f"time {corpus}"))
                    )
        texts = {
            key: [_without_facts(text) for text in json.loads(_ask(runners[key[1]], f"text {key[0]}"))]
            for key in seconds
        }
        for runner in runners.values():
            runner.terminate()
    print(
        f"{'':26}{'files':>7}{'KB':>7}{'files/s':>10}{'of bare time':>14}{'lines F1':>10}{'runs F1':>9}{'failed':>8}"
    )
    for (corpus, name), values in seconds.items():
        items = corpora[corpus]
        middle = statistics.median(values)
        bare = statistics.median(next(v for (of, _), v in seconds.items() if of == corpus))
        said = texts[corpus, name]
        lines = statistics.mean(
            _f1(_lines(truth), _lines(own)) for (truth, _), own in zip(items, said, strict=True)
        )
        runs = statistics.mean(
            _f1(_runs(truth), _runs(own)) for (truth, _), own in zip(items, said, strict=True)
        )
        size = statistics.median(len(body) for _, body in items) / 1000
        print(
            f"{corpus + ', ' + name:26}{len(items):7}{size:7.0f}{len(items) / middle:10,.0f}{middle / bare:14.2f}"
            f"{lines:10.3f}{runs:9.3f}{sum(not own for own in said):8}"
        )


def _corpora(seed: int) -> dict[str, list[tuple[str, bytes]]]:
    """Name → the report's text, title first, and the file it stands in."""
    from urllib.parse import urlsplit

    from corpus import page, texts

    from nianbao.simulation import build_world

    world = build_world(seed=seed, districts=20, issuers=3, formats="all", quirks=True)
    found: dict[str, list[tuple[str, bytes]]] = {
        "large pages": [(text, page(text, number)) for number, text in enumerate(texts(100))],
        "pages": [],
        "PDF": [],
        "DOCX": [],
    }
    names = {"html": "pages", "pdf": "PDF", "docx": "DOCX"}
    for report in world.reports:
        parts = urlsplit(report.url)
        resource = world.sites[report.host].find(parts.path + (f"?{parts.query}" if parts.query else ""))
        if resource is not None and resource.status == 200 and report.format in names:
            truth = report.text if report.title_in_text else f"{report.title}\n{report.text}"
            found[names[report.format]].append((truth, resource.body))
    return found


def _without_facts(text: str) -> str:
    from nianbao.reading.furniture import LABEL

    return "\n".join(line for line in text.splitlines() if not LABEL.match(line))


def _lines(text: str) -> Counter[str]:
    return Counter(bare for line in text.splitlines() if (bare := "".join(line.split())))


def _runs(text: str) -> Counter[str]:
    bare = "".join(text.split())
    return Counter(bare[at : at + 5] for at in range(len(bare) - 4))


def _f1(truth: Counter[str], own: Counter[str]) -> float:
    return 2 * (truth & own).total() / max(1, truth.total() + own.total())


def _start(name: str, python: str, folder: str) -> subprocess.Popen[str]:
    runner = subprocess.Popen(
        [python, str(Path(__file__)), "--serve", name, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    os.sched_setaffinity(runner.pid, {sorted(os.sched_getaffinity(0))[0]})
    if runner.stdout is None or runner.stdout.readline() != "ready\n":
        sys.exit(f"{name} did not start with {python}; see above")
    return runner


def _ask(runner: subprocess.Popen[str], command: str) -> str:
    if runner.stdin is None or runner.stdout is None:
        raise RuntimeError("no pipes")
    print(command, file=runner.stdin, flush=True)
    answer = runner.stdout.readline()
    if not answer:
        sys.exit(f"a contender ended at '{command}'; see above")
    return answer


def _serve(name: str, folder: Path) -> None:
    """Works through a corpus per line of standard input; answers with its seconds or its texts. Loading is not timed."""
    bodies = {
        corpus: [base64.b64decode(row) for row in json.loads((folder / f"{corpus}.json").read_text())]
        for corpus in CONTENDERS[name]
    }
    work = _WORKS[name]()
    print("ready", flush=True)
    for line in sys.stdin:
        command, corpus = line.strip().split(" ", 1)
        started = time.perf_counter()
        results = [work(body) for body in bodies[corpus]]
        taken = time.perf_counter() - started
        print(taken if command == "time" else json.dumps(results), flush=True)


def _nianbao() -> Work:
    from nianbao.model import UnreadableError
    from nianbao.reading import read_document

    def work(body: bytes) -> object:
        try:
            return read_document(body, url="http://www.example.gov.test/a").text
        except UnreadableError:
            return ""

    return work


def _selectolax() -> Work:
    from selectolax.lexbor import LexborHTMLParser

    def work(body: bytes) -> object:
        # Decoding is part of the bare work; the simulated sites' pages are in three encodings.
        try:
            text = body.decode()
        except UnicodeDecodeError:
            text = body.decode("gb18030", "replace")
        found = LexborHTMLParser(text).body
        return found.text() if found is not None else ""

    return work


def _pypdfium2() -> Work:
    import pypdfium2

    def work(body: bytes) -> object:
        with pypdfium2.PdfDocument(body) as pdf:
            return "\n".join(page.get_textpage().get_text_range() for page in pdf)

    return work


def _python_docx() -> Work:
    import docx

    return lambda body: "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(body)).paragraphs)


def _trafilatura() -> Work:
    import trafilatura

    return lambda body: trafilatura.extract(body, include_comments=False) or ""


_WORKS: dict[str, Callable[[], Work]] = {
    "selectolax": _selectolax,
    "pypdfium2": _pypdfium2,
    "python-docx": _python_docx,
    "nianbao": _nianbao,
    "trafilatura": _trafilatura,
}


if __name__ == "__main__":
    main()
