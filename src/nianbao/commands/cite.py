"""`nianbao cite`: how a figure, a table or a release is cited."""

from __future__ import annotations

import json
from typing import Protocol, TextIO

import duckdb

from nianbao.commands.querying import open_locked, release_of
from nianbao.export import cite_figure, cite_release, cite_table
from nianbao.export.forms import Lang
from nianbao.export.selection import tables_of
from nianbao.settings import Settings
from nianbao.warehouse.release import ReleaseError


class _Citation(Protocol):
    def text(self, lang: Lang = ...) -> str: ...
    def csl(self) -> dict[str, object]: ...
    def bibtex(self) -> str: ...


def run(
    settings: Settings, key: str, form: str, lang: Lang, release_name: str, out: TextIO, err: TextIO
) -> int:
    """Prints a citation as text, CSL-JSON or BibTeX; 2 if there is no such thing."""
    try:
        citation = _cited(settings, key, release_name)
    except (ReleaseError, duckdb.Error) as error:
        print(error, file=err)
        return 2
    if form == "json":
        print(json.dumps([citation.csl()], ensure_ascii=False, indent=1), file=out)
    else:
        print(citation.bibtex() if form == "bibtex" else citation.text(lang), file=out)
    return 0


def _cited(settings: Settings, key: str, release_name: str) -> _Citation:
    if ":" in key or "/" in key:
        release = release_of(settings, release_name)
        with open_locked(release) as connection:
            return cite_figure(connection, release, key)
    release = release_of(settings, release_name)
    with open_locked(release) as connection:
        if key in tables_of(connection):
            return cite_table(release, key, f"select * from {key}")
    return cite_release(release_of(settings, key))
