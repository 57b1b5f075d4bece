"""`nianbao search`: full text search in a release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from nianbao.search import Found, Hit, SearchError, Snippet
from nianbao.settings import Settings
from nianbao.warehouse.release import Release, ReleaseError, current_release, find_release
from nianbao.warehouse.release.searching import index_of

_ELLIPSIS = "…"


def run(
    settings: Settings,
    query: str,
    filters: Mapping[str, Any],
    release_name: str,
    as_json: bool,
    out: TextIO,
    err: TextIO,
) -> int:
    """Prints the hits for a query, marked on a terminal. filters: the keywords of Index.search.

    Returns 2 where the query is wrong or there is no release, or none with an index; nothing found is an answer.
    """
    try:
        if current_release(settings.current) is None and release_name == "current":
            raise ReleaseError(
                f"{settings.home} holds no release yet; `nianbao refresh` or `nianbao import` makes one"
            )
        release = find_release(settings.releases, settings.current, release_name)
        found = index_of(release).search(query, **filters)
    except (ReleaseError, SearchError) as error:
        print(error, file=err)
        return 2
    if found.trouble:
        print(found.trouble, file=err)
        return 2
    if as_json:
        print(json.dumps(_value(release, query, found), ensure_ascii=False, indent=1), file=out)
    else:
        _print(release, found, int(filters.get("offset", 0)), out)
    return 0


def _value(release: Release, query: str, found: Found) -> dict[str, Any]:
    return {
        "release": release.release_id,
        "query": query,
        "words": found.words,
        "total": found.total,
        "facets": asdict(found.facets),
        "hits": [asdict(hit) | {"figure_id": hit.figure_id} for hit in found.hits],
    }


def _print(release: Release, found: Found, offset: int, out: TextIO) -> None:
    console = Console(file=out, width=None if out.isatty() else 10_000, highlight=False)
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in found.facets.kinds.items())
    shown = (
        f"; shown are {offset + 1} to {offset + len(found.hits)}" if 0 < len(found.hits) < found.total else ""
    )
    console.print(
        Text(f"{found.total:,} hits in {release.release_id}{f' ({kinds})' if kinds else ''}{shown}")
    )
    for number, hit in enumerate(found.hits, offset + 1):
        console.print()
        console.print(_headline(number, hit))
        console.print(_marked(hit.snippet))
        console.print(
            Text(f"{hit.figure_id or f'{hit.edition_id}:{hit.start}-{hit.end}'} · {hit.report_id}", "dim")
        )


def _headline(number: int, hit: Hit) -> Text:
    line = Text(f"{number}. ")
    line.append(_plain(f"{hit.year} {hit.issuer_name}"), "bold")
    told = filter(None, (hit.kind, hit.heading, hit.label, hit.said if hit.kind == "figure" else ""))
    line.append(_plain(f"  {' · '.join(told)}"))
    return line


def _marked(snippet: Snippet) -> Text:
    """Texts come from websites: they are shown, never interpreted as markup, and in one line."""
    lead = _ELLIPSIS if snippet.before else ""
    text = Text(f"{lead}{_plain(snippet.text)}{_ELLIPSIS if snippet.after else ''}")
    for start, end in snippet.spans:
        text.stylize("bold red", start + len(lead), end + len(lead))
    return text


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
