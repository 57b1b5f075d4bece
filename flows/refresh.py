"""The nightly refresh: harvest → read and extract → load → align → transform → validate → release.

    nianbao refresh            visits all sources of the registry
    nianbao refresh --due      visits those that are due, as every night does
    nianbao import PATH…       takes files instead, through the same stages

Tasks work on a host's sources or on a batch of captures, never on one report, so that orchestration costs next to
nothing per report. A killed refresh loses nothing: what is archived stays, finished batches are not redone.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from flows.context import Refresh
from flows.reading import read_and_extract
from flows.recorded import RefreshFailedError, RefreshResult, RefusedError, carried_out, recorded
from flows.retries import may_pass
from flows.seen import name_run, submit_all
from nianbao import clock
from nianbao.harvest.batch import Batch
from nianbao.harvest.source import SourceHarvest, group_by_host, in_groups
from nianbao.model import Source
from nianbao.settings import Settings
from nianbao.warehouse.ledger import RefreshState
from nianbao.warehouse.load import Loaded

log = logging.getLogger("nianbao.refresh")

# Of each flow itself, not only of the commands that call it: a deployment's runs are bounded as well.
THREADS: Any = ThreadPoolTaskRunner(max_workers=Settings().parallel_hosts)
# Every task is several questions to Prefect's server, which cost more than a visit that finds nothing new; the more
# tasks, the less it matters that some hosts take longer than others.
_TASKS_PER_THREAD = 3


@task(name="harvest", cache_policy=NO_CACHE, retries=1, retry_delay_seconds=5, retry_condition_fn=may_pass)
def harvest_group(run: Refresh, sources: Sequence[Source], batch: Batch | None = None) -> list[SourceHarvest]:
    """Harvests the sources of some hosts, one after the other; a second try resumes with conditional requests."""
    return run.visits.harvest(sources, batch)


@task(name="import files", cache_policy=NO_CACHE)
def import_files(run: Refresh, paths: Sequence[str]) -> int:
    """Archives files that arrived by hand; returns how many are new."""
    return run.visits.import_files(paths)


@task(name="take over", cache_policy=NO_CACHE)
def take_over(run: Refresh) -> bool:
    """Goes on with a candidate that a broken-off run had built; False if there is none of the very same inputs."""
    return run.build.take_over()


@task(name="load", cache_policy=NO_CACHE)
def load(run: Refresh, *, whole: bool = False) -> Loaded:
    """Loads the candidate's raw tables, of all issuers or of those with changes, and tells what is new in them."""
    loaded = run.build.load(whole=whole)
    run.build.tell_news()
    return loaded


@task(name="align", cache_policy=NO_CACHE)
def align(run: Refresh) -> int:
    """Aligns the reports of issuers with the ones they published before; returns how many issuers were looked at."""
    return run.build.align()


@task(name="transform", cache_policy=NO_CACHE)
def transform(run: Refresh) -> None:
    """Builds and tests the marts with dbt."""
    run.build.transform()


@task(name="validate", cache_policy=NO_CACHE)
def validate(run: Refresh) -> bool:
    """Checks the closed candidate; True when it may be published."""
    return run.build.validate()


@task(name="release", cache_policy=NO_CACHE)
def release(run: Refresh) -> str:
    """Publishes the approved candidate; returns the release id."""
    return run.build.publish()


@task(name="share", cache_policy=NO_CACHE)
def share(run: Refresh) -> None:
    """Brings storage and warehouse on DuckLake, where the settings name them, up to what this home has."""
    run.share()


def _run_name() -> str:
    parameters: dict[str, Any] = dict(flow_run.parameters or {})
    paths = parameters.get("paths") or ()
    return run_name(f"import of {len(paths)} files or folders" if paths else "refresh")


def run_name(what: str) -> str:
    """The name of a run in Prefect: the day in China, and what it is about."""
    return f"{clock.today().isoformat()} · {what}"


@flow(name="refresh", flow_run_name=_run_name, validate_parameters=False, task_runner=THREADS)
def refresh_flow(
    paths: Sequence[str] = (),
    due_only: bool = False,
    only: Sequence[str] = (),
    fresh: bool = False,
    wait: float = 0,
) -> RefreshResult:
    """One refresh of the home in the settings: of all sources, or of the files and folders in `paths`.

    due_only: visits the sources that are due by the registry's visits.yml. only: visits those that a choice names, such as
    district=310107. fresh: starts over instead of going on where a run was broken off. wait: seconds to wait for another
    writer of the home. Raises LockedError, ChoiceError, RefusedError or RefreshFailedError, so that the run is red whenever
    the data is not in.
    """
    with recorded(Settings(), "import" if paths else "refresh", wait) as run:
        run.remember_registry()
        if fresh:
            run.visits.start_over()
        if paths:
            log.info("import · %d files or folders", len(paths))
            import_files(run, paths)
        else:
            visit_sources(run, run.visits.choose(only, due_only))
        return publish_what_is_new(run, paths, fresh)


def publish_what_is_new(run: Refresh, paths: Sequence[str] = (), fresh: bool = False) -> RefreshResult:
    """From what is archived to a release, if that would hold anything new. paths: of an import."""
    read_and_extract(run, run.pending())
    if paths and not run.record.brought_reports():
        raise RefreshFailedError(
            f"none of {len(paths)} files or folders brought a report: {run.record.first_problem()}."
            " `nianbao status` lists the others"
        )
    unchanged = run.build.unchanged_since()
    if unchanged:
        run.build.discard()
        share(run)
        sentence = f"nothing is new; {unchanged} stays current"
        run.record.end(RefreshState.QUIET, sentence, None)
        return RefreshResult(run.record.refresh_id, RefreshState.QUIET, sentence)
    if not fresh and take_over(run):
        log.info("transform · going on with what a broken-off run had built")
    else:
        build(run, whole=fresh)
    release_id = check_and_publish(run)
    return RefreshResult(run.record.refresh_id, RefreshState.PUBLISHED, f"published {release_id}", release_id)


def build(run: Refresh, *, whole: bool = False) -> None:
    """The candidate: loaded, whole or what changed, aligned and transformed."""
    loaded = load(run, whole=whole)
    if loaded.changed_issuers is None:
        log.info("load · everything, %d captures", loaded.captures)
    else:
        log.info("load · what changed since the last release, %d issuers", loaded.changed_issuers)
    align_and_transform(run)


def align_and_transform(run: Refresh) -> None:
    """The marts of the loaded candidate."""
    log.info("align · reports of consecutive years, %d issuers", align(run))
    log.info("transform · dbt builds and tests the marts")
    transform(run)


def check_and_publish(run: Refresh) -> str:
    """From the built candidate to the release; returns its id. Raises RefusedError if the gate refuses it."""
    log.info("validate · Great Expectations reads the candidate")
    if not validate(run):
        raise RefusedError(run.build.refusal())
    run.remember_registry()  # before there is a release made with it, also if the next line is never reached
    log.info("release · Parquet, hashes, publish")
    release_id = release(run)
    share(run)
    run.record.end(RefreshState.PUBLISHED, f"published {release_id}", release_id)
    return release_id


def visit_sources(run: Refresh, sources: Sequence[Source], batch: Batch | None = None) -> list[SourceHarvest]:
    """Harvests sources, hosts in parallel; with a batch, as many of each host as it has requests for."""
    if not run.registry.sources:
        raise RefreshFailedError(
            f"{run.settings.registry_folder} names no source; add one under sources/ (docs/registry.md shows how)"
        )
    if not sources:
        log.info("harvest · no source is due today")
        name_run(run_name("no source is due"))
        return []
    name_run(run_name(f"{'backfill · ' if batch else ''}{run.visits.districts(sources)}"))
    hosts = group_by_host(sources)
    groups = in_groups(hosts, _TASKS_PER_THREAD * run.settings.parallel_hosts)
    log.info("harvest · %d sources on %d hosts", len(sources), len(hosts))
    results = submit_all(
        "harvest",
        groups,
        lambda group: harvest_group.with_options(
            task_run_name=f"harvest · {run.visits.districts(group)}"
        ).submit(run, group, batch),
    )
    harvested = [source for group in results for source in group]
    reached = sum(source.reached for source in harvested)
    new = sum(source.new for source in harvested)
    log.info("harvest · %d of %d sources answered, %d new captures", reached, len(harvested), new)
    if run.visits.nothing_reached(harvested):
        raise RefreshFailedError(
            f"none of {len(harvested)} sources could be read, so nothing was published: {run.record.first_problem()}."
            " `nianbao status` lists the others"
        )
    return harvested


def run_refresh(settings: Settings, **parameters: Any) -> RefreshResult:
    """Runs the flow with its parameters in this process, with the ephemeral Prefect server unless PREFECT_API_URL names
    one."""
    return carried_out(refresh_flow, settings, parameters)
