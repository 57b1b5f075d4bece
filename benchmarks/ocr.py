"""How well figures survive a scanner: simulated reports are printed, scanned (200 dpi, noise, a slight slant, JPEG) and read.

    python benchmarks/ocr.py [REPORTS] [--dpi 200] [--seed 3]

It needs the extra `ocr` and a Chinese font that PDFium finds (Debian: fonts-arphic-uming or fonts-wqy-zenhei).
The first line is the same reports' PDF text, so that what extraction itself misses is not blamed on the scanner.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import time
from collections import Counter
from decimal import Decimal
from statistics import mean
from urllib.parse import urlsplit

import numpy
import pypdfium2
from PIL import Image

from nianbao.extraction import Extractor
from nianbao.model import UnreadableError
from nianbao.reading import read_document
from nianbao.registry import load_registry
from nianbao.sandbox import BoundedReader
from nianbao.settings import project_dir
from nianbao.simulation import World, build_world
from nianbao.simulation.site import Resource

Values = Counter[tuple[Decimal, str]]


def main() -> None:
    """Prints F1 of value and unit, the mean confidence, and seconds per page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reports", nargs="?", type=int, default=10)
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--seed", type=int, default=3)
    given = parser.parse_args()
    world = build_world(seed=given.seed, districts=6, issuers=4)
    printed = [
        (r, found.body) for r in world.reports if r.format == "pdf" and (found := _found(world, r.url))
    ]
    dice = random.Random(given.seed)  # noqa: S311 - a benchmark, no secret
    registry = load_registry(project_dir("data"), project_dir("data"))
    extractor = Extractor(registry)
    text_counts, scan_counts = Counter[str](), Counter[str]()
    confidences, pages, seconds = [], 0, 0.0
    with BoundedReader(seconds=600, memory_mb=4096) as reader:
        with contextlib.suppress(
            UnreadableError
        ):  # no text in it; the models are loaded before the clock runs
            reader.read(_scan(_blank(), given.dpi, dice)[0])
        for report, body in printed[: given.reports]:
            truth = Counter((f.value, f.unit) for f in report.figures)
            _count(text_counts, truth, _figures(extractor, read_document(body).text))
            scan, size = _scan(body, given.dpi, dice)
            started = time.perf_counter()
            document = reader.read(scan)
            seconds += time.perf_counter() - started
            pages += size
            confidences.append(document.ocr_confidence or 0.0)
            _count(scan_counts, truth, _figures(extractor, document.text))
    print(
        f"{min(given.reports, len(printed))} reports, {pages} pages at {given.dpi} dpi, {scan_counts['truth']} figures"
    )
    print(f"PDF text: value+unit F1 {_f1(text_counts):.3f}")
    print(f"scans:    value+unit F1 {_f1(scan_counts):.3f}, confidence {mean(confidences):.3f}")
    print(f"{seconds / pages:.2f} s per page")


def _found(world: World, url: str) -> Resource | None:
    address = urlsplit(url)
    return world.sites[address.netloc].find(address.path)


def _blank() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _scan(body: bytes, dpi: int, dice: random.Random) -> tuple[bytes, int]:
    """A PDF as a scanner makes it of the printed one: pictures only. With the number of its pages."""
    noise = numpy.random.default_rng(dice.randrange(2**32))
    images = []
    opened = pypdfium2.PdfDocument(body)
    for page in opened:
        image = page.render(scale=dpi / 72).to_pil().convert("L")
        image = image.rotate(dice.uniform(-0.6, 0.6), Image.Resampling.BICUBIC, fillcolor=250)
        pixels = numpy.asarray(image, dtype=numpy.float32) * 0.94 + 8
        pixels += noise.normal(0, 9, pixels.shape)
        images.append(Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8)))
    opened.close()
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=dpi, quality=60)
    return out.getvalue(), len(images)


def _figures(extractor: Extractor, text: str) -> Values:
    return Counter((figure.value, figure.unit) for figure in extractor.extract(text).figures)


def _count(counts: Counter[str], truth: Values, found: Values) -> None:
    counts["truth"] += truth.total()
    counts["found"] += found.total()
    counts["right"] += (truth & found).total()


def _f1(counts: Counter[str]) -> float:
    return 2 * counts["right"] / max(1, counts["truth"] + counts["found"])


if __name__ == "__main__":
    main()
