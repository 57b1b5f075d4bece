"""The table of the bundled districts in docs/registry.md, made from data/; run this file to write it there anew."""

from __future__ import annotations

from pathlib import Path

from nianbao.model import Registry
from nianbao.registry import load_registry

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "registry.md"
_HEADER = "| district | source | family | seen | due from |\n|---|---|---|---|---|\n"


def table(registry: Registry) -> str:
    """One row per source, in the order of regions and files."""
    names = {region.code: region.full_name for region in registry.regions}
    return _HEADER + "".join(
        f"| {names[source.region_code]} | {source.source_id} | {source.family.value} | {source.seen}"
        f" | {source.expected_since or ''} |\n"
        for source in sorted(registry.sources, key=lambda source: source.region_code)
    )


def documented(text: str) -> str:
    """The table that stands in docs/registry.md."""
    start = text.index(_HEADER.partition("\n")[0])
    return text[start : text.find("\n\n", start) + 1] if "\n\n" in text[start:] else text[start:]


if __name__ == "__main__":
    page = DOCS.read_text(encoding="utf-8")
    DOCS.write_text(
        page.replace(documented(page), table(load_registry(ROOT / "data"))), encoding="utf-8", newline=""
    )
