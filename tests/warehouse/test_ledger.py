"""The ledger tells of every refresh afterwards, also of those that were killed, refused or quiet."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from nianbao.model import Check, Outcome, OutcomeRow, Verdict
from nianbao.warehouse.ledger import Ledger, RefreshState


def test_a_home_without_a_ledger_has_no_refreshes(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert ledger.refreshes() == []
    assert not (tmp_path / "ledger.sqlite").exists(), "reading must not create the file"


def test_outcomes_and_verdicts_come_back_as_they_were_given(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    refresh_id = ledger.begin("refresh")
    at = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
    ledger.add_outcomes(
        refresh_id, [OutcomeRow("fetch", Outcome.NOT_FOUND, "页面不在了", "http://a.test/1", "a", at)]
    )
    ledger.add_verdicts(
        refresh_id, [Check("c1", "suite", "fct_report", "critical", Verdict.FAIL, "3", "0", "three rows")]
    )
    ledger.end(refresh_id, RefreshState.REFUSED, "the gate refused")
    assert ledger.outcomes(refresh_id) == [
        {
            "stage": "fetch",
            "outcome": "not_found",
            "sentence": "页面不在了",
            "url": "http://a.test/1",
            "source_id": "a",
            "at": "2026-03-01T18:00:00+00:00",
            "capture_id": "",
        }
    ]
    assert [(v["check_id"], v["verdict"]) for v in ledger.verdicts(refresh_id)] == [("c1", "fail")]
    (row,) = ledger.refreshes()
    assert (row.state, row.sentence, row.release_id) == (RefreshState.REFUSED, "the gate refused", None)


def test_what_a_held_ledger_writes_is_there_for_others_at_once(tmp_path):
    ledger, reader = Ledger(tmp_path / "ledger.sqlite"), Ledger(tmp_path / "ledger.sqlite")
    ledger.hold()
    refresh_id = ledger.begin("refresh")
    row = OutcomeRow("fetch", Outcome.OK, "there", "http://a.test/1", "a", datetime(2026, 3, 1, tzinfo=UTC))
    ledger.add_outcomes(refresh_id, [row])
    assert [found["sentence"] for found in reader.outcomes(refresh_id)] == ["there"]
    ledger.close()
    ledger.end(refresh_id, RefreshState.QUIET, "nothing is new")  # closed is not the end of it
    assert reader.refreshes()[0].state is RefreshState.QUIET


def test_a_refresh_that_was_killed_is_called_interrupted_by_the_next(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    killed = ledger.begin("refresh")
    following = ledger.begin("refresh")
    states = {row.refresh_id: row.state for row in ledger.refreshes()}
    assert states == {killed: RefreshState.INTERRUPTED, following: RefreshState.RUNNING}


def test_a_reader_says_what_it_waits_for(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("nianbao.warehouse.ledger._SILENT_SECONDS", 0.1)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    refresh_id = ledger.begin("refresh")
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)) as other:
        other.execute("pragma locking_mode = exclusive")
        other.execute("begin exclusive")
        other.execute("update refresh set sentence = 'locked'")
        monkeypatch.setattr("nianbao.warehouse.ledger._WAIT_SECONDS", 0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            ledger.refreshes()
    assert "ledger.sqlite locked; waiting" in caplog.text
    assert [row.refresh_id for row in ledger.refreshes()] == [refresh_id]
