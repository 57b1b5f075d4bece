"""`nianbao reextract`: what changed rules do to the rows, shown before it is published."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TextIO

from nianbao.commands.running import Ended, called, hindrance, told, told_when_stopped
from nianbao.commands.tables import print_table
from nianbao.registry import load_registry
from nianbao.settings import Settings, library_environment, project_dir
from nianbao.warehouse.ledger import RefreshState
from nianbao.warehouse.release import ReleaseError, current_release
from nianbao.warehouse.rules import rules_of

if TYPE_CHECKING:
    from flows.reextract import ReextractResult

_SHOWN_SAMPLES = 20
_LONGEST = 90


def run(settings: Settings, parameters: Mapping[str, Any], as_json: bool, out: TextIO, err: TextIO) -> int:
    """Runs one reextract with the flow's parameters and prints the difference. Returns the exit code: 0, 1, 2 or 3."""
    in_the_way = hindrance(settings, parameters)
    if in_the_way:
        print(in_the_way[1], file=err)
        return in_the_way[0]
    library_environment(settings)
    try:
        nothing = _nothing_to_do(settings)
    except ReleaseError as error:
        return _ended(RefreshState.FAILED, str(error), as_json, out)
    if nothing:
        return _ended(RefreshState.QUIET, nothing, as_json, out)
    from flows.recorded import RefreshResult, RefusedError
    from flows.reextract import run_reextract

    def stopped(ended: Ended) -> None:
        _ended(ended.state, ended.sentence, as_json, out)

    try:
        with told_when_stopped(settings, stopped if as_json else None):
            result = run_reextract(settings, **parameters)
    except RefusedError as refusal:
        sentence = f"{refusal}. What would have changed is in {settings.differences}"
        return _ended(RefreshState.REFUSED, sentence, as_json, out)
    except Exception as error:
        return _ended(RefreshState.FAILED, told(settings, error), as_json, out)
    if isinstance(result, RefreshResult):
        sentence = f"{result.sentence}. What differs is in {settings.differences}"
        return _ended(result.state, sentence, as_json, out)
    if as_json:
        print(json.dumps(_as_json(result), ensure_ascii=False, indent=1), file=out)
    else:
        _print(settings, result, out)
    return 0


def _nothing_to_do(settings: Settings) -> str | None:
    """Why there is nothing to read again; None if there is. Raises ReleaseError where there is nothing to compare with."""
    release = current_release(settings.current)
    if release is None:
        raise ReleaseError("there is no release whose rows could differ; `nianbao refresh` makes the first")
    version = rules_of(load_registry(settings.registry_folder, project_dir("data"))).version
    if version != release.inputs.get("rules"):
        return None
    return f"the rules are those of {release.release_id} ({version}); there is nothing to read again"


def _ended(state: RefreshState, sentence: str, as_json: bool, out: TextIO) -> int:
    if as_json:
        print(json.dumps({"state": state, "sentence": sentence}, ensure_ascii=False, indent=1), file=out)
    else:
        print(f"\n{state.upper()}: {sentence}", file=out)
    return {RefreshState.REFUSED: 3, RefreshState.FAILED: 1}.get(state, 0)


def _as_json(result: ReextractResult) -> dict[str, object]:
    found = result.difference
    return {
        "refresh_id": result.refresh_id,
        "state": result.state,
        "sentence": result.sentence,
        "release_id": result.release_id,
        "former_rules": result.former,
        "rules": result.present,
        "changed": result.changed,
        "captures": {"touched": result.touched, "kept": result.kept},
        "counts": [asdict(count) for count in found.counts],
        "indicators": [asdict(count) for count in found.indicators],
        "file": str(found.path),
        "rows": found.rows(),
    }


def _print(settings: Settings, result: ReextractResult, out: TextIO) -> None:
    found = result.difference
    print(f"\n{result.state.upper()}: {result.sentence}", file=out)
    print(f"\nRules {result.former} → {result.present}; changed: {result.changed}", file=out)
    if found.counts:
        rows: list[Sequence[object]] = [
            (c.subject, c.change, c.field or "–", c.rows, c.reports) for c in found.counts
        ]
        print_table(["rows of", "change", "field", "rows", "reports"], rows, out, title="What differs")
    if found.indicators:
        rows = [(i.indicator_id, i.before, i.after, i.gained, i.lost) for i in found.indicators]
        columns = ["indicator", "figures before", "after", "gained", "lost"]
        print_table(columns, rows, out, title="Figures per indicator")
    _print_samples(found.samples, out)
    if found.counts:
        print(f"Every difference is a row of {found.path}", file=out)
    if result.state is RefreshState.SHOWN:
        named = f"NIANBAO_DATA={settings.data} " if settings.data else ""
        print(
            "\nWhat next:\n"
            f"  {named}{called(settings)} reextract --publish   # publish these rows, if the gate lets them pass\n"
            f"  {named}{called(settings)} refresh               # would publish them too, with what is new",
            file=out,
        )


def _print_samples(samples: Sequence[Mapping[str, str | None]], out: TextIO) -> None:
    if not samples:
        return
    print("Samples:", file=out)
    for row in samples[:_SHOWN_SAMPLES]:
        where = f"{row['issuer_name']} {row['report_year']}" if row["issuer_name"] else row["url"]
        what = " ".join(filter(None, (row["subject"], row["change"], row["field"])))
        print(f"  {where} · {what}: {_short(row['before'])} → {_short(row['after'])}", file=out)
        if row["sentence"]:
            print(f"      {_short(row['sentence'])}", file=out)
    print(file=out)


def _short(text: str | None) -> str:
    line = "".join(c if c.isprintable() else " " for c in text) if text is not None else "–"
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
