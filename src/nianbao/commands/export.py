"""`nianbao export`: tables and whole releases out of the home, with how they are cited."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO, get_args

import duckdb
import pyarrow as pa

from nianbao.commands.querying import explained, open_locked, reading, release_of
from nianbao.export import (
    Form,
    TableCitation,
    TableError,
    Written,
    cite_release,
    cite_table,
    columns_of,
    write_table,
)
from nianbao.export.csvw import csv_metadata, metadata_path
from nianbao.export.files import new_file, refuse_taken
from nianbao.export.forms import Lang
from nianbao.export.selection import Selection, Wanted, selection
from nianbao.export.whole import copy_release
from nianbao.settings import Settings
from nianbao.warehouse.release import Release, ReleaseError
from nianbao.warehouse.release.files import sha256_of

_BATCH = 10_000  # rows that are held at a time


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported where. table, or query: one of them; form: None for what the name of the file says; bom: the
    mark by which Excel knows a CSV file as UTF-8."""

    output: Path
    table: str | None = None
    query: str | None = None
    wanted: Wanted = field(default_factory=Wanted)
    form: Form | None = None
    lang: Lang = "zh"
    force: bool = False
    bom: bool = True


def table(
    settings: Settings, order: Order, release_name: str, as_json: bool, out: TextIO, err: TextIO
) -> int:
    """Writes a table to a file and says how it is cited; 1 where that cannot be done, 2 on what does not exist."""
    try:
        release = release_of(settings, release_name)
        with open_locked(release) as connection:
            try:
                citation, written = _written(connection, release, order)
            except duckdb.Error as error:
                print(explained(connection, error), file=err)
                return 1
    except (TableError, pa.ArrowException) as error:
        print(error, file=err)
        return 1
    except ReleaseError as error:
        print(error, file=err)
        return 2
    told = {
        "file": str(order.output),
        "rows": written.rows,
        "cut": written.cut,
        "bytes": order.output.stat().st_size,
        "sha256": citation.sha256,
    }
    if as_json:
        told |= {"release": release.release_id, "filters": dict(citation.filters), "query": citation.query}
        told |= {"citation": {"zh": citation.text("zh"), "en": citation.text("en"), "csl": citation.csl()}}
        print(json.dumps(told, ensure_ascii=False, indent=1), file=out)
    else:
        cut = f"; {written.cut:,} texts were cut to what a cell holds" if written.cut else ""
        print(f"{order.output}: {written.rows:,} rows, {told['bytes']:,} bytes{cut}", file=out)
        print(citation.text(order.lang), file=out)
    return 0


def whole(
    settings: Settings, target: Path, release_name: str, force: bool, as_json: bool, out: TextIO, err: TextIO
) -> int:
    """Copies a whole release and says how it is cited; 1 where that cannot be done, 2 if there is no such release."""
    try:
        release = release_of(settings, release_name)
        place = copy_release(release, target, force)
    except TableError as error:
        print(error, file=err)
        return 1
    except ReleaseError as error:
        print(error, file=err)
        return 2
    citation = cite_release(release)
    if as_json:
        told = {
            "place": str(place),
            "release": release.release_id,
            "files": len(release.files) + 1,
            "csl": citation.csl(),
        }
        print(json.dumps(told, ensure_ascii=False, indent=1), file=out)
    else:
        print(f"{place}: {len(release.files) + 1} files, each as published\n{citation.text()}", file=out)
    return 0


def _written(
    connection: duckdb.DuckDBPyConnection, release: Release, order: Order
) -> tuple[TableCitation, Written]:
    form = _form(order)
    wanted = Selection(order.query) if order.query else selection(connection, order.table or "", order.wanted)
    citation = cite_table(release, order.table or order.output.stem, wanted.query, filters=wanted.filters)
    refuse_taken(order.output, order.force)
    if form == "csv":
        refuse_taken(metadata_path(order.output), order.force)
    rows = connection.cursor().execute(reading(connection, wanted.query)).to_arrow_reader(_BATCH)
    columns = columns_of(connection, rows.schema.names, order.table, order.lang)
    with new_file(order.output, order.force) as file:
        written = write_table(
            rows, form, file, columns=columns, citation=citation, lang=order.lang, bom=order.bom
        )
    cited = citation.of_file(sha256_of(order.output))
    if form == "csv":
        content = csv_metadata(order.output.name, rows.schema, columns, cited)
        with new_file(metadata_path(order.output), order.force) as file:
            file.write((json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
    return cited, written


def _form(order: Order) -> Form:
    if order.form:
        return order.form
    suffix = order.output.suffix.removeprefix(".").lower()
    for form in get_args(Form):
        if suffix == form:
            return form  # type: ignore[no-any-return]
    raise TableError(
        f"{order.output.name} does not tell a form; end it in .csv, .xlsx or .parquet, or give --format"
    )
