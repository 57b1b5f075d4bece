"""Memory of extraction over many reports: resident size after each tenth of them (100,000 unless told otherwise)."""

from __future__ import annotations

import sys
from pathlib import Path

from corpus import texts

from nianbao.extraction import Extractor
from nianbao.registry import load_registry
from nianbao.settings import project_dir


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    """Prints MiB after each tenth."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    registry = load_registry(project_dir("data"), project_dir("data"))
    extractor = Extractor(registry)
    corpus = texts(1000)
    figures = 0
    for number in range(count):
        # Every text differs, so that nothing is answered out of a cache.
        figures += len(extractor.extract(f"{corpus[number % len(corpus)]}\n第{number}份").figures)
        if (number + 1) % max(1, count // 10) == 0:
            print(f"{number + 1:>9,} reports {figures:>12,} figures {_resident():8.1f} MiB", flush=True)


if __name__ == "__main__":
    main()
