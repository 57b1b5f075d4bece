"""`nianbao evaluate`: extraction against annotated texts, layer by layer, with the misses."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from nianbao.commands.tables import print_table
from nianbao.evaluation import (
    GoldDocument,
    GoldError,
    GoldSet,
    Layer,
    Miss,
    SetResult,
    Target,
    TargetsError,
    load_sets,
    read_targets,
    score,
)
from nianbao.evaluation.figures import ASPECTS
from nianbao.evaluation.targets import short_of
from nianbao.extraction import Extractor, to_prediction
from nianbao.registry import RegistryError, load_registry
from nianbao.registry.problems import Problems
from nianbao.registry.regions import read_regions
from nianbao.settings import Settings, project_dir

OWN_GOLD = ("tests", "gold")
_TARGETS = "targets.yml"
_TUNED = "training score: the rules were written with these texts in view"
_NO_TARGETS: tuple[Target, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class GoldSource:
    """A folder or file of gold, where its texts lie, and what a reader of its scores has to know."""

    path: Path
    texts: Path | None = None
    note: str = ""


def default_gold() -> list[GoldSource]:
    """The checkout's own gold, and that of a folder `shared` beside the checkout where there is one."""
    checkout = project_dir("data").parent
    own = checkout.joinpath(*OWN_GOLD)
    found = [GoldSource(folder) for folder in sorted(own.glob("*")) if _holds_gold(folder)]
    shared = checkout.parent / "shared"
    if (shared / "gold").is_dir():
        found.append(GoldSource(shared / "gold", shared / "reports", _TUNED))
    if (shared / "heads" / "heads.jsonl").is_file():
        found.append(GoldSource(shared / "heads" / "heads.jsonl", note=_TUNED))
    return found


def default_targets() -> Path | None:
    """The checkout's own targets, None where it has none."""
    path = project_dir("data").parent.joinpath(*OWN_GOLD, _TARGETS)
    return path if path.is_file() else None


def run(
    settings: Settings,
    gold: Sequence[GoldSource],
    targets_file: Path | None,
    *,
    misses: int,
    require: bool,
    form: str,
    out: TextIO,
    err: TextIO,
) -> int:
    """Prints the scores of all sets. misses: how many to show per set, a negative number for all of them. form: table,
    markdown or json.

    Returns 1 with `require` when a target is not reached, 2 for gold or targets that cannot be used.
    """
    try:
        targets = read_targets(targets_file) if targets_file else _NO_TARGETS
        results = [result for source in gold for result in _scored(settings, source)]
    except (GoldError, TargetsError, RegistryError) as error:
        print(error, file=err)
        return 2
    if form == "json":
        print(
            json.dumps([_as_json(result, targets) for result in results], ensure_ascii=False, indent=1),
            file=out,
        )
    else:
        for result in results:
            for title, columns, rows in _tables(result, targets, misses):
                (print_markdown if form == "markdown" else print_table)(columns, rows, out, title)
    missed = any(short_of(result, targets) for result in results)
    return 1 if require and missed else 0


def _holds_gold(folder: Path) -> bool:
    return folder.is_dir() and any((*folder.glob("*.json"), *folder.glob("*.jsonl")))


def _scored(settings: Settings, source: GoldSource) -> list[SetResult]:
    path = source.path
    folder = path if path.is_dir() else path.parent
    extractor = _extractor(settings, folder / "regions.csv")

    def predict(document: GoldDocument) -> dict[str, object]:
        report = extractor.extract(document.text, **document.hints)
        return to_prediction(document.doc_id, document.text, report)

    results = [score(_named(part, path), predict) for part in load_sets(path, source.texts)]
    return [dataclasses.replace(result, note=source.note) for result in results]


def _named(part: GoldSet, path: Path) -> GoldSet:
    """With a name that tells apart two folders of one name's files: gold, gold/traps."""
    inside = path.is_dir() and part.kind != "reports"
    return dataclasses.replace(part, name=f"{path.name}/{part.name}") if inside else part


def _extractor(settings: Settings, more_regions: Path) -> Extractor:
    """The registry's extractor; gold on fictional districts brings their rows in a regions.csv of its own."""
    registry = load_registry(settings.registry_folder, project_dir("data"))
    if more_regions.is_file():
        problems = Problems()
        more = tuple(read_regions(more_regions, more_regions.read_bytes(), problems).values())
        problems.raise_if_any()
        registry = dataclasses.replace(registry, regions=registry.regions + more)
    return Extractor(registry)


# --- tables ---------------------------------------------------------------------------------------------------


_Table = tuple[str, Sequence[str], Sequence[Sequence[object]]]


def _tables(result: SetResult, targets: Sequence[Target], misses: int) -> Iterator[_Table]:
    """(title, columns, rows) of each table of a set."""
    unit = {"reports": "reports", "probes": "probe sentences", "heads": "page heads"}[result.kind]
    size = f"{result.name}: {result.documents:,} {unit}, {result.characters:,} characters"
    columns = ("layer", "precision", "recall", "F1", "share", "of", "right/predicted/gold", "target")
    rows = [_row(layer, _of(layer, result, targets)) for layer in result.layers]
    yield (f"{size} ({result.note})" if result.note else size), columns, rows
    if result.tags:
        shown = [name for name in ASPECTS if any(row.right[name] for row in result.tags)]
        table = [(row.tag, row.gold, *(_percent(row.share(name)) for name in shown)) for row in result.tags]
        yield f"{result.name}: right per phenomenon, %", ("phenomenon", "figures", *shown), table
    if result.negatives:
        kinds = [(row.tag, row.listed, row.taken) for row in result.negatives]
        yield f"{result.name}: false figures", ("no figure", "listed", "taken for one"), kinds
    chosen = _spread(result.misses, misses)
    if chosen:
        lines = [(m.doc_id, m.layer, m.excerpt, m.expected, m.came, " ".join(m.tags)) for m in chosen]
        title = f"{result.name}: {len(chosen)} of {len(result.misses)} misses"
        yield title, ("document", "layer", "text", "expected", "came", "tags"), lines


def _spread(misses: Sequence[Miss], most: int) -> list[Miss]:
    """So many misses (all for a negative number), first one of each layer and phenomenon, then the second of each, …"""
    turns: Counter[tuple[str, tuple[str, ...]]] = Counter()
    ordered = []
    for number, miss in enumerate(misses):
        group = miss.layer, miss.tags
        ordered.append((turns[group], number, miss))
        turns[group] += 1
    ordered.sort(key=lambda each: each[:2])
    return [miss for _, _, miss in ordered][: most if most >= 0 else None]


def print_markdown(columns: Sequence[str], rows: Sequence[Sequence[object]], out: TextIO, title: str) -> None:
    """A table under a heading, for a page of the documentation."""
    print(f"\n### {title}\n", file=out)
    for row in (columns, ["---"] * len(columns), *rows):
        cells = ("" if cell is None else re.sub(r"[|\n]", " ", str(cell)) for cell in row)
        print(f"| {' | '.join(cells)} |", file=out)


def _of(layer: Layer, result: SetResult, targets: Sequence[Target]) -> list[Target]:
    return [target for target in targets if (target.kind, target.layer) == (result.kind, layer.name)]


def _row(layer: Layer, targets: Sequence[Target]) -> tuple[object, ...]:
    counts = None
    if layer.right is not None:
        counts = f"{layer.right}/{layer.predicted}/{layer.gold}"
    numbers = (layer.precision, layer.recall, layer.f1, layer.share)
    of = layer.share_of if layer.share is not None else None
    said = ", ".join(_target(layer, target) for target in targets)
    return (layer.name, *(_number(value) for value in numbers), of, counts, said or None)


def _target(layer: Layer, target: Target) -> str:
    value = layer.value(target.figure)
    mark = " short" if value is not None and value < target.least else ""
    return f"{target.figure} ≥ {target.least:g}{mark}"


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.0f}"


# --- JSON -----------------------------------------------------------------------------------------------------


def _as_json(result: SetResult, targets: Sequence[Target]) -> dict[str, object]:
    short = short_of(result, tuple(targets))
    return {
        "set": result.name,
        "kind": result.kind,
        "note": result.note,
        "documents": result.documents,
        "characters": result.characters,
        "layers": {layer.name: _layer_json(layer) for layer in result.layers},
        "targets": [
            dataclasses.asdict(target) | {"reached": target not in short}
            for target in targets
            if target.kind == result.kind
        ],
        "phenomena": {row.tag: {"figures": row.gold, "right": dict(row.right)} for row in result.tags},
        "no_figures": {row.tag: {"listed": row.listed, "taken": row.taken} for row in result.negatives},
        "misses": [dataclasses.asdict(miss) for miss in result.misses],
    }


def _layer_json(layer: Layer) -> dict[str, object]:
    names = ("precision", "recall", "f1", "share")
    numbers: dict[str, object] = {name: layer.value(name) for name in names}
    return numbers | {
        "right": layer.right,
        "predicted": layer.predicted,
        "gold": layer.gold,
        "share_of": layer.share_of,
    }
