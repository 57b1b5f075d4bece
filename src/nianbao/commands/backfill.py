"""`nianbao backfill`: run the flow and say what came of it, or say what is left to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO

import duckdb

from nianbao.clock import CHINA
from nianbao.commands.running import Ended, called, hindrance, told, told_when_stopped
from nianbao.commands.tables import print_table
from nianbao.harvest.batch import years_of
from nianbao.harvest.choice import ChoiceError, choose, choose_kind
from nianbao.harvest.memory import Memory
from nianbao.registry import RegistryError, load_registry
from nianbao.settings import Settings, library_environment, project_dir
from nianbao.warehouse.exploration import explored_sources
from nianbao.warehouse.ledger import Ledger, RefreshState
from nianbao.warehouse.release import ReleaseError, current_release

if TYPE_CHECKING:
    from flows.backfill import BackfillResult

_UNEXPLORED = """
select report_kind, report_year, count(*) as reports from fct_coverage where state = 'unexplored' group by all order by all
"""


def run(settings: Settings, parameters: Mapping[str, Any], as_json: bool, out: TextIO, err: TextIO) -> int:
    """Runs one backfill with the flow's parameters. Returns the exit code: 0, 1, 2 or 3."""
    in_the_way = _wrong(settings, parameters) or hindrance(settings, parameters)
    if in_the_way:
        print(in_the_way[1], file=err)
        return in_the_way[0]
    library_environment(settings)
    from flows.backfill import run_backfill
    from flows.recorded import RefreshResult, RefusedError

    def stopped(ended: Ended) -> None:
        _ended(ended.state, ended.sentence, as_json, out)

    try:
        with told_when_stopped(settings, stopped if as_json else None):
            result = run_backfill(settings, **parameters)
    except RefusedError as refusal:
        return _ended(RefreshState.REFUSED, str(refusal), as_json, out)
    except Exception as error:
        return _ended(RefreshState.FAILED, told(settings, error), as_json, out)
    if isinstance(result, RefreshResult):
        return _ended(result.state, result.sentence, as_json, out)
    _show(settings, result, as_json, out)
    return 0


def status(settings: Settings, parameters: Mapping[str, Any], as_json: bool, out: TextIO, err: TextIO) -> int:
    """Says which sources were never read to their end, and which reports are unexplored for it. 0 or 2."""
    wrong = _wrong(settings, parameters)
    if wrong:
        print(wrong[1], file=err)
        return wrong[0]
    rows = _left(settings, parameters)
    try:
        reports = _unexplored(settings)
    except (ReleaseError, duckdb.Error) as error:
        print(f"the current release cannot be read ({error}); `nianbao releases verify` says more", file=err)
        reports = []
    if as_json:
        print(json.dumps({"sources": rows, "reports": reports}, ensure_ascii=False, indent=1), file=out)
        return 0
    if not rows:
        print("Every source was read to its end; there is nothing to backfill.", file=out)
    else:
        title = "Sources that were never read to their end"
        print_table(list(rows[0]), [tuple(row.values()) for row in rows], out, title=title)
    if reports:
        title = "Reports that should be out and were not looked for to the end, in the current release"
        print_table(list(reports[0]), [tuple(row.values()) for row in reports], out, title=title)
    if rows:
        print(f"What next:\n  {called(settings)} backfill    # reads them, in batches", file=out)
    return 0


def _wrong(settings: Settings, parameters: Mapping[str, Any]) -> tuple[int, str] | None:
    try:
        registry = load_registry(settings.registry_folder, project_dir("data"))
        choose_kind(registry, choose(registry, parameters["only"]), parameters["kind"])
        years_of(parameters.get("years", ""))
    except (RegistryError, ChoiceError) as error:
        return 2, str(error)
    return None


def _left(settings: Settings, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    registry = load_registry(settings.registry_folder, project_dir("data"))
    ledger = Ledger(settings.ledger)
    explored = explored_sources(ledger.first_visits(), _remembered(settings))
    names = {region.code: region.name for region in registry.regions}
    last = ledger.last_visits()
    rows = []
    for source in choose_kind(registry, choose(registry, parameters["only"]), parameters["kind"]):
        if source.source_id in explored:
            continue
        visit = last.get(source.source_id)
        rows.append(
            {
                "district": names.get(source.region_code, source.region_code),
                "source": source.source_id,
                "last visit": f"{visit.ended_at.astimezone(CHINA):%Y-%m-%d %H:%M}" if visit else "never",
                "state": str(visit.state) if visit else "–",
                "links": visit.links if visit else 0,
                "left over": visit.postponed if visit else 0,
                "says": visit.sentence if visit else "",
            }
        )
    return rows


def _remembered(settings: Settings) -> dict[str, datetime]:
    if not settings.harvest_memory.exists():
        return {}
    memory = Memory(settings.harvest_memory)
    try:
        return memory.last_wholes()
    finally:
        memory.close()


def _unexplored(settings: Settings) -> list[dict[str, Any]]:
    release = current_release(settings.current)
    if release is None:
        return []
    with duckdb.connect(str(release.database), read_only=True) as connection:
        found = connection.execute(_UNEXPLORED)
        columns = [str(column[0]) for column in found.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _ended(state: RefreshState, sentence: str, as_json: bool, out: TextIO) -> int:
    if as_json:
        print(json.dumps({"state": state, "sentence": sentence}, ensure_ascii=False, indent=1), file=out)
    else:
        print(f"\n{state.upper()}: {sentence}", file=out)
    return {RefreshState.REFUSED: 3, RefreshState.FAILED: 1}.get(state, 0)


def _show(settings: Settings, result: BackfillResult, as_json: bool, out: TextIO) -> None:
    if as_json:
        value = {
            "refresh_id": result.refresh_id,
            "state": result.state,
            "sentence": result.sentence,
            "release_id": result.release_id,
            "batches": result.batches,
            "left": result.left,
        }
        print(json.dumps(value, ensure_ascii=False, indent=1), file=out)
        return
    print(f"\n{result.state.upper()}: {result.sentence}", file=out)
    if result.left:
        print_table(["source", "says"], list(result.left.items()), out, title="Not read to their end")
        print(f"What next:\n  {called(settings)} backfill --status    # what is left", file=out)
