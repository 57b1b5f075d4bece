"""Where the time of an extraction goes: the share of each layer, measured by wrapping its functions, not by a profiler."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from nianbao import reading
from nianbao.extraction import Extractor, extractor
from nianbao.extraction.figures import figures, periods, quantities
from nianbao.extraction.indicators import contexts, indicators
from nianbao.registry import load_registry
from nianbao.settings import project_dir

# layer → the functions through which the others enter it, as (owner, name)
ENTRIES: dict[str, tuple[tuple[Any, str], ...]] = {
    "reading": ((reading, "read_document"),),
    "cleaning": ((extractor, "clean"), (extractor, "lines_of")),
    "front, metadata": (
        (extractor, "read_front"),
        (extractor, "_lead"),
        (extractor, "report_year"),
        (extractor, "build"),
    ),
    "outline": ((extractor, "read_outline"), (extractor, "missing_parts")),
    "masks": ((quantities, "masked"),),
    "quantities": ((figures, "find"),),
    "links": ((figures, "link"),),
    "periods": ((figures, "PeriodReader"), (periods.PeriodReader, "governing"), (figures, "timing")),
    "measures": ((figures, "measures"),),
    "indicators": (
        (figures, "Text"),
        (contexts.Text, "context"),
        (indicators.IndicatorIndex, "choose"),
    ),
    "references": ((extractor, "read_references"),),
    "statements": ((extractor, "read_statements"),),
}
REST = "putting together"


class _Clock:
    """Time per layer; while one layer is inside another, only the inner one's time runs."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys((*ENTRIES, REST), 0.0)
        self._open = [REST]
        self._since = time.perf_counter()

    def switch(self) -> None:
        """Books the time up to now on the layer that was running."""
        now = time.perf_counter()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now

    def timed(self, layer: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, whose time counts for the layer."""

        def run(*args: Any, **kwargs: Any) -> Any:
            self.switch()
            self._open.append(layer)
            try:
                return function(*args, **kwargs)
            finally:
                self.switch()
                self._open.pop()

        return run


def seconds_per_layer(pages: Iterable[bytes], rounds: int) -> dict[str, float]:
    """Seconds of each layer for all pages, the fastest of the rounds. Wraps the functions in place: for a process of its own."""
    registry = load_registry(project_dir("data"), project_dir("data"))
    reader = Extractor(registry)
    clock = _Clock()
    for layer, entries in ENTRIES.items():
        for owner, name in entries:
            setattr(owner, name, clock.timed(layer, getattr(owner, name)))
    pages = list(pages)
    best: dict[str, float] = {}
    for _ in range(rounds + 1):  # the first fills caches and does not count
        clock.switch()
        clock.seconds = dict.fromkeys(clock.seconds, 0.0)
        for page in pages:
            document = reading.read_document(page, url="http://www.example.gov.test/a.html")
            reader.extract(document.text, page_title=document.title, meta=document.meta)
        clock.switch()
        if best:
            best = min(best, clock.seconds, key=lambda seconds: sum(seconds.values()))
        else:
            best = dict.fromkeys(clock.seconds, float("inf"))
    return best


def table(seconds: dict[str, float], count: int) -> str:
    """A line per layer: milliseconds per report, share of the whole, share of the extraction alone."""
    whole = sum(seconds.values())
    extraction = whole - seconds["reading"]
    lines = [f"{'':18}{'ms/report':>10}{'of all':>9}{'of extraction':>15}"]
    for layer, value in seconds.items():
        own = "" if layer == "reading" else f"{value / extraction:15.1%}"
        lines.append(f"{layer:18}{value / count * 1000:10.3f}{value / whole:9.1%}{own}")
    lines.append(f"{'together':18}{whole / count * 1000:10.3f}")
    return "\n".join(lines)
