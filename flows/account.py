"""The account of a run for people, as Prefect's artifacts show it. No Prefect in here."""

from __future__ import annotations

from flows.context import Refresh
from nianbao.model import SourceState, Verdict


def source_rows(run: Refresh) -> list[dict[str, object]]:
    """How the visit to each source ended in this run, what did not end well first."""
    names = {region.code: region.name for region in run.registry.regions}
    regions = {s.source_id: names.get(s.region_code, s.region_code) for s in run.registry.sources}
    visits = [visit for _, visit in run.record.ledger.visits(refresh_id=run.record.refresh_id)]
    visits.sort(key=lambda visit: (visit.state is SourceState.OK, visit.source_id))
    return [
        {
            "district": regions.get(visit.source_id, ""),
            "source": visit.source_id,
            "state": str(visit.state),
            "links": visit.links,
            "new": visit.new,
            "says": visit.sentence,
        }
        for visit in visits
    ]


def check_rows(run: Refresh) -> list[dict[str, object]]:
    """The verdicts on this run's candidate, those that fail first."""
    checks = sorted(run.build.checks, key=lambda check: check.verdict is not Verdict.FAIL)
    return [
        {
            "check": f"{c.suite}.{c.check_id}",
            "severity": c.severity,
            "verdict": str(c.verdict),
            "says": c.sentence,
        }
        for c in checks
    ]


def summary(run: Refresh) -> str:
    """The refresh in Markdown, for the run's artifact."""
    row = run.record.row
    outcomes: dict[tuple[str, str], int] = {}
    for outcome in run.record.ledger.outcomes(run.record.refresh_id):
        key = (outcome["stage"], outcome["outcome"])
        outcomes[key] = outcomes.get(key, 0) + 1
    lines = [
        f"# Refresh {run.record.refresh_id}: {row.state}",
        row.sentence,
        "",
        "| stage | outcome | captures |",
        "|---|---|---|",
    ]
    lines += [f"| {stage} | {outcome} | {count} |" for (stage, outcome), count in sorted(outcomes.items())]
    if run.build.checks:
        lines += ["", "| check | severity | verdict | says |", "|---|---|---|---|"]
        lines += [
            f"| {c.check_id} | {c.severity} | {c.verdict} | {c.sentence.replace('|', '/')} |"
            for c in run.build.checks
        ]
    return "\n".join(lines)
