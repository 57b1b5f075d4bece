"""A whole set against its predictions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .figures import FigureScore
from .gold import GoldDocument, GoldSet
from .heads import HeadScore
from .reports import ReportScore
from .result import SetResult

Predict = Callable[[GoldDocument], Mapping[str, Any]]


def score(gold: GoldSet, predict: Predict) -> SetResult:
    """Asks for a prediction per document (the object that `nianbao extract --jsonl` prints) and counts."""
    characters = sum(len(document.text) for document in gold.documents)
    size = len(gold.documents), characters
    if gold.kind == "heads":
        heads = HeadScore()
        for document in gold.documents:
            heads.add(document, predict(document).get("document") or {})
        return SetResult(gold.name, gold.kind, *size, tuple(heads.layers()), misses=tuple(heads.misses))
    figures, reports = FigureScore(gold.indicators), ReportScore()
    for document in gold.documents:
        predicted = predict(document)
        figures.add(document, predicted.get("metrics") or ())
        reports.add(document, predicted)
    return SetResult(
        gold.name,
        gold.kind,
        *size,
        layers=(*figures.layers(), *reports.layers()),
        tags=figures.tags(),
        negatives=figures.negatives(),
        misses=(*figures.misses, *reports.misses),
    )
