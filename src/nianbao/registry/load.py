"""Reads a registry folder, checks it as a whole, and freezes it into a `model.Registry`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from nianbao.model import (
    Department,
    Family,
    Host,
    Indicator,
    Issuer,
    Region,
    Registry,
    ReportKind,
    Source,
)
from nianbao.registry.corrections import CorrectionEntry, check_corrections, correction
from nianbao.registry.entries import (
    Entry,
    IndicatorEntry,
    IndicatorFile,
    IssuerEntry,
    ReportKindEntry,
)
from nianbao.registry.problems import Place, Problems, RegistryError, did_you_mean
from nianbao.registry.references import Listed, check_references, default_department_type, default_level
from nianbao.registry.regions import read_regions
from nianbao.registry.sites import read_departments, read_hosts
from nianbao.registry.source_checks import check_sources
from nianbao.registry.source_entry import SourceEntry
from nianbao.registry.visits import VisitSeasonEntry, check_visits, visit_season
from nianbao.registry.yamlfile import YamlFile, read_yaml

E = TypeVar("E", bound=Entry)
_PARTS = (
    "regions.csv",
    "issuers",
    "sources",
    "indicators.yml",
    "report_kinds",
    "hosts.csv",
    "departments.csv",
    "corrections.yml",
    "visits.yml",
)
# What a registry can do without: nobody reports, addresses say nothing, nothing is
# corrected, and every source is visited every night.
_DISPENSABLE = frozenset({"issuers", "hosts.csv", "departments.csv", "corrections.yml", "visits.yml"})
# What does not change any row has no part in the fingerprint, so that nothing is built again for it.
_NO_ROWS = "visits.yml"


def load_registry(folder: Path, fallback: Path | None = None) -> Registry:
    """The registry in `folder`.

    Everything but sources/ is taken from `fallback` where `folder` has none, so a world of one's own needs only
    sources/ and issuers/; sources/ is never taken from there.
    Raises RegistryError with every problem of all files. fingerprint is a SHA-256 over names and bytes of all files used that
    a row can depend on. What was loaded last is given again as long as no file has changed: a command looks at it, and then the
    run that it starts.
    """
    stamp = _stamp(folder, fallback)
    if _last and _last[0][0] == stamp:
        return _last[0][1]
    registry = _load(folder, fallback)
    _last[:] = [(stamp, registry)]
    return registry


_Stamp = tuple[Path, Path | None, tuple[tuple[str, int, int, int], ...]]
_last: list[tuple[_Stamp, Registry]] = []


def _stamp(folder: Path, fallback: Path | None) -> _Stamp:
    """What of the files changes when their content does: seen before they are read, so that no change is missed."""
    found = []
    for base in filter(None, (folder, fallback)):
        for part in _PARTS:
            for path in ((base / part), *sorted((base / part).rglob("*"))):
                if path.exists():
                    facts = path.stat()
                    found.append((str(path), facts.st_mtime_ns, facts.st_size, facts.st_ino))
    return folder, fallback, tuple(found)


def _load(folder: Path, fallback: Path | None) -> Registry:
    reader = _Reader(folder, fallback)
    regions = reader.regions()
    issuers = reader.listed("issuers", IssuerEntry)
    sources = reader.listed("sources", SourceEntry)
    indicators = reader.indicators()
    kinds = reader.report_kinds()
    hosts, departments = reader.hosts(regions), reader.departments()
    corrections = reader.corrections()
    visits = reader.visits()
    check_references(regions, issuers, sources, indicators, kinds, reader.problems)
    check_sources(sources, reader.problems)
    check_corrections(corrections, (item.entry.id for item in kinds), reader.problems)
    check_visits(visits, (item.entry.id for item in kinds), reader.problems)
    reader.problems.raise_if_any()
    return Registry(
        regions=tuple(regions.values()),
        issuers=tuple(_issuer(item.entry, regions) for item in issuers),
        sources=tuple(_source(item.entry) for item in sources),
        indicators=tuple(
            Indicator(
                e.id,
                e.label,
                e.label_en,
                e.unit,
                e.kind,
                MappingProxyType(_rules(e.rules)),
                MappingProxyType({b.year: b.reason for b in e.breaks}),
            )
            for e in (item.entry for item in indicators)
        ),
        report_kinds=tuple(
            ReportKind(e.id, e.label, e.label_en, MappingProxyType(_rules(e.rules)))
            for e in (item.entry for item in kinds)
        ),
        fingerprint=reader.fingerprint(),
        hosts=hosts,
        departments=departments,
        corrections=tuple(correction(item.entry) for item in corrections),
        visits=tuple(visit_season(item.entry) for item in visits),
    )


def _rules(given: BaseModel) -> dict[str, object]:
    """What the file says, without the keys it leaves out."""
    return given.model_dump(exclude_unset=True)


class _Reader:
    def __init__(self, folder: Path, fallback: Path | None) -> None:
        if not folder.is_dir():
            raise RegistryError([f"{folder}: there is no such folder; give the folder that holds sources/"])
        if not any((folder / part).exists() for part in _PARTS):
            raise RegistryError(
                [f"{folder}: holds no registry; it needs at least sources/ with one .yml file"]
            )
        self._folder = folder
        self._fallback = fallback
        self._bytes: dict[str, bytes] = {}
        self.problems = Problems()

    def regions(self) -> dict[str, Region]:
        path = self._part("regions.csv")
        content = self._read(path) if path else None
        return read_regions(path, content, self.problems) if path and content is not None else {}

    def hosts(self, regions: dict[str, Region]) -> tuple[Host, ...]:
        path, listed = self._part("hosts.csv"), self._part("regions.csv")
        content = self._read(path) if path else None
        if not path or content is None:
            return ()
        # The project's hosts beside a regions.csv of one's own: those of its regions count.
        own_regions = listed is not None and listed.parent != path.parent
        return read_hosts(path, content, regions, self.problems, skip_unknown=own_regions or not regions)

    def departments(self) -> tuple[Department, ...]:
        path = self._part("departments.csv")
        content = self._read(path) if path else None
        return read_departments(path, content, self.problems) if path and content is not None else ()

    def corrections(self) -> list[Listed[CorrectionEntry]]:
        return self._file("corrections.yml", CorrectionEntry)

    def visits(self) -> list[Listed[VisitSeasonEntry]]:
        return self._file(_NO_ROWS, VisitSeasonEntry)

    def _file(self, part: str, model: type[E]) -> list[Listed[E]]:
        path = self._part(part)
        file = self._yaml(path) if path else None
        return list(self._list_of(file, part, model)) if file else []

    def listed(self, part: str, model: type[E]) -> list[Listed[E]]:
        """The entries of all files of a folder, each file a list."""
        return [item for file in self._yaml_files(part) for item in self._list_of(file, f"{part}/", model)]

    def _list_of(self, file: YamlFile, part: str, model: type[E]) -> Iterator[Listed[E]]:
        if isinstance(file.data, list):
            yield from self._entries(file, (), file.data, model)
        elif file.data is not None:
            self.problems.add(
                file.place(), f"must be a list of entries, each starting with `- `, as {part} needs"
            )

    def indicators(self) -> list[Listed[IndicatorEntry]]:
        path = self._part("indicators.yml")
        file = self._yaml(path) if path else None
        if file is None:
            return []
        whole = self._entry(file, (), file.data, IndicatorFile)
        return list(self._entries(file, ("indicators",), whole.indicators, IndicatorEntry)) if whole else []

    def report_kinds(self) -> list[Listed[ReportKindEntry]]:
        found = []
        for file in self._yaml_files("report_kinds"):
            entry = self._entry(file, (), file.data, ReportKindEntry)
            if entry is not None:
                found.append(Listed(entry, file, ()))
        return found

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for name, content in sorted(self._bytes.items()):
            if name == _NO_ROWS:
                continue
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()

    def _part(self, name: str) -> Path | None:
        """A part of the folder, of the fallback where the folder lacks it, or None."""
        if name == "sources":
            return self._folder / name if (self._folder / name).is_dir() else None
        for base in (self._folder, self._fallback):
            if base is not None and (base / name).exists():
                return base / name
        if name not in _DISPENSABLE:
            self.problems.add(
                Place(self._folder / name), "is missing; take the file from the project's data folder"
            )
        return None

    def _yaml_files(self, part: str) -> Iterator[YamlFile]:
        folder = self._part(part)
        if folder is None:
            return
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".yml", ".yaml") and p.is_file()):
            file = self._yaml(path)
            if file is not None:
                yield file

    def _yaml(self, path: Path) -> YamlFile | None:
        content = self._read(path)
        return None if content is None else read_yaml(path, content, self.problems)

    def _read(self, path: Path) -> bytes | None:
        try:
            content = path.read_bytes()
        except OSError as error:
            self.problems.add(
                Place(path), f"cannot be read ({error.strerror}); check what it is and its permissions"
            )
            return None
        base = self._folder if path.is_relative_to(self._folder) else self._fallback or self._folder
        self._bytes[path.relative_to(base).as_posix()] = content
        return content

    def _entries(
        self, file: YamlFile, keys: tuple[str, ...], values: Iterable[Any], model: type[E]
    ) -> Iterator[Listed[E]]:
        for number, value in enumerate(values):
            entry = self._entry(file, (*keys, number), value, model)
            if entry is not None:
                yield Listed(entry, file, (*keys, number))

    def _entry(self, file: YamlFile, keys: tuple[str | int, ...], value: object, model: type[E]) -> E | None:
        if not isinstance(value, dict):
            known = ", ".join(model.model_fields)
            self.problems.add(
                file.place(*keys), f"must be an entry of `key: value` lines; its keys are {known}"
            )
            return None
        try:
            return model.model_validate(value)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                place = file.place(*keys, *fault["loc"])
                self.problems.add(
                    place, _sentence(fault["type"], fault["loc"], fault["msg"], fault["input"], model)
                )
            return None


def _sentence(kind: str, loc: tuple[int | str, ...], message: str, given: object, model: type[Entry]) -> str:
    """A pydantic fault in words that say what to do."""
    key = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        known = _keys_at(model, loc)
        hint = did_you_mean(key, known) or f"; the keys are {', '.join(known)}"
        return f"`{key}` is not a key here{hint}"
    if kind == "missing":
        return f"`{key}` is missing; add it to this entry"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    where = ".".join(str(part) for part in loc)
    return f"`{where}: {given}` is not right: {message[:1].lower()}{message[1:]}"


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys that may stand where the last one of `loc` does."""
    for key in loc[:-1]:
        field = model.model_fields.get(key) if isinstance(key, str) else None
        model = next(_models(field.annotation), model) if field else model
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """The models that a type is made of: IndicatorRule for list[IndicatorRule]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _issuer(entry: IssuerEntry, regions: dict[str, Region]) -> Issuer:
    return Issuer(
        issuer_id=entry.id,
        name=entry.name,
        region_code=entry.region,
        level=entry.level or default_level(entry.name, regions[entry.region]),
        department_type=entry.department_type or default_department_type(entry.name),
        aliases=tuple(entry.aliases),
        predecessors=tuple(entry.predecessors),
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
    )


def _source(entry: SourceEntry) -> Source:
    return Source(
        source_id=entry.id,
        region_code=entry.region,
        report_kind=entry.kind,
        listings=entry.addresses,
        family=Family(entry.family),
        parameters=MappingProxyType(dict(entry.parameters)),
        issuer_id=entry.issuer,
        hosts=tuple(entry.hosts),
        aliases=tuple(entry.aliases),
        delay_seconds=entry.delay_seconds,
        max_pages=entry.max_pages,
        max_requests=entry.max_requests,
        window=entry.window,
        follow=entry.follow,
        expected_issuers=tuple(entry.expected_issuers),
        expected_since=entry.expected_since,
        simulated=entry.simulated,
        verified=entry.verified,
        seen=entry.seen,
        notes=entry.notes,
    )
