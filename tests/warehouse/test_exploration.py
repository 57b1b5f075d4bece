"""A source is explored once it was read to its end, and stays so whatever the harvest forgets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from nianbao.model import Source, SourceState, SourceVisit
from nianbao.warehouse.exploration import exploration_fingerprint, exploration_rows, explored_sources
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.operation import OutcomeLake, history, looks

DAY = datetime(2026, 1, 1, tzinfo=UTC)
SOURCES = (
    Source("district", "990101", "rule_of_law", ("http://a.test/",), expected_issuers=("a", "b")),
    Source("own", "990101", "rule_of_law", ("http://b.test/",), issuer_id="b"),
)


def visit(source_id: str, day: int, *, whole: bool = True, links: int = 3) -> SourceVisit:
    at = DAY + timedelta(days=day)
    return SourceVisit(source_id, at, at, SourceState.OK, "", whole, links, 0, 0)


def test_the_first_whole_visit_that_found_reports_counts() -> None:
    visits = [
        visit("district", 1, whole=False),
        visit("district", 2, links=0),
        visit("district", 3),
        visit("district", 4),
    ]
    assert explored_sources(visits) == {"district": DAY + timedelta(days=3)}
    assert explored_sources(visits, {"own": DAY}) == {"district": DAY + timedelta(days=3), "own": DAY}


def test_what_the_harvest_remembers_counts_from_before_the_ledger_told_of_visits() -> None:
    short = [visit("district", 5, whole=False)]
    assert explored_sources(short, {"district": DAY}) == {"district": DAY}
    later = {"district": DAY + timedelta(days=6)}
    assert explored_sources(short, later) == {}, "the ledger has all that came since, and knows better"


def test_the_ledger_gives_the_visits_that_tell_it_and_no_others(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    refresh_id = ledger.begin("refresh")
    visits = [
        visit(source_id, day, whole=whole, links=links)
        for day, whole, links in ((1, False, 9), (2, True, 0), (3, True, 9), (4, True, 9), (5, False, 9))
        for source_id in ("district", "own")
    ]
    for each in visits:
        ledger.add_visit(refresh_id, each)
    few = ledger.first_visits()
    assert len(few) == 4
    remembered = {"own": DAY, "other": DAY}
    assert explored_sources(few, remembered) == explored_sources(visits, remembered)


def test_every_issuer_of_a_source_is_told_and_former_knowledge_stays() -> None:
    rows = exploration_rows(SOURCES, {"own": DAY + timedelta(days=1)}, {"own": DAY})
    found = {(row["source_id"], row["issuer_id"]): row["explored_at"] for row in rows}
    assert found == {("district", "a"): None, ("district", "b"): None, ("own", "b"): DAY}


@pytest.mark.parametrize("forgotten", [False, True])
def test_another_explored_source_is_another_input(tmp_path: Path, forgotten: bool) -> None:
    ledger, lake = Ledger(tmp_path / "ledger.sqlite"), OutcomeLake(tmp_path / "lake")
    before = looks(lake, ledger, ledger.begin("refresh"), None, SOURCES, {"own": DAY})
    former = tmp_path / "former.duckdb"
    with duckdb.connect(str(former)) as connection:
        connection.execute("create schema raw")
        connection.register("incoming", before["exploration"])
        connection.execute("create table raw.exploration as from incoming")
    remembered = {} if forgotten else {"own": DAY}
    refresh_id = ledger.begin("refresh")
    same = looks(lake, ledger, refresh_id, former, SOURCES, remembered)
    assert exploration_fingerprint(same) == exploration_fingerprint(before)
    assert same["exploration"] == before["exploration"]
    ledger.add_visit(refresh_id, visit("district", 300))
    after = looks(lake, ledger, refresh_id, former, SOURCES, remembered)
    assert exploration_fingerprint(after) != exploration_fingerprint(before)
    assert None not in after["exploration"]["explored_at"].to_pylist()


def test_visits_of_ninety_days_are_told(tmp_path: Path) -> None:
    ledger, lake = Ledger(tmp_path / "ledger.sqlite"), OutcomeLake(tmp_path / "lake")
    refresh_id = ledger.begin("refresh")
    now = datetime.now(UTC)
    for days in (100, 5):
        at = now - timedelta(days=days)
        ledger.add_visit(refresh_id, SourceVisit("own", at, at, SourceState.DOWN, f"{days}", False, 0, 0, 7))
    (row,) = history(lake, ledger, refresh_id)["source_visit"].to_pylist()
    assert (row["refresh_id"], row["state"], row["sentence"], row["n_postponed"]) == (
        refresh_id,
        "down",
        "5",
        7,
    )
