"""Opens an index for reading and answers queries from it.

An index is never written to while it is open here, and its folder may be read-only. tantivy wants to lay a lock beside the files
it reads, so it is shown links to them in a folder of its own, which is gone once the files are mapped into memory. What is
open stays readable, even after the release was removed.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import tantivy

from nianbao.search.asking import asked, reports_of
from nianbao.search.filters import Filters
from nianbao.search.found import Facets, Found, Hit, SearchError
from nianbao.search.guard import damage_told
from nianbao.search.query import parse
from nianbao.search.schema import ENGINE, VERSION, teach
from nianbao.search.snippet import snippet

ABOUT = "index.json"
MOST_HITS = 10_000
_MOST_REGIONS = 60
_MOST_YEARS = 200
_REMOVALS = 100


class Index:
    """An open index; several threads may search it at once."""

    def __init__(self, folder: Path) -> None:
        """folder: the folder of an index. Raises SearchError if there is none, or none that can be read."""
        about(folder)
        place = Path(tempfile.mkdtemp(prefix="nianbao-search-"))
        try:
            with damage_told(_damaged(folder)):
                self._searcher, self._schema = _mapped(folder, place)
        finally:
            _remove(place)
        self._folder = folder

    def __len__(self) -> int:
        """How many entries it holds: reports, sections, figures and references."""
        return self._searcher.num_docs

    def search(
        self,
        query: str,
        *,
        kinds: Sequence[str] = (),
        regions: Sequence[str] = (),
        issuers: Sequence[str] = (),
        years: tuple[int | None, int | None] = (None, None),
        sections: Sequence[str] = (),
        indicators: Sequence[str] = (),
        limit: int = 20,
        offset: int = 0,
        facets: bool = True,
    ) -> Found:
        """The hits for what somebody typed (query.py), the best first.

        kinds: of found.KINDS. regions: codes; that of a province or city means everything in it. issuers, indicators: ids. years:
        the first and the last, each may be None. sections: kinds of sections. Of several values of one filter any
        will do, and no value means that all do; every filter must hold. limit, offset: which page, up to MOST_HITS.
        facets: count hits by year, region and kind too, which takes as long as finding them. What is
        wrong with query or filters is told in the answer's `trouble`. Raises SearchError if the index is damaged.
        """
        parsed = parse(query)
        filters = Filters(
            tuple(kinds), tuple(regions), tuple(issuers), years, tuple(sections), tuple(indicators)
        )
        trouble = parsed.trouble or filters.trouble() or _wrong_page(limit, offset)
        if trouble:
            return Found(trouble=trouble)
        with damage_told(_damaged(self._folder)):
            wanted = asked(self._searcher, self._schema, parsed, filters)
            found = self._found(wanted, parsed.all_of, limit, offset)
            return replace(found, facets=self._facets(wanted)) if facets else found

    def _found(self, wanted: tantivy.Query, words: tuple[str, ...], limit: int, offset: int) -> Found:
        result: Any = self._searcher.search(
            wanted, max(limit, 1), count=True, offset=offset, weight_by_field="weight"
        )
        page = [(score, self._stored(address)) for score, address in result.hits[:limit]]
        editions = self._editions({stored["edition_id"] for _, stored in page})
        hits = [self._hit(score, stored, editions[stored["edition_id"]], words) for score, stored in page]
        return Found(int(result.count), tuple(hits), words=words)

    def _hit(
        self, score: float, stored: dict[str, Any], edition: dict[str, Any], words: Sequence[str]
    ) -> Hit:
        section_kind, heading = edition["sections"].get(str(stored["section_ordinal"]), ("", ""))
        shown = snippet(stored["text"], words)
        if not shown.spans and stored["kind"] == "report":
            heads = (edition["edition"]["title"], edition["edition"]["issuer_name"], edition["doc_number"])
            shown = snippet(" ".join(filter(None, heads)), words)
        return Hit(
            kind=stored["kind"],
            edition_id=stored["edition_id"],
            **edition["edition"],
            section_kind=section_kind,
            section_ordinal=stored["section_ordinal"],
            heading=heading,
            label=stored.get("label", ""),
            said=stored.get("said", ""),
            indicator_id=stored.get("indicator_id", ""),
            start=stored["start"],
            end=stored["end"],
            snippet=shown,
            score=float(score),
        )

    def _stored(self, address: tantivy.DocAddress) -> dict[str, Any]:
        stored: dict[str, Any] = json.loads(bytes(self._searcher.doc(address).get_first("shown") or b""))
        return stored

    def _editions(self, edition_ids: Collection[str]) -> dict[str, dict[str, Any]]:
        """What is stored with the reports that editions are of."""
        if not edition_ids:
            return {}
        wanted = reports_of(self._schema, sorted(edition_ids))
        found = self._searcher.search(wanted, len(edition_ids), count=False)
        reports = [self._stored(address) for _, address in found.hits]
        return {report["edition_id"]: report for report in reports}

    def _facets(self, wanted: tantivy.Query) -> Facets:
        counted = self._searcher.aggregate(
            wanted,
            {
                "years": {"terms": {"field": "year", "size": _MOST_YEARS, "order": {"_key": "asc"}}},
                "regions": {"terms": {"field": "region_code", "size": _MOST_REGIONS}},
                "kinds": {"terms": {"field": "kind", "size": 10}},
            },
        )
        found = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in counted[name]["buckets"]}
            for name in counted
        }
        return Facets(
            {int(year): count for year, count in found["years"].items()}, found["regions"], found["kinds"]
        )


def _mapped(folder: Path, place: Path) -> tuple[tantivy.Searcher, tantivy.Schema]:
    for path in folder.resolve().iterdir():
        (place / path.name).symlink_to(path)
    index = teach(tantivy.Index.open(str(place)))
    index.config_reader("manual")
    return index.searcher(), index.schema


def _remove(place: Path) -> None:
    """Removes a folder of links; a thread of tantivy's that looks for commits may be laying its lock into it just then."""
    for _ in range(_REMOVALS):
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
        time.sleep(0.02)


def open_index(folder: Path) -> Index:
    """Opens the index in a folder for reading. Raises SearchError if there is none, or none that can be read."""
    return Index(folder)


def about(folder: Path) -> dict[str, object]:
    """What an index says of itself. Raises SearchError if there is none, or one of another version."""
    if not folder.is_dir():
        raise SearchError(
            f"{folder} is not there: this release has no search index, since it holds no texts or was made before"
            " releases had one; search a newer release"
        )
    with damage_told(_damaged(folder)):
        said: dict[str, object] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        found = (said["version"], said["engine"])
    if found != (VERSION, ENGINE):
        raise SearchError(
            f"{folder} is a search index of version {found[0]} for tantivy {found[1]}, and this is version {VERSION} with"
            f" tantivy {ENGINE}; the next release has one that fits"
        )
    return said


def _damaged(folder: Path) -> str:
    return (
        f"the search index {folder} cannot be read; `nianbao releases verify` says whether it is whole, and the next release"
        " has a new one; what was wrong"
    )


def _wrong_page(limit: int, offset: int) -> str:
    if limit < 0 or offset < 0 or limit + offset > MOST_HITS:
        return (
            f"Only the first {MOST_HITS:,} hits can be listed; narrow the search by a filter or another word."
        )
    return ""
