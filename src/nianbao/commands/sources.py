"""`nianbao sources`: what the registry names, and what an address would be as a source."""

from __future__ import annotations

import json
import re
from typing import Any, TextIO
from urllib.parse import urlsplit

import yaml

from nianbao.commands.tables import print_table
from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.probe import Probed
from nianbao.harvest.probe import probe as probe_source
from nianbao.model import Outcome, Registry, Source
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import Settings, project_dir

_DIGITS = re.compile(r"[^a-z0-9]+")


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
    settings: Settings, url: str, pages: int, simulated: bool, as_json: bool, out: TextIO, err: TextIO
) -> int:
    """Prints what an address would be as a source. Returns 1 if nothing would be fetched, 2 for what is no address."""
    registry = _registry(settings, err)
    if registry is None:
        return 2
    if not urlsplit(url).hostname or not url.startswith(("http://", "https://")):
        print(f"'{url}' is no web address; a listing starts with http:// or https://", file=err)
        return 2
    kind = registry.report_kinds[0]
    source = Source(_slug(url), "", kind.kind_id, (url,), simulated=simulated, max_requests=10 * pages + 10)
    fetcher = Fetcher(settings)
    try:
        found = probe_source(fetcher, source, kind, pages)
    finally:
        fetcher.close()
    entry = _entry(found, registry)
    if as_json:
        _print_json(found, entry, out)
    else:
        _print(found, entry, out)
    return 0 if found.links else 1


def _registry(settings: Settings, err: TextIO) -> Registry | None:
    try:
        return load_registry(settings.registry_folder, project_dir("data"))
    except RegistryError as error:
        print(error, file=err)
        return None


def _slug(url: str) -> str:
    parts = urlsplit(url)
    labels = (parts.hostname or "").removeprefix("www.").split(".")
    folders = [part for part in parts.path.split("/") if part and "." not in part and "{" not in part]
    return _DIGITS.sub("-", "-".join([labels[0], *folders[-1:]]).lower()).strip("-") or "new-source"


def _entry(found: Probed, registry: Registry) -> dict[str, Any]:
    """The registry's entry for the address, as far as the registry's hosts tell whose it is."""
    url = found.source.listings[0]
    region, body = _owner(url, registry)
    issuer = next(
        (i.issuer_id for i in registry.issuers if i.region_code == region and body and i.name == body), None
    )
    entry: dict[str, Any] = {"id": found.source.source_id, "region": region or "000000", "listing": url}
    if found.family != "generic":
        entry["family"] = str(found.family)
    if issuer:
        entry["issuer"] = issuer
    if found.source.simulated:
        entry["simulated"] = True
    return entry


def _owner(url: str, registry: Registry) -> tuple[str, str]:
    """Whose website an address is on by hosts.csv: (region code, name of a body), '' where it does not say."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "").lower(), parts.path
    fitting = [
        rule
        for rule in registry.hosts
        if (host == rule.host or host.endswith("." + rule.host)) and path.startswith(rule.path)
    ]
    best = max(fitting, key=lambda rule: (len(rule.host), len(rule.path)), default=None)
    return (best.region_code, best.body) if best else ("", "")


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


def _print(found: Probed, entry: dict[str, Any], out: TextIO) -> None:
    if found.sentence and found.outcome is not Outcome.OK and not found.why:
        print(f"{found.outcome}: {found.sentence}", file=out)
        return
    total = f" of {found.total}" if found.total else ""
    print(f"Family: {found.family} ({found.why})", file=out)
    print(
        f"Read: {found.pages} page(s), {found.entries}{total} entries, {len(found.links)} would be fetched",
        file=out,
    )
    if found.links:
        rows = [(link.date, link.text, link.url) for link in found.links]
        print_table(["date", "title", "address"], rows, out)
    for doubt in found.doubts:
        print(f"Look at this: {doubt}", file=out)
    if not found.links:
        return
    print("\nTo add it, put this into sources/<province>/<district>.yml of the registry:\n", file=out)
    if entry["region"] == "000000":
        print(
            "# region: hosts.csv does not say whose site this is; look the code up in regions.csv", file=out
        )
    if "issuer" not in entry:
        print("# issuer: <id of the body>, if the column is one body's; see issuers/", file=out)
    print(yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=1000), end="", file=out)
