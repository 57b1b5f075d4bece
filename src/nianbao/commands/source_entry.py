"""The registry's entry for an address that was probed: whose reports stand there, as titles and addresses say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import yaml

from nianbao.extraction import Extractor
from nianbao.harvest.probe import Probed
from nianbao.model import Family, Metadata, Registry

# Stands where nobody could be named; no division has it, so that the registry asks for the right one.
NO_REGION = "000000"
_NO_SLUG = re.compile(r"[^a-z0-9]+")
# A column's first titles name its bodies; the hundredth adds none that decides.
_TITLES_READ = 100


def source_id(url: str, registry: Registry) -> str:
    """An id for a source at `url` that no source of the registry has: jiading-fzzfjsbg."""
    parts = urlsplit(url)
    labels = (parts.hostname or "").removeprefix("www.").split(".")
    folders = [part for part in parts.path.split("/") if part and "." not in part and "{" not in part]
    wanted = _NO_SLUG.sub("-", "-".join([labels[0], *folders[-1:]]).lower()).strip("-") or "new-source"
    taken = {source.source_id for source in registry.sources}
    number, free = 1, wanted
    while free in taken:
        number += 1
        free = f"{wanted}-{number}"
    return free


def entry_of(found: Probed, registry: Registry) -> dict[str, Any]:
    """The entry, by the registry's keys. A region or an issuer is proposed only where nothing speaks for another one.

    region: the division that all titles lead to, else the one that the address does, else `NO_REGION`. issuer: left
    out unless all titles lead to the same body of the registry.
    """
    source, extractor = found.source, Extractor(registry)
    named = [
        extractor.extract(link.text, url=link.url, link_title=link.text).metadata
        for link in found.links[:_TITLES_READ]
    ]
    listing = source.listings[0]
    region = _only(named, "region_code") or extractor.extract("", url=listing).metadata.region_code
    issuer = _only(named, "issuer_id") if all(each.issuer_id for each in named) else None
    entry: dict[str, Any] = {"id": source.source_id, "region": region or NO_REGION, "listing": listing}
    if found.family is not Family.GENERIC:
        entry["family"] = str(found.family)
    if source.parameters and found.family is Family.DETAILS_JSON:
        entry["parameters"] = dict(source.parameters)
    if issuer:
        entry["issuer"] = issuer
    if source.simulated:
        entry["simulated"] = True
    return entry


def as_yaml(entry: dict[str, Any], registry: Registry) -> Iterator[str]:
    """The entry as lines of YAML, with remarks on what a person has to add or to compare."""
    names = {region.code: region.full_name for region in registry.regions}
    if entry["region"] == NO_REGION:
        yield "# region: neither titles nor hosts.csv say whose site this is; look the code up in regions.csv"
    else:
        yield f"# region: {names[entry['region']]}, as titles and addresses say; compare it with the site"
    if "issuer" not in entry:
        yield "# issuer: <id of the body>, if the column is one body's; see issuers/"
    yield from yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=1000).splitlines()


def _only(named: Sequence[Metadata], field: str) -> str | None:
    """What all that say it agree on."""
    said = {value for each in named if (value := getattr(each, field))}
    return said.pop() if len(said) == 1 else None
