"""What refreshes did, as tables: outcomes in the lake by month, and what a candidate holds of them.

    lake/outcomes/month=<YYYY-MM>/<refresh>.parquet      every outcome row of a refresh

A candidate has the outcomes and visits of 90 days, the stretches of time during which looking at an address ended in the same way,
and the addresses that are withdrawn. Stretches continue those of the release before, so that a night costs what it saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from nianbao import clock
from nianbao.model import Source
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.exploration import exploration_rows, explored_sources
from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.schema import OPERATION_TABLES, RAW_SCHEMA

_DAYS_IN_RELEASE = 90
_OUTCOME = OPERATION_TABLES["outcome"]
# Stages that look at an address; `compare` tells news about reports instead.
_LOOKS = "stage in ('discover', 'fetch', 'read', 'extract')"
# A recording that was imported tells what an address gave then, not what it gives now.
_NOW = "(stage <> 'fetch' or url like 'file:%' or refresh_id not in (select unnest($imports)))"

# Outcomes of fetching that say whether the address still gives its text; a timeout says nothing about that.
_WITHDRAWALS = """
select url, min(case when outcome = 'withdrawn' and from_at > seen_at then from_at end) as withdrawn_at
from (
    select *, coalesce(
        max(case when outcome in ('ok', 'unchanged', 'not_modified', 'moved') then to_at end) over (partition by url),
        timestamptz 'epoch'
    ) as seen_at
    from capture_state where stage = 'fetch'
)
group by url
having withdrawn_at is not null
order by url
"""
# The latest stretches go on, or end where looking ended in another way.
_STRETCHES = f"""
with piece as (
    select url, stage, outcome, from_at, to_at, n_looks, source_id, sentence from former where is_latest
    union all
    select url, stage, outcome, looked_at, looked_at, 1, source_id, sentence from fresh where {_LOOKS} and {_NOW}
),
marked as (
    select *, outcome is distinct from lag(outcome) over chronological as begins from piece
    window chronological as (partition by url, stage order by from_at, to_at, outcome)
),
numbered as (
    select *, sum(begins::int) over (partition by url, stage order by from_at, to_at, outcome rows unbounded preceding) as nth
    from marked
),
stretch as (
    select url, stage, any_value(outcome) as outcome, min(from_at) as from_at, max(to_at) as to_at,
           sum(n_looks)::bigint as n_looks, arg_max(source_id, (to_at, source_id)) as source_id,
           arg_max(sentence, (to_at, sentence)) as sentence, nth, nth = max(nth) over (partition by url, stage) as is_latest
    from numbered group by url, stage, nth
)
select url, stage, outcome, from_at, to_at, n_looks, source_id, sentence, is_latest from stretch
union all by name
select url, stage, outcome, from_at, to_at, n_looks, source_id, sentence, is_latest from former where not is_latest
order by url, stage, from_at
"""


class OutcomeLake:
    """The outcomes of all refreshes as Parquet, by the month in which a refresh began."""

    def __init__(self, lake: Path) -> None:
        self._folder = lake / "outcomes"

    def write(self, refresh_id: str, rows: Iterable[Mapping[str, object]]) -> Path:
        """Writes the outcomes of one refresh, in place of what was written for it before. Returns the file."""
        folder = self._folder / f"month={refresh_id[:4]}-{refresh_id[4:6]}"
        folder.mkdir(parents=True, exist_ok=True)
        final, partial = folder / f"{refresh_id}.parquet", folder / f".partial-{refresh_id}"
        pq.write_table(
            pa.Table.from_pylist([dict(row) for row in rows], schema=_OUTCOME), partial, compression="zstd"
        )
        partial.replace(final)
        return final

    def catch_up(self, ledger: Ledger, running: str) -> None:
        """Writes the outcomes of refreshes that ended without doing so: killed ones, and those of older versions."""
        written = {path.stem for path in self.files()}
        for row in ledger.refreshes(limit=-1):
            if row.refresh_id != running and row.refresh_id not in written:
                self.write(row.refresh_id, outcome_rows(ledger, row.refresh_id))

    def files(self, since: str = "") -> list[Path]:
        """The files of all refreshes, oldest first; of the months from `since` (YYYY-MM) on."""
        found = sorted(self._folder.glob("month=*/*.parquet"))
        return [path for path in found if path.parent.name.removeprefix("month=") >= since]


def looks(
    outcomes: OutcomeLake,
    ledger: Ledger,
    refresh_id: str,
    former: Path | None,
    sources: Sequence[Source] = (),
    remembered: Mapping[str, datetime] | None = None,
) -> dict[str, pa.Table]:
    """The tables of schema.OPERATION_TABLES that show whether anything is new: capture_state, withdrawal and exploration.

    refresh_id: a refresh that is still running. former: the DuckDB file of the release before. sources: of the registry.
    remembered: source_id → when the harvest remembers that it was last read to its end.
    """
    outcomes.catch_up(ledger, refresh_id)
    with duckdb.connect(config=DUCKDB_CONFIG) as connection:
        known = _former_states(connection, former)
        explored = explored_sources(ledger.first_visits(), remembered)
        exploration = exploration_rows(sources, explored, _former_exploration(connection))
        _register_own(connection, ledger, refresh_id)
        fresh = [path for path in outcomes.files() if path.stem not in known and path.stem != refresh_id]
        connection.execute(f"create temp view fresh as from own union all by name {_rows(fresh)}")
        imports = [row.refresh_id for row in ledger.refreshes(limit=-1) if row.purpose == "import"]
        connection.execute(f"create temp table capture_state as {_STRETCHES}", {"imports": imports})
        return {
            "capture_state": _table(connection, "capture_state", "from capture_state"),
            "withdrawal": _table(connection, "withdrawal", _WITHDRAWALS),
            "exploration": pa.Table.from_pylist(exploration, schema=OPERATION_TABLES["exploration"]),
        }


def history(outcomes: OutcomeLake, ledger: Ledger, refresh_id: str) -> dict[str, pa.Table]:
    """The other tables: the refreshes, and outcomes and visits of 90 days.

    The refresh itself is told as published: nobody reads the candidate unless it is.
    """
    since = clock.now() - timedelta(days=_DAYS_IN_RELEASE)
    with duckdb.connect(config=DUCKDB_CONFIG) as connection:
        _register_own(connection, ledger, refresh_id)
        recent = [path for path in outcomes.files(f"{since:%Y-%m}") if path.stem != refresh_id]
        query = f"select * from (from own union all by name {_rows(recent)}) where looked_at >= $since"
        return {
            "refresh": pa.Table.from_pylist(
                _refreshes(ledger, refresh_id), schema=OPERATION_TABLES["refresh"]
            ),
            "outcome": _table(connection, "outcome", query, {"since": since}),
            "source_visit": pa.Table.from_pylist(
                _visits(ledger, since), schema=OPERATION_TABLES["source_visit"]
            ),
        }


def _register_own(connection: duckdb.DuckDBPyConnection, ledger: Ledger, refresh_id: str) -> None:
    connection.register("own", pa.Table.from_pylist(outcome_rows(ledger, refresh_id), schema=_OUTCOME))


def _rows(files: Sequence[Path]) -> str:
    """A query for the rows of some files."""
    if not files:
        return "from own where false"
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    return f"from read_parquet([{listed}], hive_partitioning = false)"


def outcome_rows(ledger: Ledger, refresh_id: str) -> list[dict[str, object]]:
    """The outcomes of one refresh, as the lake and a candidate hold them."""
    return [
        {
            "refresh_id": refresh_id,
            **{name: row[name] for name in ("stage", "outcome", "sentence", "url", "source_id")},
            "looked_at": datetime.fromisoformat(row["at"]),
            "capture_id": row["capture_id"] or None,
        }
        for row in ledger.outcomes(refresh_id)
    ]


def withdrawals_fingerprint(tables: Mapping[str, pa.Table]) -> str:
    """Changes exactly when another address is withdrawn, or one is back."""
    rows = tables["withdrawal"].to_pylist()
    return hashlib.sha256(
        "\n".join(f"{row['url']} {row['withdrawn_at']}" for row in rows).encode()
    ).hexdigest()


def _former_states(connection: duckdb.DuckDBPyConnection, former: Path | None) -> set[str]:
    """Temp view former: the stretches that the release before holds; returns the refreshes that they tell of."""
    if former is not None:
        quoted = str(former).replace("'", "''")
        connection.execute(f"attach '{quoted}' as release (read_only)")
        there = connection.execute(
            "select count(*) from duckdb_tables() where database_name = 'release' and schema_name = ? and table_name in"
            " ('capture_state', 'refresh')",
            [RAW_SCHEMA],
        ).fetchone()
        if there == (2,):
            connection.execute(f"create temp view former as from release.{RAW_SCHEMA}.capture_state")
            rows = connection.execute(f"select refresh_id from release.{RAW_SCHEMA}.refresh").fetchall()
            return {str(row[0]) for row in rows}
    connection.register("nothing", OPERATION_TABLES["capture_state"].empty_table())
    connection.execute("create temp view former as from nothing")
    return set()


def _former_exploration(connection: duckdb.DuckDBPyConnection) -> dict[str, datetime]:
    """source_id → explored_at, as the release before has it."""
    there = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'release' and schema_name = ? and table_name = 'exploration'",
        [RAW_SCHEMA],
    ).fetchone()
    if there is None:  # no release before, or one of an earlier version
        return {}
    rows = connection.execute(
        f"select distinct source_id, explored_at from release.{RAW_SCHEMA}.exploration where explored_at is not null"
    ).fetchall()
    return {str(source_id): explored_at for source_id, explored_at in rows}


def _visits(ledger: Ledger, since: datetime) -> list[dict[str, object]]:
    """The visits that ended since, in that order."""
    return [
        {
            "refresh_id": refresh_id,
            "source_id": visit.source_id,
            "began_at": visit.began_at,
            "ended_at": visit.ended_at,
            "state": str(visit.state),
            "sentence": visit.sentence,
            "is_whole": visit.whole,
            "n_links": visit.links,
            "n_new": visit.new,
            "n_postponed": visit.postponed,
        }
        for refresh_id, visit in ledger.visits()
        if visit.ended_at >= since
    ]


def _refreshes(ledger: Ledger, own: str) -> list[dict[str, object]]:
    rows = []
    for row in reversed(ledger.refreshes(limit=-1)):  # in the order they began, whatever the clock said
        fields = asdict(row)
        if row.refresh_id == own:
            fields |= {"state": RefreshState.PUBLISHED, "sentence": "published this release"}
        for name in ("started_at", "ended_at"):
            fields[name] = datetime.fromisoformat(fields[name]) if fields[name] else None
        rows.append(fields | {"state": str(fields["state"])})
    return rows


def _table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    query: str,
    parameters: Mapping[str, object] | None = None,
) -> pa.Table:
    found = connection.execute(query, dict(parameters or {})).to_arrow_table()
    return found.select(OPERATION_TABLES[name].names).cast(OPERATION_TABLES[name])
