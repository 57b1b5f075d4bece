"""Reads gold: annotated reports (.json beside or apart from their .txt), probe sentences and page heads (.jsonl)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .annotation import HeadLine, ProbeLine, ReportAnnotation, fault_of

Row = Mapping[str, Any]


class GoldError(Exception):
    """Gold that cannot be used; the message names the file and what to do."""


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One annotated text. annotation: the file's object; its spans are str indices into `text`.

    hints: what a probe or a head gives to the extractor besides the text (url, report_year, section_kind).
    """

    doc_id: str
    text: str
    annotation: Row
    hints: Row

    @property
    def tags(self) -> tuple[str, ...]:
        """What the whole document probes, () where it is a plain report."""
        return tuple(self.annotation.get("tags") or ())


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Documents that are scored together. kind: reports, probes (isolated sentences) or heads (page beginnings).

    indicators: ids of the list that the annotators chose from; empty where the gold brings no such list.
    """

    name: str
    kind: str
    documents: tuple[GoldDocument, ...]
    indicators: frozenset[str] = frozenset()


def load_sets(path: Path, texts: Path | None = None) -> list[GoldSet]:
    """The sets of a folder (its annotated reports as one, each .jsonl as another) or of one .jsonl file.

    texts: folder of the reports' texts, the annotations' own folder by default.
    Raises GoldError for a file that is missing, no JSON, or whose spans do not fit its text.
    """
    if path.is_file():
        return [_listed(_lines(path), path.parent)]
    if not path.is_dir():
        raise GoldError(
            f"{path}: there is no such file or folder; give a folder of annotations or a .jsonl file"
        )
    reports = tuple(_reports(path, texts or path))
    sets = [GoldSet(path.name, "reports", reports)] if reports else []
    sets += [_lines(file) for file in sorted(path.glob("*.jsonl"))]
    if not sets:
        raise GoldError(
            f"{path}: holds no gold; it needs .json annotations (with `doc` and `metrics`) and their .txt, or .jsonl files"
        )
    return [_listed(part, path) for part in sets]


def _listed(part: GoldSet, folder: Path) -> GoldSet:
    """With the ids of indicators.json, where the annotations come with one."""
    path = folder / "indicators.json"
    if not path.is_file():
        return part
    entries = _parse(_content(path), str(path)).get("indicators")
    if not isinstance(entries, list) or not all(isinstance(e, dict) and "id" in e for e in entries):
        raise GoldError(f"{path}: must hold `indicators`, a list of objects with an `id`")
    return replace(part, indicators=frozenset(str(entry["id"]) for entry in entries))


def _reports(folder: Path, texts: Path) -> Iterator[GoldDocument]:
    for file in sorted(folder.glob("*.json")):
        annotation = _parse(_content(file), str(file))
        if "metrics" not in annotation or "doc" not in annotation:
            continue  # an index or a list that lies beside the annotations
        _refuse(file, fault_of(annotation, ReportAnnotation))
        path = texts / str(annotation.get("source_file") or f"{annotation['doc']}.txt")
        try:
            # As it stands: spans count every character, carriage returns included.
            with path.open(encoding="utf-8", newline="") as source:
                text = source.read()
        except (OSError, UnicodeDecodeError) as error:
            raise GoldError(
                f"{file}: its text {path} cannot be read ({error}); name its folder with --texts"
            ) from None
        _refuse(file, "" if text else f"its text {path} is empty; put the report there")
        _refuse(file, fault_of(annotation, ReportAnnotation, text))
        yield GoldDocument(str(annotation["doc"]), text, annotation, {})


def _lines(path: Path) -> GoldSet:
    documents: list[GoldDocument] = []
    kinds: set[str] = set()
    for number, line in enumerate(_content(path).split("\n"), 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        row = _parse(line, place)
        head = "gold" in row and "metrics" not in row
        _refuse(place, fault_of(row, HeadLine if head else ProbeLine, str(row.get("text"))))
        kinds.add("heads" if head else "probes")
        names = ("url",) if head else ("url", "report_year", "section_kind")
        hints = {name: row[name] for name in names if row.get(name) is not None}
        documents.append(GoldDocument(row["id"], row["text"], row, hints))
    if len(kinds) != 1:
        raise GoldError(f"{path}: holds {' and '.join(sorted(kinds)) or 'no lines'}; keep one kind per file")
    return GoldSet(path.stem, kinds.pop(), tuple(documents))


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path}: cannot be read ({error}); save it as UTF-8") from None


def _parse(content: str, place: str) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError as error:
        raise GoldError(f"{place}: is no JSON ({error})") from None
    if not isinstance(value, dict):
        raise GoldError(f"{place}: must be an object")
    return value


def _refuse(place: Path | str, fault: str) -> None:
    if fault:
        raise GoldError(f"{place}: {fault}")
