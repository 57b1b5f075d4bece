"""What an office writes: its report on a year, as often as it is asked the same one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from .breaks import records
from .composer import Assignment, Composer, Line, ReportText
from .config import Config, Fate
from .dice import Dice
from .phrases import Piece
from .places import District, Office
from .revisions import editable_series
from .series import Figures, catalogue
from .stated import figures_of
from .style import style_of


def figures_for(
    config: Config, where: District, office: Office, bumps: Mapping[tuple[str, int], int]
) -> Figures:
    """The values that an office states. bumps: (series, year) → by how much an edited report states another one."""
    root = Dice("world", config.seed)
    return Figures(root.of(office.issuer_id), root.of(where.slug), office.body.scale, bumps)


def write_report(
    config: Config, where: District, office: Office, year: int, published: datetime
) -> ReportText:
    """An office's report on a year, with one figure changed if it was edited.

    Raises ValueError if it should be edited and no figure of it can be changed alone.
    """
    dice = Dice("world", config.seed, office.issuer_id, year)
    style = style_of(Dice("world", config.seed, office.issuer_id), where.index, office.index)
    said = records(config, office, year)

    def write(bumps: Mapping[tuple[str, int], int]) -> ReportText:
        figures = figures_for(config, where, office, bumps)
        return Composer(Assignment(office, year, published.date(), figures, style, dice, said)).write()

    report = write({})
    if Fate.EDITED not in config.fates((where.index, office.index, year)):
        return report
    series = editable_series(figures_of(report, year, labels()), year)
    if series is None:
        raise ValueError(f"'{report.title}' has no figure that can be edited alone; edit another report")
    return write({(series, year): 1})


def titled(report: ReportText) -> ReportText:
    """The report with its title among its lines: a file has no page around it that says it."""
    if any(line.role == "title" for line in report.lines):
        return report
    lines = (Line("title", Piece(report.title)), *report.lines)
    return ReportText(report.title, lines, report.doc_number, report.signed)


@cache
def labels() -> dict[str, str]:
    """Series → what it counts, in words."""
    return {key: series.label for key, series in catalogue().items()}
