"""Charts as Vega-Lite specifications with their rows inside; the page draws them with the script of `chart_script`.

Each chart stands beside a table with the same numbers, so nothing depends on seeing it, or on scripts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # the name of the grammar; nobody fetches it
_ACCENT = "#1f5fbf"
STATES = {
    "published": "#2f7d4f",
    "late": "#d98a1f",
    "missing": "#b8372f",
    "unexplored": "#9aa5b4",
    "withdrawn": "#7d4fa0",
    "unreadable": "#7a5b3a",
    "due": "#e3c14d",
    "not_due": "#d9dee6",
}


def _chart(rows: Sequence[dict[str, Any]], title: str, **parts: Any) -> dict[str, Any]:
    return {
        "$schema": _SCHEMA,
        "description": title,
        "width": "container",
        "height": 220,
        "background": "transparent",
        "data": {"values": list(rows)},
        **parts,
    }


def stacked_states(
    rows: Sequence[dict[str, Any]], title: str, labels: Sequence[str], states: Sequence[str]
) -> dict[str, Any]:
    """Bars per year, divided by state. rows: year, label (of the state), position, n. labels: in words, as states."""
    return _chart(
        rows,
        title,
        mark={"type": "bar", "tooltip": True},
        encoding={
            "x": {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
            "y": {"field": "n", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1}},
            "color": {
                "field": "label",
                "type": "nominal",
                "title": None,
                "scale": {"domain": list(labels), "range": [STATES[state] for state in states]},
                "legend": {"orient": "bottom", "columns": 4},
            },
            "order": {"field": "position", "type": "quantitative"},
        },
    )


def series(rows: Sequence[dict[str, Any]], title: str, unit: str) -> dict[str, Any]:
    """A line of years. rows: year, value, joined (a number per stretch of comparable years), said (in words).

    Points of two years are joined only where the two may be compared; the others stand alone.
    """
    x = {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}}
    y = {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": False}}
    return _chart(
        rows,
        title,
        encoding={"x": x, "y": y},
        layer=[
            {
                "mark": {"type": "line", "color": _ACCENT},
                "encoding": {"detail": {"field": "joined", "type": "nominal"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "color": _ACCENT},
                "encoding": {
                    "tooltip": [
                        {"field": "year", "type": "ordinal"},
                        {"field": "value", "type": "quantitative"},
                        {"field": "said", "type": "nominal"},
                    ]
                },
            },
        ],
    )


def lines(rows: Sequence[dict[str, Any]], title: str, unit: str) -> dict[str, Any]:
    """A line per name. rows: year, value, name, joined."""
    return _chart(
        rows,
        title,
        mark={"type": "line", "point": True, "tooltip": True},
        encoding={
            "x": {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
            "y": {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": False}},
            "color": {
                "field": "name",
                "type": "nominal",
                "title": None,
                "legend": {"orient": "bottom", "columns": 2},
            },
            "detail": {"field": "joined", "type": "nominal"},
        },
    )


def spread(rows: Sequence[dict[str, Any]], title: str, unit: str) -> dict[str, Any]:
    """How values of a year are spread, for each year. rows: year, low, q1, median, q3, high."""
    x = {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}}
    return _chart(
        rows,
        title,
        encoding={"x": x},
        layer=[
            {
                "mark": {"type": "rule", "color": _ACCENT},
                "encoding": {
                    "y": {"field": "low", "type": "quantitative", "title": unit, "scale": {"zero": False}},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "bar", "size": 18, "color": "#a9c4ec", "tooltip": {"content": "data"}},
                "encoding": {"y": {"field": "q1", "type": "quantitative"}, "y2": {"field": "q3"}},
            },
            {
                "mark": {"type": "tick", "color": "#1d2430", "size": 18, "thickness": 2},
                "encoding": {"y": {"field": "median", "type": "quantitative"}},
            },
        ],
    )


def histogram(rows: Sequence[dict[str, Any]], title: str, unit: str) -> dict[str, Any]:
    """How many bodies state which values. rows: value, n."""
    return _chart(
        rows,
        title,
        mark={"type": "bar", "tooltip": True, "color": _ACCENT},
        encoding={
            "x": {"field": "value", "type": "quantitative", "bin": {"maxbins": 24}, "title": unit},
            "y": {
                "aggregate": "sum",
                "field": "n",
                "type": "quantitative",
                "title": None,
                "axis": {"tickMinStep": 1},
            },
        },
    )
