"""Sixty nights in a row, in one process, with the time simulated: python -m soak.run [--nights N] (make soak).

Prints what each night left behind, by how much memory, open files and disk grow per quiet night, and whether the alerts that
people got are exactly those that the script planted. Exits with 1 if not.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
from chaos.servers import prefect_server
from monitoring.receivers import webhook

from nianbao import clock
from nianbao.monitoring.alerts import book_of, look_now
from nianbao.registry import load_registry
from nianbao.settings import Settings, library_environment, project_dir
from nianbao.warehouse.release import Release, current_release
from soak.measures import Measure, growth, measure
from soak.script import NIGHTS, PLANTED, SPELLS, WORLD, Planted, Spell
from soak.sites import Answering, Districts

# Two in the morning in China, in a season in which nobody falls behind: the reports of both years are in.
_BEGINNING = datetime(2025, 6, 1, 18, tzinfo=UTC)
_NOWHERE = "127.0.0.1:1"
_RETRIES = {"NIANBAO_RETRIES": "0", "NIANBAO_RETRY_WAIT": "0"}
# Before that many nights memory still grows with what is used for the first time.
_WARM = 30
# The most that a night without any change may add.
_BOUNDS = {"memory": 1_000_000, "handles": 0, "threads": 0, "disk": 40_000}


class Soak:
    """The nights, one after the other. told: alerts as people got them, with the night."""

    def __init__(self, folder: Path, receiver: str) -> None:
        self._sites = Districts(folder / "sites")
        self._hosts = {"blocked": Answering(403), "moved": Answering(301, "http://www.new.gov.test")}
        self.home = folder / "home"
        os.environ |= _RETRIES | {"NIANBAO_HOME": str(self.home), "NIANBAO_ALERT_URLS": f"json://{receiver}"}

    def night(self, number: int) -> Measure:
        """One night: what is so in it, the refresh, a look after alerts an hour later."""
        spells = {spell.what: spell for spell in SPELLS if spell.first <= number <= spell.last}
        self._prepare(spells)
        self._at(number)
        state = "silent" if "silent" in spells else self._refresh("lost" in spells)
        self._at(number, hours=25 if "silent" in spells else 1)
        settings = Settings()
        look_now(settings, load_registry(settings.registry_folder, project_dir("data")))
        return measure(number, state, self.home)

    def close(self) -> None:
        """Ends the sites."""
        self._sites.close()
        for host in self._hosts.values():
            host.close()

    def _prepare(self, spells: Mapping[str, Spell]) -> None:
        self._sites.serve(spells["world"].about if "world" in spells else WORLD)
        self._sites.leave_out(spells["left"].about if "left" in spells else ())
        self._sites.visit(daily="weekly" not in spells)
        addresses = dict(self._sites.addresses)
        for what in ("down", "blocked", "moved"):
            for host in spells[what].about if what in spells else ():
                addresses[host] = _NOWHERE if what == "down" else self._hosts[what].address
        if "network" in spells:
            addresses = dict.fromkeys(addresses, _NOWHERE)
        os.environ["NIANBAO_RESOLVE"] = ",".join(f"{host}={where}" for host, where in addresses.items())
        os.environ["NIANBAO_DATA"] = str(self._sites.registry)

    @staticmethod
    def _at(number: int, hours: float = 0) -> None:
        os.environ.pop("NIANBAO_CLOCK_OFFSET", None)
        then = _BEGINNING + timedelta(days=number - 1, hours=hours)
        os.environ["NIANBAO_CLOCK_OFFSET"] = str((then - clock.now()).total_seconds())

    def _refresh(self, lost: bool) -> str:
        from flows.refresh import RefreshFailedError, RefusedError, run_refresh

        with _rows_lost(self.home / "lake", lost):
            try:
                former = current_release(Settings().current)
                state = str(run_refresh(Settings(), due_only=True).state)
                return state if state != "published" else f"published: {_news(former, Settings())}"
            except RefusedError:
                return "refused"
            except RefreshFailedError:
                return "failed"


def _news(former: Release | None, settings: Settings) -> str:
    """What the current release was made from that the one before was not."""
    present = current_release(settings.current)
    if former is None or present is None:
        return "the first"
    return ", ".join(name for name, value in present.inputs.items() if former.inputs.get(name) != value)


@contextmanager
def _rows_lost(lake: Path, lost: bool) -> Iterator[None]:
    """Within it, the largest batch of the lake has lost its rows and has another name, which only the gate notices."""
    if not lost:
        yield
        return
    batch = max(lake.glob("rules=*/batch=*"), key=lambda path: (path / "figure.parquet").stat().st_size)
    kept = {}
    for name in ("edition", "section", "figure", "reference", "statement"):
        path = batch / f"{name}.parquet"
        kept[path] = path.read_bytes()
        table = pq.read_table(path)
        pq.write_table(table.slice(0, 1 if name == "edition" else 0), path)
    renamed = batch.rename(batch.with_name("batch=0000000000000000"))
    try:
        yield
    finally:
        renamed.rename(batch)
        for path, content in kept.items():
            path.write_bytes(content)


def alerts_told(home: Path) -> list[Planted]:
    """The alerts in the book that people were told of, with the nights of their two ends."""
    settings = Settings()
    registry = load_registry(settings.registry_folder, project_dir("data"))
    hosts = {s.source_id: s.listings[0].split("/")[2] for s in registry.sources}

    def night(at: datetime | None) -> int | None:
        return None if at is None else (at - _BEGINNING).days + 1

    book = book_of(settings)
    return sorted(
        {
            Planted(a.kind, hosts.get(a.subject, a.subject), night(a.opened_at) or 0, night(a.resolved_at))
            for a in (*book.open_alerts(), *book.resolved_alerts(1000))
            if a.told_at
        },
        key=lambda alert: (alert.opened, alert.kind),
    )


def soak(nights: int, folder: Path) -> list[str]:
    """Runs the nights and prints them; what is not as it should be, a sentence each."""
    with prefect_server(folder / "prefect") as (api, _), webhook() as (receiver, server):
        os.environ["PREFECT_API_URL"] = api
        library_environment(Settings())
        rehearsal, measures = Soak(folder, receiver), []
        print(
            "| night | refresh | memory, MB | open files | threads | home, MB | files |\n|---|---|---|---|---|---|---|"
        )
        try:
            for number in range(1, nights + 1):
                m = rehearsal.night(number)
                measures.append(m)
                print(
                    f"| {m.night} | {m.state} | {m.memory / 1e6:.1f} | {m.handles} | {m.threads} | {m.disk / 1e6:.3f} |"
                    f" {m.files} |",
                    flush=True,
                )
        finally:
            rehearsal.close()
        told, messages = alerts_told(rehearsal.home), [message["title"] for message in server.came]
    problems = []
    bounds = {what: bound for what, bound in _BOUNDS.items() if what != "memory" or nights >= _WARM}
    for what, bound in bounds.items():
        grown = growth(measures[len(measures) // 2 :], what)
        print(f"{what}: {grown:+.0f} per quiet night in the second half (at most {bound})")
        if grown > bound:
            problems.append(f"{what} grows by {grown:.0f} in a night in which nothing changes")
    planted = [p for p in PLANTED if p.opened <= nights and (p.resolved is None or p.resolved <= nights)]
    print(f"{len(told)} alerts told in {len(messages)} messages; planted: {len(planted)}")
    problems += [f"not told as planted: {each}" for each in planted if each not in told]
    problems += [f"told and not planted: {each}" for each in told if each not in planted]
    return problems


def main() -> None:
    """Runs the soak in a folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=NIGHTS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nianbao-soak-", ignore_cleanup_errors=True) as folder:
        problems = soak(arguments.nights, Path(folder))
    print(*problems, sep="\n")
    print("as planted" if not problems else f"{len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
