"""What an annotation must hold for its scores to mean something, as pydantic models; further keys are nobody's business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_Place = Annotated[int, Field(ge=0)]


class _Lenient(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Span(_Lenient):
    char_start: _Place
    char_end: _Place


class _Figure(_Span):
    text: str
    value: float
    value_max: float | None = None
    unit: str
    parent: _Place | None = None
    yoy_of: _Place | None = None
    tags: list[str] = []


class _NoFigure(_Span):
    reason: str
    tags: list[str] = []


class _Heading(_Span):
    line_start: _Place
    kind: str


class _Head(_Lenient):
    is_annual_rule_of_law_report: bool


class HeadLine(_Lenient):
    """A line of page heads."""

    id: Annotated[str, Field(min_length=1)]
    text: str
    gold: _Head


class ProbeLine(_Lenient):
    """A line of probe sentences."""

    id: Annotated[str, Field(min_length=1)]
    text: str
    report_year: int | None = None
    section_kind: str | None = None
    tags: list[str] = []
    metrics: list[_Figure]
    hard_negatives: list[_NoFigure] = []


class ReportAnnotation(_Lenient):
    """The annotation of a report; its text lies apart."""

    doc: Annotated[str, Field(min_length=1)]
    source_file: str | None = None
    document: dict[str, Any]
    document_accept: dict[str, list[Any]] = {}
    sections: list[_Heading]
    metrics: list[_Figure]
    hard_negatives: list[_NoFigure] = []
    laws: list[_Span] = []
    shortcomings: list[_Span] = []
    plans: list[_Span] = []


def fault_of(annotation: Mapping[str, Any], model: type[BaseModel], text: str | None = None) -> str:
    """What is wrong with an annotation first of all, '' if nothing; with its text whether the figures fit it too."""
    try:
        model.model_validate(annotation)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(map(str, fault["loc"]))
        return f"`{place}`: {fault['msg'][:1].lower()}{fault['msg'][1:]}; docs/accuracy.md lists the keys"
    if text is None:
        return ""
    figures = annotation.get("metrics", ())
    for figure in figures:
        start, end = figure["char_start"], figure["char_end"]
        if text[start:end] != figure["text"]:
            return f"[{start}:{end}] is {text[start:end]!r} in the text, not {figure['text']!r}; text and annotation do not belong together"
        for key in ("parent", "yoy_of"):
            if (figure.get(key) or 0) >= len(figures):
                return f"[{start}:{end}] has the {key} {figure[key]}; it is a position among {len(figures)} metrics"
    return ""
