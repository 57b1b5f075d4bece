"""Reads the registry's CSV files. Plain checks on purpose: a validator object per row would triple the time to start."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nianbao.registry.problems import Place, Problems


def read_rows(
    path: Path, content: bytes, columns: Sequence[str], problems: Problems, *, optional: Sequence[str] = ()
) -> Iterator[tuple[Place, Mapping[str, str]]]:
    """The rows of a CSV file with a first line of column names, each with its place; blanks around values dropped.

    columns: those it must have, in any order; optional: those it may have besides ('' in the rows where it has not).
    What is wrong with the file or a row is noted, and the row left out.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add(Place(path, line), "is not UTF-8; save the file as UTF-8 (CSV UTF-8 in a spreadsheet)")
        return
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, ())]
    fault = _header_fault(header, columns, optional)
    if fault:
        problems.add(Place(path), fault)
        return
    empty = dict.fromkeys(optional, "")
    while True:
        begin = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            problems.add(
                Place(path, begin), f"cannot be read ({error}); look for a quotation mark that is not closed"
            )
            return
        if row is None:
            return
        if not row:
            continue
        place = Place(path, begin)
        if len(row) != len(header):
            problems.add(place, f"has {len(row)} values; there are {len(header)} columns")
            continue
        yield place, {**empty, **dict(zip(header, map(str.strip, row), strict=True))}


def _header_fault(header: Sequence[str], columns: Sequence[str], optional: Sequence[str]) -> str:
    """What is wrong with the first line, '' if nothing."""
    faults = []
    missing = [name for name in columns if name not in header]
    if missing:
        faults.append(f"the column{'s' * (len(missing) > 1)} {', '.join(missing)} must be added")
    unknown = [name or "(empty)" for name in header if name not in columns and name not in optional]
    if unknown:
        faults.append(f"{', '.join(unknown)} is no column here")
    double = sorted({name for name in header if header.count(name) > 1})
    if double:
        faults.append(f"{', '.join(double)} is given twice")
    if not faults:
        return ""
    return f"the first line must be {','.join((*columns, *optional))}: {'; '.join(faults)}"
