"""Checks that what the entries of a registry name is there, and fills in what follows from a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from nianbao.model import Family, Region
from nianbao.registry.entries import Entry, IndicatorEntry, IssuerEntry, ReportKindEntry
from nianbao.registry.problems import Place, Problems, did_you_mean
from nianbao.registry.source_entry import SourceEntry
from nianbao.registry.yamlfile import YamlFile

E_co = TypeVar("E_co", bound=Entry, covariant=True)

_TOWNSHIP = ("街道办事处", "街道", "镇人民政府", "乡人民政府", "镇", "乡")
# Endings of a body's name, the longest that fits wins; what none of them fits is a `department`.
_DEPARTMENT_TYPES = {
    "街道办事处": "township",
    "镇人民政府": "township",
    "乡人民政府": "township",
    "人民政府": "government",
    "人民政府办公室": "general_office",
    "人民政府办公厅": "general_office",
    "司法局": "justice",
    "司法厅": "justice",
}


@dataclass(frozen=True, slots=True)
class Listed(Generic[E_co]):
    """An entry and where it stands."""

    entry: E_co
    file: YamlFile
    keys: tuple[str | int, ...]

    def at(self, *keys: str | int) -> Place:
        """Where a key of the entry stands, or the entry itself."""
        return self.file.place(*self.keys, *keys)


def check_references(
    regions: Mapping[str, Region],
    issuers: Sequence[Listed[IssuerEntry]],
    sources: Sequence[Listed[SourceEntry]],
    indicators: Sequence[Listed[IndicatorEntry]],
    kinds: Sequence[Listed[ReportKindEntry]],
    problems: Problems,
) -> None:
    """Notes ids given twice, and regions, issuers, kinds and families that nobody knows."""
    for what, listed in (
        ("issuer", issuers),
        ("source", sources),
        ("indicator", indicators),
        ("report kind", kinds),
    ):
        _unique(what, ((item.entry.id, item.at("id")) for item in listed), problems)
    _one_entry_per_body(issuers, problems)
    check = _Check(regions, {i.entry.id for i in issuers}, {k.entry.id for k in kinds}, problems)
    for issuer in issuers:
        check.region(issuer.at("region"), issuer.entry.region)
        for predecessor in issuer.entry.predecessors:
            if predecessor == issuer.entry.id:
                problems.add(
                    issuer.at("predecessors"),
                    f"`{predecessor}` is named as its own predecessor; remove it there",
                )
            else:
                check.issuer(issuer.at("predecessors"), predecessor, "predecessors")
    _no_circles(issuers, problems)
    for source in sources:
        check.source(source)


def default_level(name: str, region: Region) -> str:
    """The level of a body that does not give it: township by its name, else the level of its region."""
    return "township" if name.endswith(_TOWNSHIP) else region.level


def default_department_type(name: str) -> str:
    """government, general_office, justice, township, or department, by the ending of the name."""
    ending = max((end for end in _DEPARTMENT_TYPES if name.endswith(end)), key=len, default="")
    return _DEPARTMENT_TYPES.get(ending, "department")


@dataclass(frozen=True, slots=True)
class _Check:
    regions: Mapping[str, Region]
    issuers: Collection[str]
    kinds: Collection[str]
    problems: Problems

    def region(self, place: Place, code: str) -> None:
        # Where no row of regions.csv could be read, that is the problem.
        if self.regions and code not in self.regions:
            self.problems.add(place, f"`region: {code}` is not in regions.csv; look the code up there")

    def issuer(self, place: Place, issuer_id: str, key: str) -> None:
        if issuer_id not in self.issuers:
            hint = did_you_mean(issuer_id, self.issuers) or "; add the issuer to a file in issuers/"
            self.problems.add(place, f"`{key}: {issuer_id}` is the id of no issuer{hint}")

    def source(self, source: Listed[SourceEntry]) -> None:
        entry = source.entry
        self.region(source.at("region"), entry.region)
        if entry.issuer is not None:
            self.issuer(source.at("issuer"), entry.issuer, "issuer")
        for issuer_id in entry.expected_issuers:
            self.issuer(source.at("expected_issuers"), issuer_id, "expected_issuers")
        self.known(source.at("kind"), "kind", entry.kind, self.kinds)
        self.known(source.at("family"), "family", entry.family, tuple(Family))

    def known(self, place: Place, key: str, value: str, known: Collection[str]) -> None:
        if value not in known:
            hint = did_you_mean(value, known) or f"; known are {', '.join(sorted(known))}"
            self.problems.add(place, f"`{key}: {value}` is not known{hint}")


def _unique(what: str, ids: Iterable[tuple[str, Place]], problems: Problems) -> None:
    first: dict[str, Place] = {}
    for entry_id, place in ids:
        if entry_id in first:
            problems.add(
                place, f"the {what} `{entry_id}` stands at {first[entry_id]} already; ids are given once"
            )
        else:
            first[entry_id] = place


def _one_entry_per_body(issuers: Iterable[Listed[IssuerEntry]], problems: Problems) -> None:
    first: dict[tuple[str, str], Listed[IssuerEntry]] = {}
    for issuer in issuers:
        entry = issuer.entry
        same = first.setdefault((entry.region, entry.name), issuer)
        if same.entry.id != entry.id:
            problems.add(
                issuer.at("name"),
                f"{entry.name} is `{same.entry.id}` at {same.at('name')} already; a body has one entry",
            )


def _no_circles(issuers: Iterable[Listed[IssuerEntry]], problems: Problems) -> None:
    """Notes each circle of predecessors once; a body that names itself is told where that stands."""
    listed = {issuer.entry.id: issuer for issuer in issuers}
    done: set[str] = set()
    for start in listed:
        way: list[str] = []
        stack = [iter((start,))]
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                if way:
                    done.add(way.pop())
            elif step in way[:-1]:
                circle = [*way[way.index(step) :], step]
                problems.add(
                    listed[way[-1]].at("predecessors"),
                    f"predecessors go round in a circle, {' after '.join(circle)}; remove the one that is wrong",
                )
            elif step in listed and step not in done and step not in way:
                way.append(step)
                stack.append(iter(listed[step].entry.predecessors))
