"""`nianbao extract`: reports out of files, without any warehouse."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from nianbao.extraction import Extractor, to_prediction
from nianbao.model import Registry, Report, UnreadableError
from nianbao.reading import decode
from nianbao.registry import RegistryError, load_registry
from nianbao.sandbox import BoundedReader
from nianbao.settings import Settings, project_dir

from .explain import Explained, print_explained
from .explain_page import page


def extract_files(settings: Settings, files: Iterable[Path], jsonl: bool, out: TextIO, err: TextIO) -> int:
    """Prints each file's report; returns 1 if a file could not be read, with a sentence about it on `err`."""
    registry = _registry(settings, err)
    if registry is None:
        return 2
    extractor = Extractor(registry)
    failed = 0
    for path in files:
        read = _read_or_say(path, err)
        if read is None:
            failed = 1
            continue
        text, title, meta = read
        report = extractor.extract(text, page_title=title, meta=meta)
        if jsonl:
            _print_json(to_prediction(path.stem, text, report), out)
        else:
            _print_report(path, text, report, out)
    return failed


def explain_files(
    settings: Settings, files: Iterable[Path], html: Path | None, terminal: bool, out: TextIO, err: TextIO
) -> int:
    """Shows each file's text with what was read marked in it: in the terminal, as one page in `html`, or both."""
    registry = _registry(settings, err)
    if registry is None:
        return 2
    extractor = Extractor(registry)
    failed = 0
    documents: list[Explained] = []
    for path in files:
        read = _read_or_say(path, err)
        if read is None:
            failed = 1
            continue
        text, title, meta = read
        documents.append(Explained(path.name, text, *extractor.explain(text, page_title=title, meta=meta)))
    if terminal:
        for document in documents:
            print_explained(document, out)
    if html is not None and documents:
        labels = {indicator.indicator_id: indicator.label for indicator in registry.indicators}
        try:
            html.write_text(page(documents, labels), encoding="utf-8")
        except OSError as error:
            print(f"{html}: {error.strerror}; name a file that can be written", file=err)
            return 1
        count = f"{len(documents)} document{'s' * (len(documents) != 1)}"
        print(f"{html}: {count}, opens in any browser without a network", file=err)
    return failed


def extract_lines(settings: Settings, path: Path, out: TextIO, err: TextIO) -> int:
    """Prints one object per line of {id, text, url?, report_year?, section_kind?}; no other key is read."""
    registry = _registry(settings, err)
    if registry is None:
        return 2
    extractor = Extractor(registry)
    failed = 0
    # utf-8-sig: some editors begin a file with a mark; what is no UTF-8 spoils its line and no other
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                identity, text, hints = _line(line)
            except ValueError as error:
                print(f"{path}:{number}: {error}; the line was left out", file=err)
                failed = 1
                continue
            _print_json(to_prediction(identity, text, extractor.extract(text, **hints)), out)
    return failed


def _line(line: str) -> tuple[str, str, dict[str, Any]]:
    """(id, text, what else is known) of one line. Raises ValueError with a sentence."""
    try:
        line.encode()
        row = json.loads(line)
    except UnicodeEncodeError:
        raise ValueError("it is not UTF-8; save the file as UTF-8") from None
    except ValueError as error:
        raise ValueError(f"it is no JSON ({error})") from None
    except RecursionError:
        raise ValueError("its lists or objects lie too deep in each other") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or row.get("id") in (None, ""):
        raise ValueError("it is no object with an id and a text")
    if not isinstance(row["id"], str | int):
        raise ValueError("its id is neither a text nor a whole number")
    year, url, kind = row.get("report_year"), row.get("url"), row.get("section_kind")
    if not (year is None or (isinstance(year, int) and 1900 <= year <= 2100)):
        raise ValueError(f"report_year {year!r} is no year such as 2024")
    if not isinstance(url, str | None) or not isinstance(kind, str | None):
        raise ValueError("url and section_kind are texts where they are given")
    return str(row["id"]), row["text"], {"url": url or "", "report_year": year, "section_kind": kind}


def _registry(settings: Settings, err: TextIO) -> Registry | None:
    try:
        return load_registry(settings.registry_folder, project_dir("data"))
    except RegistryError as error:
        print(error, file=err)
        return None


def _read_or_say(path: Path, err: TextIO) -> tuple[str, str, dict[str, str]] | None:
    try:
        return _read(path)
    except (UnreadableError, OSError) as error:
        print(f"{path}: {error}", file=err)
        return None


@cache
def _reader() -> BoundedReader:
    """One for all files of a command; its worker ends with the command."""
    settings = Settings()
    return BoundedReader(seconds=settings.read_seconds, memory_mb=settings.read_memory_mb)


def _read(path: Path) -> tuple[str, str, dict[str, str]]:
    """(text, page title, meta). Plain text is taken as it stands, so that spans are offsets in the file."""
    body = path.read_bytes()
    document = _reader().read(body, url=path.name)
    if document.media_type == "text/plain":
        mark = "\ufeff" if body.startswith(codecs.BOM_UTF8) else ""
        return mark + decode(body).text, "", {}
    return document.text, document.title, dict(document.meta)


def _print_json(value: object, out: TextIO) -> None:
    # Escaped where UTF-8 has no bytes for it (lone surrogates), readable everywhere else.
    line = json.dumps(value, ensure_ascii=False)
    print(line.encode("utf-8", "backslashreplace").decode(), file=out)


def _print_report(path: Path, text: str, report: Report, out: TextIO) -> None:
    found = report.metadata
    print(f"{path}", file=out)
    rows = {
        "report": f"{found.kind}" if found.is_report else "no annual report of a known kind",
        "title": found.title,
        "issuer": found.issuer,
        "region": f"{found.region} ({found.region_code})" if found.region else None,
        "year": found.report_year,
        "number": found.doc_number,
        "signed": found.signed_date,
        "published": found.published_date,
        "sections": len(report.sections),
        "figures": len(report.figures),
    }
    for name, value in rows.items():
        if value is not None:
            print(f"  {name:10s}{value}", file=out)
    for figure in report.figures:
        upper = f"–{figure.value_max.normalize():f}" if figure.value_max is not None else ""
        notes = [
            figure.measure,
            figure.indicator or "",
            "target" if figure.is_target else "",
            figure.direction or "",
        ]
        said = " · ".join(note for note in notes if note)
        print(
            f"    [{figure.start}:{figure.end}]  {figure.value.normalize():f}{upper} {figure.unit}  {said}",
            file=out,
        )
