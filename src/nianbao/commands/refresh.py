"""`nianbao refresh` and `nianbao import`: run the flow, then say what came of it."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

import duckdb

from nianbao.commands.for_good import for_good
from nianbao.commands.running import Ended, called, hindrance, told, told_when_stopped
from nianbao.commands.tables import print_table
from nianbao.model import NEWS_OUTCOMES, ORDINARY_OUTCOMES
from nianbao.settings import Settings, library_environment
from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.release import Release, ReleaseError, current_release
from nianbao.warehouse.surroundings import surroundings

_EXIT = {
    RefreshState.PUBLISHED: 0,
    RefreshState.QUIET: 0,
    RefreshState.REFUSED: 3,
}
_DISTRICTS = """
select coalesce(g.full_name, '–') as district, count(distinct r.issuer_id) as issuers, count(*) as reports,
       sum(r.n_figures)::bigint as figures, min(r.report_year) as "from", max(r.report_year) as "to"
from fct_report r left join dim_region g using (region_code)
group by all order by district
"""
# The yearly count with most comparable changes shows best what the warehouse is for.
_INDICATOR = """
select indicator_id, any_value(d.label), any_value(d.unit)
from fct_indicator_yoy y join dim_indicator d using (indicator_id)
where y.comparability = 'comparable'
group by indicator_id order by any_value(d.kind = 'sum') desc, count(*) desc, indicator_id limit 1
"""
_YOY = """
select i.issuer_name as issuer, y.fact_year as year, y.value, y.prior_value as prior, y.change,
       case when y.change_percent is not null then printf('%+.1f %%', y.change_percent) end as percent,
       case when y.comparability = 'comparable' then 'yes' else 'no: ' || y.reason end as comparable
from fct_indicator_yoy y join dim_issuer i using (issuer_id)
where y.indicator_id = ? order by issuer, year limit 16
"""


def run(settings: Settings, parameters: Mapping[str, Any], as_json: bool, out: TextIO, err: TextIO) -> int:
    """Runs one refresh with the flow's parameters and prints its summary. Returns the exit code: 0, 1, 2 or 3."""
    in_the_way = hindrance(settings, parameters)
    if in_the_way:
        print(in_the_way[1], file=err)
        return in_the_way[0]
    log = logging.getLogger("nianbao.refresh")
    log.info("registry %s", settings.registry_folder)
    log.info("starting with %s", os.environ.get("PREFECT_API_URL") or "a Prefect server of its own")
    library_environment(settings)
    try:
        return _refresh(settings, parameters, as_json, out)
    except (OSError, sqlite3.Error) as error:
        sentence = surroundings(error, settings.home)
        if sentence is None:
            raise
        print(f"\nFAILED: {sentence}", file=err)  # not even the ledger can be read
        return 1


def _refresh(settings: Settings, parameters: Mapping[str, Any], as_json: bool, out: TextIO) -> int:
    with for_good("flows.refresh"):
        from flows.recorded import RefusedError, last_begun
        from flows.refresh import run_refresh

    with told_when_stopped(settings, (lambda ended: _print_json(settings, ended, out)) if as_json else None):
        try:
            result = run_refresh(settings, **parameters)
            state, sentence = result.state, result.sentence
        except RefusedError as refusal:
            state, sentence = RefreshState.REFUSED, str(refusal)
        except Exception as error:
            state, sentence = RefreshState.FAILED, told(settings, error)
    row = last_begun(settings)  # None if it ended before the ledger knew of it
    show = _print_json if as_json else _print
    show(settings, Ended(row.refresh_id if row else "", state, sentence), out)
    return _EXIT.get(state, 1)


def _current(settings: Settings, sentence: str) -> tuple[Release | None, str]:
    """The current release, and the sentence, with why there is none to be read."""
    try:
        return current_release(settings.current), sentence
    except ReleaseError as error:
        return None, sentence if str(error) in sentence else f"{sentence}; {error}"


def _print_json(settings: Settings, ended: Ended, out: TextIO) -> None:
    ledger = Ledger(settings.ledger)
    release, sentence = _current(settings, ended.sentence)
    outcomes = ledger.outcomes(ended.refresh_id)
    value = {
        "refresh_id": ended.refresh_id,
        "state": ended.state,
        "sentence": sentence,
        "current_release": release.release_id if release else None,
        "outcomes": Counter(row["outcome"] for row in outcomes),
        "news": news_of(outcomes),
        "problems": [row for row in outcomes if row["outcome"] not in ORDINARY_OUTCOMES],
        "checks": ledger.verdicts(ended.refresh_id),
    }
    print(json.dumps(value, ensure_ascii=False, indent=1), file=out)


def _print(settings: Settings, ended: Ended, out: TextIO) -> None:
    ledger = Ledger(settings.ledger)
    release, sentence = _current(settings, ended.sentence)
    outcomes = ledger.outcomes(ended.refresh_id)
    print(f"\n{ended.state.upper()}: {sentence}", file=out)
    counts = Counter((row["stage"], row["outcome"]) for row in outcomes)
    if counts:
        said = ", ".join(f"{stage} {outcome} {n}" for (stage, outcome), n in sorted(counts.items()))
        print(f"\nOutcomes: {said}", file=out)
    whole = f"nianbao status --refresh {ended.refresh_id}"
    _print_rows("News", news_of(outcomes), whole, out)
    problems = [row for row in outcomes if row["outcome"] not in {*ORDINARY_OUTCOMES, *NEWS_OUTCOMES}]
    _print_rows("Problems", problems, whole, out)
    if release:
        print(f"\nRelease {release.release_id} in {release.folder}\n", file=out)
        _print_release(release, out)
    # A quiet night checks nothing: the verdicts on what is current are those of the refresh that published it.
    quiet = release if ended.state is RefreshState.QUIET else None
    checked = str(quiet.manifest.get("refresh_id")) if quiet else ended.refresh_id
    verdicts = ledger.verdicts(checked)
    if verdicts:
        print_checks(verdicts, out)
    if release:
        _print_next(settings, out)


def news_of(outcomes: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """What happened to reports that were known or due, kind by kind."""
    return [row for outcome in NEWS_OUTCOMES for row in outcomes if row["outcome"] == outcome]


def _print_rows(title: str, rows: Sequence[dict[str, str]], whole: str, out: TextIO) -> None:
    if rows:
        print(f"\n{title}:", file=out)
    for row in rows[:20]:
        print(f"  {row['outcome']}: {row['sentence']}", file=out)
    if len(rows) > 20:
        print(f"  … and {len(rows) - 20} more: {whole}", file=out)


def print_checks(verdicts: Sequence[dict[str, str]], out: TextIO) -> None:
    """How many checks passed, and every one that did not."""
    tally = Counter(row["verdict"] for row in verdicts)
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(tally.items(), reverse=True))
    print(f"Checks: {said}", file=out)
    for row in verdicts:
        if row["verdict"] == "fail":
            accepted = f" (accepted: {row['accepted_reason']})" if row["accepted_reason"] else ""
            said = f"{row['severity']} {row['suite']}.{row['check_id']}: {row['sentence']}"
            print(f"  {said}{accepted}", file=out)


def _print_release(release: Release, out: TextIO) -> None:
    with duckdb.connect(str(release.database), read_only=True) as connection:
        districts = connection.execute(_DISTRICTS)
        columns = [str(column[0]) for column in districts.description or ()]
        print_table(columns, districts.fetchall(), out, title="Reports and figures per district")
        indicator = connection.execute(_INDICATOR).fetchone()
        if indicator:
            changes = connection.execute(_YOY, [indicator[0]])
            columns = [str(column[0]) for column in changes.description or ()]
            title = f"Year over year: {indicator[1]} ({indicator[0]}, {indicator[2]})"
            print_table(columns, changes.fetchall(), out, title=title)


def _print_next(settings: Settings, out: TextIO) -> None:
    nianbao = called(settings)
    print(
        "\nWhat next:\n"
        f"  {nianbao} explore             # what came of it, in a browser\n"
        f"  {nianbao} sql                 # the tables; then for instance:\n"
        f'  {nianbao} sql "select issuer_name, report_year, title, n_figures from fct_report'
        ' join dim_issuer using (issuer_id) order by all"\n'
        f"  {nianbao} status              # what the last refresh did\n"
        f"  {nianbao} releases verify     # what is published\n"
        f"  {settings.current / 'nianbao.duckdb'}   # open it with any DuckDB 1.5 tool",
        file=out,
    )
