"""Where captures are read and extracted: what that needs, and how a worker elsewhere gets the same."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from nianbao.archive import Archive
from nianbao.extraction import Extractor
from nianbao.model import Capture, Registry
from nianbao.registry import load_registry
from nianbao.sandbox import BoundedReader
from nianbao.settings import Settings, project_dir
from nianbao.warehouse.ingest import Ingested, ingest
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.rules import rules_of

# Of compressed records in a batch: hundreds of pages, or a few scans, each page of which takes seconds.
_BATCH_BYTES = 16 << 20


class OtherRulesError(Exception):
    """A worker has another registry or version of nianbao than the run that asks it; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker has to know of a home: folders that it reaches under the same paths, the version of the rules by which it is
    to read, and the limits of one file (seconds, MiB)."""

    archive: Path
    lake: Path
    registry: Path
    rules_version: str
    read_seconds: float
    read_memory_mb: int

    @classmethod
    def of(cls, settings: Settings, rules_version: str) -> Order:
        """The order for workers on the home of the settings."""
        return cls(
            settings.archive,
            settings.lake,
            settings.registry_folder,
            rules_version,
            settings.read_seconds,
            settings.read_memory_mb,
        )


class Workplace:
    """Reads and extracts captures of one archive into one lake. May be shared by threads; close it."""

    def __init__(
        self,
        archive: Archive,
        lake: Lake,
        registry: Registry,
        *,
        seconds: float,
        memory_mb: int,
        processes: int,
    ) -> None:
        """seconds, memory_mb: limits of one file; processes: of the sandbox at most."""
        self._archive, self._lake, self._registry = archive, lake, registry
        self._reader = BoundedReader(seconds=seconds, memory_mb=memory_mb, workers=processes)

    def ingest(self, captures: Sequence[Capture]) -> Ingested:
        """Reads and extracts captures and writes them as one batch; the same captures are the same batch."""
        return ingest(captures, self._archive, self._lake, self._extractor, self._registry, self._reader)

    def close(self) -> None:
        """Ends the processes of the sandbox."""
        self._reader.close()

    @cached_property
    def _extractor(self) -> Extractor:
        return Extractor(self._registry)


class Parcel:
    """A batch of captures and where it is read and extracted: here, or wherever a worker has made itself the place.

    A plain class that is packed once, on purpose: Prefect and Dask walk through dataclasses and lists among a task's arguments, one
    field of one capture after the other and several times over, which would keep workers waiting.
    """

    def __init__(self, place: Workplace | Order, captures: Sequence[Capture]) -> None:
        self.place = place
        self.captures = tuple(captures)

    def __reduce__(self) -> tuple[Callable[..., Parcel], tuple[object, ...]]:
        return _unpacked, (self.place, self._packed)

    def __dask_tokenize__(self) -> tuple[str, object, bytes]:
        return "Parcel", self.place, self._packed

    @cached_property
    def _packed(self) -> bytes:
        return pickle.dumps(self.captures)

    def ingest(self) -> Ingested:
        """Reads and extracts the captures and writes them as one batch. Raises OtherRulesError."""
        place = workplace_of(self.place) if isinstance(self.place, Order) else self.place
        return place.ingest(self.captures)


def _unpacked(place: Order, packed: bytes) -> Parcel:
    return Parcel(place, pickle.loads(packed))  # noqa: S301  # of the very run that gave this worker its task


def parceled(place: Workplace | Order, captures: Sequence[Capture], size: int) -> list[Parcel]:
    """Captures in batches of `size`, and of fewer where their files are large: no batch takes a worker for long."""
    batches: list[list[Capture]] = []
    room = 0
    for capture in captures:
        if not batches or len(batches[-1]) == size or capture.length > room:
            batches.append([])
            room = _BATCH_BYTES
        batches[-1].append(capture)
        room -= capture.length
    return [Parcel(place, batch) for batch in batches]


@cache
def workplace_of(order: Order) -> Workplace:
    """The workplace of this process for an order, made once. Raises OtherRulesError where it would read otherwise."""
    registry = load_registry(order.registry, project_dir("data"))
    version = rules_of(registry).version
    if version != order.rules_version:
        raise OtherRulesError(
            f"the worker {os.uname().nodename} reads by the rules {version[:12]} and the run by {order.rules_version[:12]};"
            f" give both the same version of nianbao and the same registry ({order.registry})"
        )
    return Workplace(
        Archive(order.archive),
        Lake(order.lake, version),
        registry,
        seconds=order.read_seconds,
        memory_mb=order.read_memory_mb,
        processes=1,
    )
