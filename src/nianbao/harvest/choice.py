"""Chooses sources by what people call them: district=普陀区, source=shanghai-putuo-district, issuer=putuo-government."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from nianbao.model import Region, Registry, Source

_WAYS = "district=NAME or CODE, issuer=ID, source=ID"


class ChoiceError(ValueError):
    """Nothing in the registry is called so; the message says what is."""


def choose(registry: Registry, only: Sequence[str]) -> list[Source]:
    """The sources that any of the choices names, in the registry's order; all where there is no choice.

    A district is named by its code, its name with or without its parents, or in pinyin; what lies in it belongs to it.
    Raises ChoiceError.
    """
    if not only:
        return list(registry.sources)
    chosen = set[str]()
    for choice in only:
        way, _, name = choice.partition("=")
        if way not in _CHOOSERS or not name.strip():
            raise ChoiceError(f"'{choice}' chooses nothing; give {_WAYS}")
        found = _CHOOSERS[way](registry, name.strip())
        chosen.update(source.source_id for source in found)
    return [source for source in registry.sources if source.source_id in chosen]


def choose_kind(registry: Registry, sources: Iterable[Source], kind: str) -> list[Source]:
    """Those of the sources that have reports of a kind; all for ''. Raises ChoiceError."""
    kinds = [known.kind_id for known in registry.report_kinds]
    if kind and kind not in kinds:
        raise ChoiceError(
            f"there is no kind of report {kind}{_close(kind, kinds)}; there are {', '.join(kinds)}"
        )
    return [source for source in sources if kind in ("", source.report_kind)]


def _of_district(registry: Registry, name: str) -> list[Source]:
    regions = [region for region in registry.regions if name in _names(region)]
    if not regions:
        known = (n for region in _with_sources(registry) for n in (region.name, region.full_name))
        raise ChoiceError(
            f"no district of the registry is called {name}{_close(name, known)}; `nianbao sources list` shows all"
        )
    stems = tuple(_stem(region.code) for region in regions)
    found = [source for source in registry.sources if source.region_code.startswith(stems)]
    if not found:
        raise ChoiceError(
            f"{regions[0].full_name} has no source; add one under sources/ (docs/registry.md shows how)"
        )
    namesakes = [region for region in regions if _has(found, region)]
    if len(namesakes) > 1:
        called = ", ".join(f"{region.full_name} ({region.code})" for region in namesakes)
        raise ChoiceError(f"{name} may be {called}; give the code")
    return found


def _of_issuer(registry: Registry, name: str) -> list[Source]:
    found = [s for s in registry.sources if name == s.issuer_id or name in s.expected_issuers]
    if not found:
        known = (issuer.issuer_id for issuer in registry.issuers)
        raise ChoiceError(
            f"no source is said to have reports of the issuer {name}{_close(name, known)}; `nianbao sources list` shows all"
        )
    return found


def _of_source(registry: Registry, name: str) -> list[Source]:
    found = [source for source in registry.sources if source.source_id == name]
    if not found:
        known = (source.source_id for source in registry.sources)
        raise ChoiceError(f"there is no source {name}{_close(name, known)}; `nianbao sources list` shows all")
    return found


_CHOOSERS = {"district": _of_district, "issuer": _of_issuer, "source": _of_source}


def _names(region: Region) -> set[str]:
    return {region.code, region.name, region.full_name, region.pinyin.replace(" ", ""), region.pinyin} - {""}


def _stem(code: str) -> str:
    """The digits that the code of a division and those of all in it begin with."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _has(sources: Iterable[Source], region: Region) -> bool:
    return any(source.region_code.startswith(_stem(region.code)) for source in sources)


def _with_sources(registry: Registry) -> list[Region]:
    codes = {source.region_code for source in registry.sources}
    return [region for region in registry.regions if region.code in codes]


def _close(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(set(known)), n=3, cutoff=0.5)
    return f" (did you mean {' or '.join(close)}?)" if close else ""
