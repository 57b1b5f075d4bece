"""`nianbao sources`: what the registry names, and what an address would be as a source."""

from __future__ import annotations

import json
from typing import Any, TextIO
from urllib.parse import urlsplit

from nianbao.commands.source_entry import as_yaml, entry_of, source_id
from nianbao.commands.tables import print_table
from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.probe import Probed
from nianbao.harvest.probe import probe as probe_source
from nianbao.model import Family, Outcome, Registry, Source
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import Settings, project_dir


def list_sources(settings: Settings, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Prints every source of the registry in use. Returns 2 if the registry is not right."""
    registry = _registry(settings, err)
    if registry is None:
        return 2
    regions = {region.code: region.full_name for region in registry.regions}
    rows: list[dict[str, Any]] = [
        {
            "source": source.source_id,
            "district": regions.get(source.region_code, source.region_code),
            "family": str(source.family),
            "listings": list(source.listings),
            "expected": list(source.expected_issuers or filter(None, (source.issuer_id,))),
            "since": source.expected_since,
            "verified": source.verified,
            "seen": source.seen,
        }
        for source in registry.sources
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1), file=out)
        return 0
    shown = [
        [
            r["source"],
            r["district"],
            r["family"],
            len(r["expected"]) or "",
            r["verified"] or "never",
            r["seen"],
        ]
        for r in rows
    ]
    print_table(["source", "district", "family", "issuers", "verified", "seen"], shown, out)
    return 0


def probe(
    settings: Settings,
    url: str,
    pages: int,
    simulated: bool,
    as_json: bool,
    out: TextIO,
    err: TextIO,
    article: str = "",
) -> int:
    """Prints what an address would be as a source. Returns 1 if nothing would be fetched, 2 for wrong use.

    article: where the text of an article is, with {id}, for lists whose entries have no addresses.
    """
    registry = _registry(settings, err)
    if registry is None:
        return 2
    if not urlsplit(url).hostname or not url.startswith(("http://", "https://")):
        print(f"'{url}' is no web address; a listing starts with http:// or https://", file=err)
        return 2
    if article and "{id}" not in article:
        print(f"'{article}' does not say where an article's id goes; write {{id}} there", file=err)
        return 2
    kind = registry.report_kinds[0]
    source = Source(
        source_id(url, registry),
        "",
        kind.kind_id,
        (url,),
        parameters={"article": article} if article else {},
        simulated=simulated,
        max_requests=10 * pages + 10,
    )
    fetcher = Fetcher(settings)
    try:
        found = probe_source(fetcher, source, kind, pages)
    finally:
        fetcher.close()
    known = next((s.source_id for s in registry.sources if url in s.listings), None)
    if known:
        found.doubts.append(f"it is a listing of the source {known} already; do not add it twice")
    if article and found.why and found.family is not Family.DETAILS_JSON:
        found.doubts.append(f"--article is left out: entries of the family {found.family} have addresses")
    entry = entry_of(found, registry)
    if as_json:
        _print_json(found, entry, out)
    else:
        _print(found, entry, registry, out)
    return 0 if found.links else 1


def _registry(settings: Settings, err: TextIO) -> Registry | None:
    try:
        return load_registry(settings.registry_folder, project_dir("data"))
    except RegistryError as error:
        print(error, file=err)
        return None


def _print_json(found: Probed, entry: dict[str, Any], out: TextIO) -> None:
    value = {
        "url": found.source.listings[0],
        "outcome": found.outcome,
        "sentence": found.sentence,
        "family": found.family,
        "why": found.why,
        "pages": found.pages,
        "entries": found.entries,
        "total": found.total,
        "links": [{"url": link.url, "title": link.text, "date": link.date} for link in found.links],
        "doubts": found.doubts,
        "entry": entry,
    }
    print(json.dumps(value, ensure_ascii=False, indent=1), file=out)


def _print(found: Probed, entry: dict[str, Any], registry: Registry, out: TextIO) -> None:
    if found.sentence and found.outcome is not Outcome.OK and not found.why:
        print(f"{found.outcome}: {found.sentence}", file=out)
        return
    total = f" of {found.total}" if found.total else ""
    print(f"Family: {found.family} ({found.why})", file=out)
    print(f"Read: {found.entries}{total} entries, {len(found.links)} would be fetched", file=out)
    if found.links:
        rows = [(link.date, link.text, link.url) for link in found.links]
        print_table(["date", "title", "address"], rows, out)
    for doubt in found.doubts:
        print(f"Look at this: {doubt}", file=out)
    if not found.links:
        return
    print("\nTo add it, put this into sources/<province>/<district>.yml of the registry:\n", file=out)
    for line in as_yaml(entry, registry):
        print(line, file=out)
