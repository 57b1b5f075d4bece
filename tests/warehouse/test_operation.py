"""What looks at addresses become: rows of 90 days, stretches of equal looks, and addresses that are withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from nianbao.model import Outcome, OutcomeRow
from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.operation import OutcomeLake, history, looks, outcome_rows, withdrawals_fingerprint

PAGE = "http://www.a.test/1.html"
Night = Callable[..., dict[str, list[dict[str, object]]]]


def looked(outcome: Outcome, days_ago: float, url: str = PAGE, stage: str = "fetch") -> OutcomeRow:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    return OutcomeRow(stage, outcome, f"{outcome} {days_ago}", url, "a", at)


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """A refresh that saw something: its tables; with release=True its candidate is the release before the next night."""
    ledger, lake = Ledger(tmp_path / "ledger.sqlite"), OutcomeLake(tmp_path / "lake")
    former: list[Path] = []

    def refresh(
        *rows: OutcomeRow, release: bool = False, killed: bool = False, purpose: str = "refresh"
    ) -> dict[str, list[dict[str, object]]]:
        refresh_id = ledger.begin(purpose)
        ledger.add_outcomes(refresh_id, rows)
        tables = looks(lake, ledger, refresh_id, former[-1] if former else None)
        tables |= history(lake, ledger, refresh_id)
        if release:
            former.append(tmp_path / f"{refresh_id}.duckdb")
            with duckdb.connect(str(former[-1])) as connection:
                connection.execute("create schema raw")
                for name, table in tables.items():
                    connection.register("incoming", table)
                    connection.execute(f"create table raw.{name} as from incoming")
                    connection.unregister("incoming")
        if not killed:
            ledger.end(refresh_id, RefreshState.PUBLISHED if release else RefreshState.QUIET, "")
            lake.write(refresh_id, outcome_rows(ledger, refresh_id))
        return {name: table.to_pylist() for name, table in tables.items()}

    return refresh


def states(tables: dict[str, list[dict[str, object]]]) -> list[tuple[object, ...]]:
    return [(row["outcome"], row["n_looks"], row["is_latest"]) for row in tables["capture_state"]]


@pytest.mark.parametrize("release", [False, True])
@pytest.mark.parametrize("killed", [False, True])
def test_stretches_go_on_over_nights(night: Night, release: bool, killed: bool) -> None:
    night(looked(Outcome.OK, 9), release=release, killed=killed)
    night(looked(Outcome.NOT_MODIFIED, 8), release=release)
    night(looked(Outcome.NOT_MODIFIED, 7))
    tables = night(looked(Outcome.TIMEOUT, 6), looked(Outcome.LATE, 6, stage="compare"), release=release)
    assert states(tables) == [("ok", 1, False), ("not_modified", 2, False), ("timeout", 1, True)]
    again = night(looked(Outcome.TIMEOUT, 5))
    assert states(again)[-1] == ("timeout", 2, True)
    assert again["capture_state"][-1]["sentence"] == "timeout 5"
    assert again["capture_state"][-1]["from_at"] == tables["capture_state"][-1]["from_at"]


def test_a_page_is_withdrawn_until_it_gives_its_text_again(night: Night) -> None:
    night(looked(Outcome.OK, 9))
    gone = night(looked(Outcome.WITHDRAWN, 8), release=True)
    assert [row["url"] for row in gone["withdrawal"]] == [PAGE]
    # A host that does not answer says nothing about the page.
    silent = night(looked(Outcome.TIMEOUT, 7), release=True)
    later = night(looked(Outcome.WITHDRAWN, 6))
    assert silent["withdrawal"] == gone["withdrawal"] == later["withdrawal"]
    back = night(looked(Outcome.NOT_MODIFIED, 5))
    assert back["withdrawal"] == []
    once_more = night(looked(Outcome.WITHDRAWN, 4))
    assert once_more["withdrawal"][0]["withdrawn_at"] > gone["withdrawal"][0]["withdrawn_at"]


def test_an_imported_recording_does_not_bring_a_withdrawn_page_back(night: Night) -> None:
    night(looked(Outcome.OK, 9))
    gone = night(looked(Outcome.WITHDRAWN, 8), release=True)
    file = looked(Outcome.OK, 7, url="file:0123456789ab/report.pdf")
    imported = night(looked(Outcome.OK, 7), file, purpose="import")
    assert imported["withdrawal"] == gone["withdrawal"]
    assert [row["url"] for row in imported["capture_state"] if row["is_latest"]] == [file.url, PAGE]
    assert len(imported["outcome"]) == 4
    assert night(looked(Outcome.NOT_MODIFIED, 5))["withdrawal"] == []


def test_other_withdrawals_are_another_input(tmp_path: Path) -> None:
    ledger, lake = Ledger(tmp_path / "ledger.sqlite"), OutcomeLake(tmp_path / "lake")
    marks = []
    for outcome in (Outcome.OK, Outcome.TIMEOUT, Outcome.WITHDRAWN, Outcome.OK):
        refresh_id = ledger.begin("refresh")
        ledger.add_outcomes(refresh_id, [looked(outcome, 9 - len(marks))])
        marks.append(withdrawals_fingerprint(looks(lake, ledger, refresh_id, None)))
        ledger.end(refresh_id, RefreshState.QUIET, "")
    assert marks[0] == marks[1] == marks[3] != marks[2]


def test_a_release_holds_ninety_days_and_the_lake_all(night: Night, tmp_path: Path) -> None:
    night(looked(Outcome.OK, 120), release=True)
    tables = night(
        looked(Outcome.OK, 80), looked(Outcome.OK, 1, url="http://www.a.test/2.html"), release=True
    )
    assert [row["sentence"] for row in tables["outcome"]] == ["ok 80", "ok 1"]
    assert {row["url"]: row["n_looks"] for row in tables["capture_state"]}[PAGE] == 2
    files = sorted((tmp_path / "lake" / "outcomes").glob("month=*/*.parquet"))
    with duckdb.connect() as connection:
        found = connection.execute(
            "select count(*) from read_parquet($1)", [[str(path) for path in files]]
        ).fetchone()
    assert found == (3,)


def test_the_refresh_that_makes_the_release_is_told_as_published(night: Night) -> None:
    night(killed=True)
    rows = night(release=True)["refresh"]
    assert [row["state"] for row in rows] == ["interrupted", "published"]
    assert rows[-1]["ended_at"] is None
