"""Reads gold: annotated reports (.json beside or apart from their .txt), probe sentences and page heads (.jsonl)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
        raise GoldError(f"{path}: holds no gold; it needs .json annotations with their .txt, or .jsonl files")
    return [_listed(part, path) for part in sets]


def _listed(part: GoldSet, folder: Path) -> GoldSet:
    """With the ids of indicators.json, where the annotations come with one."""
    path = folder / "indicators.json"
    if not path.is_file():
        return part
    entries = _parse(path.read_text(encoding="utf-8"), str(path)).get("indicators") or ()
    return replace(part, indicators=frozenset(entry["id"] for entry in entries))


def _reports(folder: Path, texts: Path) -> Iterator[GoldDocument]:
    for file in sorted(folder.glob("*.json")):
        annotation = _parse(file.read_text(encoding="utf-8"), str(file))
        if "metrics" not in annotation or "doc" not in annotation:
            continue  # an index or a list that lies beside the annotations
        path = texts / str(annotation.get("source_file") or f"{annotation['doc']}.txt")
        try:
            # As it stands: spans count every character, carriage returns included.
            with path.open(encoding="utf-8", newline="") as source:
                text = source.read()
        except (OSError, UnicodeDecodeError) as error:
            raise GoldError(
                f"{file}: its text {path} cannot be read ({error}); name its folder with --texts"
            ) from None
        yield _checked(GoldDocument(str(annotation["doc"]), text, annotation, {}), file)


def _lines(path: Path) -> GoldSet:
    documents: list[GoldDocument] = []
    kinds: set[str] = set()
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            row = _parse(line, f"{path}:{number}")
            if not isinstance(row.get("text"), str) or not row.get("id"):
                raise GoldError(f"{path}:{number}: is no object with an id and a text")
            head = "gold" in row and "metrics" not in row
            kinds.add("heads" if head else "probes")
            names = ("url",) if head else ("url", "report_year", "section_kind")
            hints = {name: row[name] for name in names if row.get(name) is not None}
            documents.append(_checked(GoldDocument(str(row["id"]), row["text"], row, hints), path))
    if len(kinds) != 1:
        raise GoldError(f"{path}: holds {' and '.join(sorted(kinds)) or 'no lines'}; keep one kind per file")
    return GoldSet(path.stem, kinds.pop(), tuple(documents))


def _parse(content: str, place: str) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError as error:
        raise GoldError(f"{place}: is no JSON ({error})") from None
    if not isinstance(value, dict):
        raise GoldError(f"{place}: must be an object")
    return value


def _checked(document: GoldDocument, place: Path) -> GoldDocument:
    for figure in document.annotation.get("metrics", ()):
        found = document.text[figure["char_start"] : figure["char_end"]]
        if found != figure["text"]:
            raise GoldError(
                f"{place}: {document.doc_id} [{figure['char_start']}:{figure['char_end']}] is {found!r} in the text, "
                f"not {figure['text']!r}; text and annotation do not belong together"
            )
    return document
