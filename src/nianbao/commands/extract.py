"""`nianbao extract`: reports out of files, without any warehouse."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from nianbao.extraction import Extractor, to_prediction
from nianbao.model import Report, UnreadableError
from nianbao.reading import decode, read_document
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import Settings, project_dir


def extract_files(settings: Settings, files: Iterable[Path], jsonl: bool, out: TextIO, err: TextIO) -> int:
    """Prints each file's report; returns 1 if a file could not be read, with a sentence about it on `err`."""
    extractor = _extractor(settings, err)
    if extractor is None:
        return 2
    failed = 0
    for path in files:
        try:
            text, title, meta = _read(path)
        except (UnreadableError, OSError) as error:
            print(f"{path}: {error}", file=err)
            failed = 1
            continue
        report = extractor.extract(text, page_title=title, meta=meta)
        if jsonl:
            _print_json(to_prediction(path.stem, text, report), out)
        else:
            _print_report(path, text, report, out)
    return failed


def extract_lines(settings: Settings, path: Path, out: TextIO, err: TextIO) -> int:
    """Prints one object per line of {id, text, url?, report_year?, section_kind?}; no other key is read."""
    extractor = _extractor(settings, err)
    if extractor is None:
        return 2
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
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or row.get("id") in (None, ""):
        raise ValueError("it is no object with an id and a text")
    year, url, kind = row.get("report_year"), row.get("url"), row.get("section_kind")
    if not (year is None or (isinstance(year, int) and 1900 <= year <= 2100)):
        raise ValueError(f"report_year {year!r} is no year such as 2024")
    if not isinstance(url, str | None) or not isinstance(kind, str | None):
        raise ValueError("url and section_kind are texts where they are given")
    return str(row["id"]), row["text"], {"url": url or "", "report_year": year, "section_kind": kind}


def _extractor(settings: Settings, err: TextIO) -> Extractor | None:
    try:
        registry = load_registry(settings.registry_folder, project_dir("data"))
    except RegistryError as error:
        print(error, file=err)
        return None
    return Extractor(registry)


def _read(path: Path) -> tuple[str, str, dict[str, str]]:
    """(text, page title, meta). Plain text is taken as it stands, so that spans are offsets in the file."""
    body = path.read_bytes()
    document = read_document(body, url=path.name)
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
