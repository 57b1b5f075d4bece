"""What else happens to a run, at a chosen point of it: disks, locks, clocks, servers and networks."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from support import Command

from chaos import mounts
from chaos.home import Prepared
from chaos.servers import Going, children, prefect_server, sites_that_go

FETCH = "nianbao.harvest.fetcher:Fetcher.send"
INGEST = "nianbao.warehouse.workplace:ingest"
LOAD = "flows.build:load"
ALIGN = "flows.build:align"
TRANSFORM = "flows.build:transform"
VALIDATE = "flows.build:validate"
PUBLISH = "flows.build:publish"
END = "nianbao.warehouse.ledger:Ledger.end"

# What is done before its `yield` makes the trouble, what comes after it ends it.
Making = Callable[["Scene"], Iterator[None]]


@dataclass
class Scene:
    """What a trouble may touch. environment: what the disturbed run is given besides; server, sites: its own, if any."""

    prepared: Prepared
    command: Command
    environment: dict[str, str] = field(default_factory=dict)
    server: int = 0
    sites: Going | None = None


@dataclass(frozen=True)
class Trouble:
    """make: a context in which the trouble lasts. at: the call at which it begins; None: before the run does.

    around: a context for the whole case, given the scene before its home is filled. fails: whether the run has to
    fail; None: it may. says: what has to be among its words. mounted: it needs `mounts`.
    """

    kind: str
    where: str
    make: Making
    at: tuple[str, int] | None = None
    around: Making | None = None
    fails: bool | None = True
    says: tuple[str, ...] = ()
    mounted: bool = False
    short: bool = False

    @property
    def name(self) -> str:
        """Kind and place."""
        return f"{self.kind}: {self.where}"


def _small(scene: Scene) -> Iterator[None]:
    with mounts.small_disk(scene.command.home.parent, 200):
        yield


def _filled(left: int) -> Making:
    def fill(scene: Scene) -> Iterator[None]:
        filler = mounts.fill(scene.command.home, left)
        yield
        filler.unlink()

    return fill


def _read_only(scene: Scene) -> Iterator[None]:
    with mounts.read_only(scene.command.home):
        yield


def _locked(name: str) -> Making:
    def lock(scene: Scene) -> Iterator[None]:
        with closing(sqlite3.connect(scene.command.home / name, timeout=10, isolation_level=None)) as other:
            other.execute("begin immediate")
            yield

    return lock


def _opened(glob: str, *, read_only: bool) -> Making:
    """Another process would hold the file; DuckDB's lock is one between processes, so a child takes it."""

    def hold(scene: Scene) -> Iterator[None]:
        (path,) = scene.command.home.glob(glob)
        # A new process, not a fork: the engine's threads would not be there in a fork.
        holding = f"duckdb.connect({str(path.resolve())!r}, read_only={read_only}); print(flush=True); time.sleep(600)"
        command = [sys.executable, "-c", f"import duckdb, time; held = {holding}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
            if other.stdout is None or not other.stdout.readline():
                raise RuntimeError(f"{path} could not be opened by another process")
            yield
            other.kill()

    return hold


def _clock(days: float) -> Making:
    def turn(scene: Scene) -> Iterator[None]:
        scene.environment["NIANBAO_CLOCK_OFFSET"] = str(days * 86_400)
        yield

    return turn


def _own_server(scene: Scene) -> Iterator[None]:
    with prefect_server(scene.command.home.parent / "server") as (url, process):
        scene.environment["PREFECT_API_URL"] = url
        scene.server = process.pid
        yield


def _kill_server(scene: Scene) -> Iterator[None]:
    for each in (*children(scene.server), scene.server):
        os.kill(each, signal.SIGKILL)
    yield


def _own_sites(scene: Scene) -> Iterator[None]:
    with sites_that_go(scene.prepared.world) as scene.sites:
        impatient = {"NIANBAO_READ_TIMEOUT": "1", "NIANBAO_RETRIES": "0"}
        scene.environment |= {"NIANBAO_RESOLVE": scene.sites.resolve} | impatient
        yield


def _sites(how: str) -> Making:
    def go(scene: Scene) -> Iterator[None]:
        getattr(scene.sites, how)()
        yield

    return go


TROUBLES = (
    Trouble("full disk", "before the run", _filled(0), None, _small, says=("space",), mounted=True),
    *(
        Trouble(
            "full disk",
            where,
            _filled(left),
            at,
            _small,
            says=("space",),
            mounted=True,
            short=where == "load",
        )
        for where, at, left in (
            ("harvest", (FETCH, 3), 0),
            ("harvest, a little left", (FETCH, 3), 9_000),
            ("read and extract", (INGEST, 1), 4_096),
            ("load", (LOAD, 1), 500_000),
            ("align", (ALIGN, 1), 20_000),
            ("transform", (TRANSFORM, 1), 300_000),
            ("validate", (VALIDATE, 1), 4_096),
            ("release", (PUBLISH, 1), 200_000),
        )
    ),
    Trouble(
        "full disk",
        "the ledger's end",
        _filled(0),
        (END, 1),
        _small,
        fails=None,
        says=("space",),
        mounted=True,
    ),
    Trouble("read-only home", "before the run", _read_only, says=("cannot be written",), mounted=True),
    *(
        Trouble(
            "read-only home", where, _read_only, at, says=("read-only",), mounted=True, short=where == "load"
        )
        for where, at in (
            ("harvest", (FETCH, 3)),
            ("load", (LOAD, 1)),
            ("transform", (TRANSFORM, 1)),
            ("release", (PUBLISH, 1)),
        )
    ),
    Trouble("locked", "ledger, from the start", _locked("ledger.sqlite"), says=("ledger.sqlite", "locked")),
    Trouble("locked", "ledger, at its end", _locked("ledger.sqlite"), (END, 1), says=("locked",)),
    Trouble(
        "locked", "memory, in harvest", _locked("harvest.sqlite"), (FETCH, 3), says=("locked",), short=True
    ),
    Trouble(
        "locked", "archive index, in harvest", _locked("archive/index.sqlite"), (FETCH, 3), says=("locked",)
    ),
    Trouble("opened", "current, by a reader", _opened("current/nianbao.duckdb", read_only=True), fails=False),
    Trouble(
        "opened", "candidate, by another", _opened("builds/*/nianbao.duckdb", read_only=False), (TRANSFORM, 1)
    ),
    Trouble("clock", "three days back", _clock(-3), fails=False, short=True),
    # The gate may refuse it: fewer reports are expected than a year later.
    Trouble("clock", "a year back", _clock(-365), fails=None),
    Trouble("clock", "three days ahead, then back", _clock(3), fails=False),
    *(
        Trouble(
            "Prefect server gone", where, _kill_server, at, _own_server, fails=False, short=where == "load"
        )
        for where, at in (
            ("harvest", (FETCH, 3)),
            ("read and extract", (INGEST, 1)),
            ("load", (LOAD, 1)),
            ("release", (PUBLISH, 1)),
            ("the ledger's end", (END, 1)),
        )
    ),
    Trouble(
        "network gone", "refused, in harvest", _sites("close"), (FETCH, 4), _own_sites, fails=None, short=True
    ),
    Trouble("network gone", "hanging, in harvest", _sites("hang"), (FETCH, 4), _own_sites, fails=None),
    Trouble("network gone", "refused, from the start", _sites("close"), None, _own_sites, says=("reach",)),
)
