"""One contender in one process: reads a corpus, works through it once per line on standard input, prints its seconds.

    python contender.py NAME CORPUS.jsonl        (lines of {"text": …, "page": base64 of the HTML bytes})

Loading is not timed. Peers run in an interpreter of their own, so only what a contender needs is imported.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Work = Callable[[str, bytes], object]


def _extraction() -> Work:
    from nianbao.extraction import Extractor
    from nianbao.registry import load_registry
    from nianbao.settings import project_dir

    registry = load_registry(project_dir("data"), project_dir("data"))
    extractor = Extractor(registry)
    return lambda text, page: extractor.extract(text)


def _from_html() -> Work:
    from nianbao.extraction import Extractor
    from nianbao.reading import read_document
    from nianbao.registry import load_registry
    from nianbao.settings import project_dir

    registry = load_registry(project_dir("data"), project_dir("data"))
    extractor = Extractor(registry)

    def work(text: str, page: bytes) -> object:
        document = read_document(page, url="http://www.example.gov.test/a.html")
        return extractor.extract(document.text, page_title=document.title, meta=document.meta)

    return work


def _reading() -> Work:
    from nianbao.reading import read_document

    return lambda text, page: read_document(page, url="http://www.example.gov.test/a.html")


def _selectolax() -> Work:
    from selectolax.lexbor import LexborHTMLParser

    return lambda text, page: LexborHTMLParser(page).body.text()


def _rjieba() -> Work:
    import rjieba

    return lambda text, page: rjieba.tag(text)


def _jieba() -> Work:
    import jieba.posseg

    jieba.setLogLevel(60)
    list(jieba.posseg.cut("预热"))
    return lambda text, page: list(jieba.posseg.cut(text))


def _recognizers() -> Work:
    from recognizers_number import NumberRecognizer
    from recognizers_text import Culture

    model = NumberRecognizer(Culture.Chinese).get_number_model()
    model.parse("预热一次")
    return lambda text, page: model.parse(text)


CONTENDERS: dict[str, Callable[[], Work]] = {
    "nianbao text": _extraction,
    "nianbao HTML": _from_html,
    "nianbao reading": _reading,
    "selectolax text": _selectolax,
    "rjieba tag": _rjieba,
    "jieba posseg": _jieba,
    "recognizers-text number": _recognizers,
}


def main() -> None:
    """Serves passes until standard input ends."""
    name, corpus = sys.argv[1:]
    rows = [json.loads(line) for line in Path(corpus).read_text(encoding="utf-8").splitlines()]
    items = [(row["text"], base64.b64decode(row["page"])) for row in rows]
    work = CONTENDERS[name]()
    print("ready", flush=True)
    for line in sys.stdin:
        part = items[: int(line)]
        started = time.perf_counter()
        for text, page in part:
            work(text, page)
        print(time.perf_counter() - started, flush=True)


if __name__ == "__main__":
    main()
