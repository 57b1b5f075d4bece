"""Why the rows of two releases differ, told by where the rows come from.

A row leads to reports: by their ids, by its editions, by its figures (whose ids begin with their edition), else by its
issuer or region and its year. What became of those reports is the cause; a correction comes before it. Where nothing
became of them, the cause is what else the two releases were made from: rules, models, the calendar.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from nianbao.warehouse.release.store import Release

# The first that applies to one of the reports of a row is its cause.
CAUSES = {
    "correction": "a value was corrected, or a correction taken back",
    "new_report": "a report came",
    "edited_report": "the publisher changed a report",
    "withdrawal": "a report was withdrawn, or came back",
    "gone_report": "a report is no longer there",
    "rule_change": "other rules read the same texts",
    "exploration": "a source was read to its end",
    "model_change": "other models, or another schema, made the marts",
    "calendar": "a day of the legal calendar passed",
    "run": "another refresh made the release",
    "seen_again": "the same content was captured again",
    "unknown": "nothing tells why",
}
_REPORT_COLUMNS = (
    *("report_id", "issuer_id", "region_code", "report_year"),
    *("edition_id", "n_editions", "capture_id", "rules_version", "last_seen_at"),
)
_YEARS = ("report_year", "fact_year", "later_year")


class Sides:
    """The two databases as attached: `former` and `later`. Which marts they have, with columns, keys and lineage."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, former: Release, later: Release) -> None:
        self.former, self.later = former, later
        self._columns: dict[tuple[str, str], dict[str, str]] = {}
        # Tables alone: views hold the rows of marts once more.
        rows = connection.execute(
            "select database_name, table_name, column_name, data_type"
            " from duckdb_columns() semi join duckdb_tables() using (database_name, schema_name, table_name)"
            " where schema_name = 'main' and database_name in ('former', 'later') order by all"
        ).fetchall()
        for side, mart, column, type_ in rows:
            self._columns.setdefault((side, mart), {})[column] = type_

    @property
    def marts(self) -> list[str]:
        """Names of the marts of either."""
        return sorted({mart for _, mart in self._columns})

    def columns(self, side: str, mart: str) -> dict[str, str]:
        """Column → type of a mart of one side; empty where it has none."""
        return self._columns.get((side, mart), {})

    def both_have(self, mart: str, *columns: str) -> bool:
        """True where both sides have the mart with these columns."""
        return all(
            self.columns(side, mart) and set(columns) <= set(self.columns(side, mart))
            for side in ("former", "later")
        )

    def key(self, mart: str) -> list[str]:
        """The key of a mart as the manifests have it; empty where neither does."""
        for release in (self.later, self.former):
            key = release.marts.get(mart, {}).get("key")
            if key:
                return list(key)
        return []

    def lineage(self, mart: str, old: dict[str, str], new: dict[str, str]) -> str:
        """SQL for what a row of the joined `f` and `l` leads to: reports, editions, issuer, region, year, …"""
        reports = _either(old, new, lambda name: name == "report_id" or name.endswith("_report_id"))
        editions = _either(old, new, lambda name: name == "edition_id" or name.endswith("_edition_id"))
        editions += [
            f"split_part({x}, ':', 1)" for x in _either(old, new, lambda name: name.endswith("figure_id"))
        ]
        lists = _either(old, new, lambda name: name.endswith("figure_ids"))
        many = "".join(
            f" || coalesce(list_transform({x}, lambda i: split_part(i, ':', 1)), [])" for x in lists
        )
        year = next((name for name in _YEARS if name in new), None)
        return ", ".join(
            (
                f"list_distinct([{', '.join(reports)}]::varchar[])",
                f"list_distinct([{', '.join(editions)}]::varchar[]{many})",
                *(_one(name, old, new) for name in ("issuer_id", "region_code")),
                _one(year, old, new),
                *(_one(name, old, new) for name in ("indicator_id", "instrument")),
            )
        )


def explain(connection: duckdb.DuckDBPyConnection, sides: Sides) -> None:
    """Fills the column `cause` of the table `change`: the first of the questions below that has an answer."""
    connection.execute("create table rank_of (cause varchar, place bigint)")
    connection.executemany("insert into rank_of values (?, ?)", [[c, n] for n, c in enumerate(CAUSES)])
    connection.execute("create view unexplained as select * from change where cause is null")
    _find_reports(connection, sides)
    _find_corrections(connection, sides)
    release_wide = _release_wide(sides)
    questions = [
        "select n, 'run' as cause from unexplained where starts_with(mart, 'ops_')",
        """
        select n, 'correction' as cause from unexplained as change inner join corrected
            on change.issuer_id = corrected.issuer_id and change.indicator_id = corrected.indicator_id
            and change.year in (corrected.fact_year, corrected.fact_year + 1)
        """,
        f"select n, report.cause from ({_LED_TO}) inner join report using (report_id) where report.cause <> 'seen_again'",
        # A year is told by its own report and by the next one, which looks back.
        f"""
        select n, report.cause from unexplained as change inner join report
            on change.issuer_id = report.issuer_id and report.report_year in (change.year, change.year + 1)
        where {_LEADS_NOWHERE} and report.cause <> 'seen_again'
        """,
        *_explored(sides),
        *(
            f"select n, '{cause}' as cause from unexplained where {_LEADS_NOWHERE} and year is null"
            for cause in release_wide
        ),
        f"""
        select n, report.cause from unexplained as change inner join report
            on coalesce(change.issuer_id = report.issuer_id, change.region_code = report.region_code)
            and coalesce(change.year = report.report_year, true)
        where {_LEADS_NOWHERE} and report.cause <> 'seen_again'
        """,
        # Computed from rows of others: peers under an indicator, other regions that cite an instrument.
        """
        select n, other.cause from unexplained inner join (
            select distinct indicator_id, year, cause from change where cause is not null
        ) as other using (indicator_id, year)
        """,
        """
        select n, other.cause from unexplained inner join (
            select distinct instrument, cause from change where cause is not null
        ) as other using (instrument)
        """,
        *(f"select n, '{cause}' as cause from unexplained" for cause in release_wide),
        f"""
        select n, report.cause from ({_LED_TO}) inner join report using (report_id) inner join unexplained using (n)
        where list_has_all(['last_seen_at', 'n_captures', 'known_to'], fields)
        """,
        # What an issuer says is compared over its years, so another of its reports may be why.
        """
        select n, report.cause from unexplained inner join report on unexplained.issuer_id = report.issuer_id
        where report.cause <> 'seen_again'
        """,
        "select n, 'unknown' as cause from unexplained",
    ]
    for question in questions:
        connection.execute(
            f"""
            update change set cause = best.cause from (
                select n, arg_min(cause, place) as cause
                from ({question}) inner join rank_of using (cause)
                group by n
            ) as best
            where change.n = best.n
            """
        )


_LEADS_NOWHERE = "len(reports) = 0 and len(editions) = 0"
_LED_TO = """
    select n, unnest(reports) as report_id from unexplained
    union
    select n, report_id from (select n, unnest(editions) as edition_id from unexplained) inner join edition_of using (edition_id)
"""


def _release_wide(sides: Sides) -> list[str]:
    """Causes that touch rows of any report, the first that applies or none."""
    former, later = sides.former, sides.later
    if former.inputs.get("rules") != later.inputs.get("rules"):
        return ["rule_change"]
    models = former.inputs.get("models") != later.inputs.get("models")
    if models or former.schema_version != later.schema_version:
        return ["model_change"]
    return [
        cause
        for cause, part in (("exploration", "exploration"), ("calendar", "as_of"))
        if former.inputs.get(part) != later.inputs.get(part)
    ]


def _explored(sides: Sides) -> list[str]:
    """A question for expected reports of which nobody could say before that they are missing."""
    if not sides.both_have("fct_coverage", "issuer_id", "report_kind", "report_year", "state"):
        return []
    return [
        """
        select n, 'exploration' as cause from unexplained as change
        inner join former.main.fct_coverage as f
            on change.issuer_id = f.issuer_id and change.year = f.report_year and f.state = 'unexplored'
        inner join later.main.fct_coverage as l
            on f.issuer_id = l.issuer_id and f.report_kind = l.report_kind and f.report_year = l.report_year
        where change.mart = 'fct_coverage' and l.state <> 'unexplored'
        """
    ]


def _find_reports(connection: duckdb.DuckDBPyConnection, sides: Sides) -> None:
    """Table `report`: what became of each report, a row per cause; `edition_of`: the report of each edition."""
    connection.execute(
        "create table report (report_id varchar, issuer_id varchar, region_code varchar, report_year bigint, cause varchar)"
    )
    connection.execute("create table edition_of (edition_id varchar, report_id varchar)")
    for side in ("former", "later"):
        for mart in ("fct_report", "fct_edition"):
            if {"edition_id", "report_id"} <= set(sides.columns(side, mart)):
                connection.execute(
                    f"insert into edition_of select edition_id, report_id from {side}.main.{mart}"
                    " except select edition_id, report_id from edition_of"
                )
    if not sides.both_have("fct_report", *_REPORT_COLUMNS):
        return
    withdrawal = (
        "case when f.withdrawn_at is distinct from l.withdrawn_at then 'withdrawal' end,"
        if sides.both_have("fct_report", "withdrawn_at")
        else ""
    )
    connection.execute(
        f"""
        insert into report
        select report_id, issuer_id, region_code, report_year, unnest(list_filter(causes, lambda x: x is not null))
        from (
            select
                coalesce(l.report_id, f.report_id) as report_id,
                coalesce(l.issuer_id, f.issuer_id) as issuer_id,
                coalesce(l.region_code, f.region_code) as region_code,
                coalesce(l.report_year::bigint, f.report_year::bigint) as report_year,
                case
                    when f.report_id is null then ['new_report']
                    when l.report_id is null then ['gone_report']
                    else [
                        -- The same bytes with another text were read otherwise; else the publisher has changed it.
                        case
                            when f.edition_id = l.edition_id and f.n_editions = l.n_editions then null
                            when f.capture_id = l.capture_id then 'rule_change'
                            else 'edited_report'
                        end,
                        {withdrawal}
                        case when f.rules_version <> l.rules_version then 'rule_change' end,
                        case when f.last_seen_at <> l.last_seen_at then 'seen_again' end
                    ]
                end as causes
            from former.main.fct_report as f
            full join later.main.fct_report as l on f.report_id = l.report_id
        )
        """
    )


def _find_corrections(connection: duckdb.DuckDBPyConnection, sides: Sides) -> None:
    """Table `corrected`: the cells whose correction came, changed or went."""
    connection.execute("create table corrected (issuer_id varchar, indicator_id varchar, fact_year bigint)")
    if not sides.both_have("fct_indicator_year", "correction_id"):
        return
    connection.execute(
        """
        insert into corrected
        select
            coalesce(l.issuer_id, f.issuer_id),
            coalesce(l.indicator_id, f.indicator_id),
            coalesce(l.fact_year::bigint, f.fact_year::bigint)
        from former.main.fct_indicator_year as f
        full join later.main.fct_indicator_year as l using (issuer_id, indicator_id, fact_year, scope)
        where f.correction_id is distinct from l.correction_id
            or (l.correction_id is not null and f.value is distinct from l.value)
        """
    )


def _either(old: dict[str, str], new: dict[str, str], wanted: Callable[[str], bool]) -> list[str]:
    """The wanted columns of both sides of a joined row, each as SQL."""
    return [f'f."{name}"' for name in old if wanted(name)] + [f'l."{name}"' for name in new if wanted(name)]


def _one(name: str | None, old: dict[str, str], new: dict[str, str]) -> str:
    """One column of a joined row, from the later side where it has the row; null where there is none."""
    type_ = "bigint" if name in _YEARS else "varchar"
    found = [
        f'try_cast({alias}."{name}" as {type_})'
        for alias, columns in (("l", new), ("f", old))
        if name in columns
    ]
    return f"coalesce({', '.join(found)})" if found else "null"
