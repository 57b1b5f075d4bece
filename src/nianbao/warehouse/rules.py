"""The version of the rules: everything that decides what a capture's rows are, in components that can be compared.

Most components touch every capture: the code of reading and extraction, regions, issuers, report kinds. Two touch few:
an indicator is only ever chosen for figures with one of its units, and the issuer that a source stands for only matters
to captures of that source. What is only shown or only says where to look (labels, listings) is no rule.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, fields, is_dataclass
from difflib import SequenceMatcher
from pathlib import Path

import nianbao
from nianbao.model import Indicator, Issuer, Registry

_PARSERS = (
    "selectolax",
    "pypdfium2",
    "python-docx",
    "lxml",
    "olefile",
    "striprtf",
    "rapidocr",
    "onnxruntime",
)
# Modules of this package that decide about rows, beside the packages of reading and extraction.
_OWN = ("ingest.py", "rows.py", "schema.py")
_COMPARED_BY_ENTRY = frozenset({"indicators", "sources", "fingerprint"})
# Parts of the registry that act on the marts alone.
_NO_RULES = frozenset({"corrections", "visits"})


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """What tells whether an indicator's rules changed, and the units under which they are asked at all."""

    indicator_id: str
    fingerprint: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """One version of the rules.

    components: name → fingerprint of what touches every capture. indicators: in the registry's order, which decides
    between rules that hold equally well. sources: source id → the issuer it stands for, where it stands for one.
    """

    components: Mapping[str, str]
    indicators: tuple[IndicatorRule, ...]
    sources: Mapping[str, str]

    @property
    def version(self) -> str:
        """The id of these rules."""
        return _digest(self.to_json())[:12]

    def to_json(self) -> str:
        """One text for the same rules, always."""
        value = {
            "components": dict(self.components),
            "indicators": [[i.indicator_id, i.fingerprint, list(i.units)] for i in self.indicators],
            "sources": dict(self.sources),
        }
        return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Rules:
        """Rules as `to_json` wrote them. Raises ValueError for anything else."""
        try:
            value = json.loads(text)
            indicators = tuple(IndicatorRule(i, mark, tuple(units)) for i, mark, units in value["indicators"])
            return cls(dict(value["components"]), indicators, dict(value["sources"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"no rules of this form: {error}") from error


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two versions of the rules, and so which captures may have other rows.

    components: those that touch every capture. indicators: ids of those added, removed, changed or moved. units: a
    report with a figure in one of them may be read differently. sources: whose captures may be.
    """

    components: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    units: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    @property
    def touches_all(self) -> bool:
        """Whether every capture is touched."""
        return bool(self.components)

    def __str__(self) -> str:
        """What changed, for people."""
        named = [name.replace("_", " ") for name in self.components]
        for what, ids in (("indicator", self.indicators), ("issuer of source", tuple(sorted(self.sources)))):
            shown = ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
            named += [f"{what} {shown}"] if ids else []
        return "; ".join(named) or "nothing"


def rules_of(registry: Registry) -> Rules:
    """The rules in force: this code with this registry."""
    components = {"code": _code()}
    for part in fields(registry):
        if part.name not in _COMPARED_BY_ENTRY | _NO_RULES:
            components[part.name] = _digest(_canonical(getattr(registry, part.name)))
    return Rules(
        components,
        tuple(_indicator(indicator) for indicator in registry.indicators),
        {source_id: issuer.issuer_id for source_id, issuer in default_issuers(registry).items()},
    )


def default_issuers(registry: Registry) -> dict[str, Issuer]:
    """Source id → the issuer whose report it is when the text does not say. Ingest knows no more of a source."""
    issuers = {issuer.issuer_id: issuer for issuer in registry.issuers}
    return {s.source_id: issuers[s.issuer_id] for s in registry.sources if s.issuer_id in issuers}


def compare(former: Rules, present: Rules) -> Change:
    """What differs from `former` to `present`."""
    names = sorted({*former.components, *present.components})
    components = tuple(n for n in names if former.components.get(n) != present.components.get(n))
    before = {indicator.indicator_id: indicator for indicator in former.indicators}
    after = {indicator.indicator_id: indicator for indicator in present.indicators}
    changed = {i for i in {*before, *after} if before.get(i) != after.get(i)}
    changed |= _moved([i for i in before if i not in changed], [i for i in after if i not in changed])
    units = {unit for side in (before, after) for i in changed if i in side for unit in side[i].units}
    sources = {
        s for s in {*former.sources, *present.sources} if former.sources.get(s) != present.sources.get(s)
    }
    return Change(components, tuple(sorted(changed)), frozenset(units), frozenset(sources))


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Ids that stand elsewhere among the others: of two that changed places, at least one."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return set(before) - {i for block in blocks for i in before[block.a : block.a + block.size]}


def _indicator(indicator: Indicator) -> IndicatorRule:
    # Not the labels: they are shown, and decide nothing.
    fingerprint = _digest(_canonical([indicator.unit, indicator.kind, indicator.rules]))[:16]
    return IndicatorRule(indicator.indicator_id, fingerprint, tuple(sorted(indicator.units)))


def _canonical(value: object) -> str:
    """One text for equal values, whatever the process."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Set):
        return sorted(map(_canonical, value))
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    return str(value)


def _code() -> str:
    """A hash over the code of reading and extraction and the versions of the parsers."""
    digest = hashlib.sha256()
    for path in _code_files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name in _PARSERS:
        digest.update(f"{name} {_version(name)}".encode())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "absent"  # the extra `ocr`: scans are read again once it is there


def _code_files() -> Iterable[Path]:
    for package in ("model", "reading", "extraction"):  # not imported: a quiet night reads nothing
        folder = Path(str(nianbao.__file__)).with_name(package)
        yield from (p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".pyc")
    yield from (Path(__file__).with_name(name) for name in _OWN)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
