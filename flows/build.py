"""What one run builds: the candidate, from its raw tables to the release that it becomes. No Prefect in here."""

from __future__ import annotations

import hashlib
import logging
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from pyarrow import Table

from flows.record import Record
from flows.visits import Visits
from nianbao import clock
from nianbao.model import Check, Registry
from nianbao.search import index_version
from nianbao.settings import Settings, project_dir
from nianbao.warehouse.align import align, alignment_version, lake_texts, load_alignment
from nianbao.warehouse.align_lake import AlignmentLake
from nianbao.warehouse.built import Built, forget_built, merged, note_built, take_over
from nianbao.warehouse.calendar import last_boundary
from nianbao.warehouse.candidate import Candidate, brought_home, discard_candidates
from nianbao.warehouse.database import opened
from nianbao.warehouse.difference import Difference, difference
from nianbao.warehouse.ducklake import DuckLake
from nianbao.warehouse.exploration import exploration_fingerprint
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.load import Loaded, finish, load, renew_operation
from nianbao.warehouse.news import news
from nianbao.warehouse.operation import history, looks, withdrawals_fingerprint
from nianbao.warehouse.release import Release, current_release, publish
from nianbao.warehouse.release.rollback import taken_back
from nianbao.warehouse.release.texts import texts_of
from nianbao.warehouse.suites import BANDS_FILE
from nianbao.warehouse.transform import transform
from nianbao.warehouse.validate import refused, validate, write_verdicts

log = logging.getLogger("nianbao.refresh")

# A release whose models, registry or alignment were others is no base for the next one.
_WHOLE = ("models", "registry", "alignment")
# What was read differently may say something else without anybody having edited it.
_SAME_RULES = ("rules", "models", "registry")
# Full-key tests and well-sorted tables come with a build of everything.
_WHOLE_AGAIN = timedelta(days=7)


class Build:
    """The candidate of one run, made from the lake beside the current release. Its methods are the stages, in the order of the flow."""

    def __init__(
        self, settings: Settings, registry: Registry, lake: Lake, visits: Visits, record: Record
    ) -> None:
        self._settings = settings
        self._registry = registry
        self._lake = lake
        self._visits = visits
        self._record = record
        self._warehouse = DuckLake.of(settings)
        self._loaded = Loaded(0, None)
        self._built: Built | None = None
        self._checks: tuple[Check, ...] = ()

    def unchanged_since(self) -> str | None:
        """The id of the current release if it, or one that was rolled back from, was made from exactly what is there."""
        current = self.current
        if current is None:
            return None
        if current.inputs == self._inputs:
            return current.release_id
        former = taken_back(self._settings.releases, current, self._inputs, self._record.ledger)
        if former:
            log.warning("nothing is new since %s, which was rolled back from", former.release_id)
        return current.release_id if former else None

    def take_over(self) -> bool:
        """Goes on with a candidate that a broken-off run had built of the very same, and removes all others.

        Only what the marts tell of refreshes is made anew. False if there is nothing to go on with.
        """
        if self._warehouse is not None:
            return False  # of what lies on DuckLake nothing is kept beside a run
        built = take_over(self._candidate.file, self._settings.builds, self._inputs, self._base)
        if built is None:
            return False
        try:
            renew_operation(self._candidate.database, self._operation)
            self.tell_news()
            self._transform(select="ops_*")
        except (
            Exception
        ) as error:  # it may have been broken off at a bad moment; what it was made from is all there
            log.warning(
                "the candidate of a broken-off run cannot be used (%s); everything is built again", error
            )
            self._checks = ()
            return False
        self._built, self._checks = built, merged(built.checks, self._checks)
        return True

    def load(self, *, whole: bool = False) -> Loaded:
        """Writes the candidate's raw tables: whole, or what differs from the current release where that is enough."""
        self.discard()
        former = None if whole else self._former
        self._candidate.file.parent.mkdir(parents=True)
        self._loaded = load(
            self._candidate.database, self._lake, self._registry, operation=self._operation, former=former
        )
        return self._loaded

    def align(self) -> int:
        """Aligns the reports of each issuer that has other ones than before; returns how many issuers that were."""
        with opened(self._candidate.database) as connection:
            lake = AlignmentLake(self._settings.lake, alignment_version())
            aligned = align(connection, lake, lake_texts(connection, self._settings.lake))
            load_alignment(connection, lake, aligned)
        return aligned.computed

    def tell_news(self) -> None:
        """Notes what the candidate's reports are beside the current release's: edited, late, under two addresses."""
        published = self.current.database if self.current else None
        self._record.note(news(self._candidate.database, published, project_dir("dbt_project")))

    def transform(self) -> None:
        """dbt build; failed dbt tests become checks that refuse the candidate."""
        self._transform()
        built = Built(self._inputs, self._base, self._built_whole_at, self._checks)
        note_built(self._candidate.file, built)

    def _transform(self, select: str = "") -> None:
        result = transform(
            self._candidate.database,
            project=project_dir("dbt_project"),
            as_of=self._as_of,
            work=self._settings.cache / "dbt",
            changed_only=self._loaded.changed_issuers is not None,
            # dbt's unit tests try the rules on made-up rows; that is for the project's tests, not for every night.
            full_tests=False,
            select=select,
        )
        self._checks += result.checks

    def validate(self) -> bool:
        """Great Expectations on the closed candidate; verdicts become rows there and in the ledger."""
        current = self.current
        self._checks += validate(
            self._candidate.database,
            suites=project_dir("expectations"),
            parameters={
                "as_of": self._as_of,
                "previous": dict(current.row_counts) if current else {},
                "same_rules": bool(
                    current and all(current.inputs.get(part) == self._inputs[part] for part in _SAME_RULES)
                ),
            },
            published=current.database if current else None,
            bands=self._settings.home / BANDS_FILE,
            exceptions=self._settings.registry_folder / "exceptions.yml",
        )
        write_verdicts(self._candidate.database, self._checks)
        self._record.ledger.add_verdicts(self._record.refresh_id, self._checks)
        return not refused(self._checks)

    def difference(self, published: Release) -> Difference:
        """The loaded candidate beside a release; written as rows into the home."""
        former = published.inputs.get("rules", "unknown")
        target = self._settings.differences / f"{former}-to-{self._lake.rules_version}.parquet"
        return difference(published.database, self._candidate.database, target)

    def discard(self) -> None:
        """Removes all candidates: that of this run, which was only to be looked at, or those that nobody needs any more."""
        discard_candidates(self._settings.builds, self._warehouse)

    def refusal(self) -> str:
        """Why the gate refused, for people."""
        failed = [c for c in self._checks if c.refuses]
        reasons = "; ".join(c.sentence.rstrip(".") for c in failed[:3])
        more = f"; and {len(failed) - 3} more" if len(failed) > 3 else ""
        kept = self.current.release_id if self.current else "no release"
        return (
            f"the gate refused the candidate, {kept} stays current: {reasons}{more}"
            f". The candidate is kept at {self._candidate}; `nianbao status` lists the checks"
        )

    def publish(self) -> str:
        """Makes the candidate a release and current; returns its id. Raises LockLostError if the home is another's."""
        forget_built(self._candidate.file)
        finish(self._candidate.database)
        file = brought_home(self._candidate, as_of=self._as_of, work=self._settings.cache / "dbt")
        self._record.lock.check()
        made = publish(
            file,
            self._settings.releases,
            self._settings.current,
            refresh_id=self._record.refresh_id,
            inputs=self._inputs,
            built_whole_at=self._built_whole_at,
            checks=self._checks,
            texts=texts_of(file, self._settings.lake),
        )
        return made.release_id

    @property
    def checks(self) -> tuple[Check, ...]:
        """The verdicts on this run's candidate so far."""
        return self._checks

    @cached_property
    def _as_of(self) -> date:
        today = clock.today()
        return last_boundary(project_dir("dbt_project"), today)

    @cached_property
    def current(self) -> Release | None:
        """The release that readers open, as it was when this run began to look."""
        return current_release(self._settings.current)

    @property
    def _inputs(self) -> dict[str, str]:
        """Fingerprints of all that a release is made from."""
        return {
            "lake": self._lake.fingerprint(),
            "rules": self._lake.rules_version,
            "registry": self._registry.fingerprint,
            "models": _fingerprint(project_dir("dbt_project")),
            "expectations": _fingerprint(project_dir("expectations")),
            "as_of": self._as_of.isoformat(),
            "alignment": alignment_version(),
            "withdrawals": withdrawals_fingerprint(self._looks),
            "exploration": exploration_fingerprint(self._looks),
            "search": index_version(),
        }

    @cached_property
    def _operation(self) -> dict[str, Table]:
        return {**self._looks, **history(self._record.outcomes, self._record.ledger, self._record.refresh_id)}

    @cached_property
    def _looks(self) -> dict[str, Table]:
        former = self.current.database if self.current else None
        sources = self._registry.sources
        remembered = self._visits.last_wholes()
        return looks(
            self._record.outcomes, self._record.ledger, self._record.refresh_id, former, sources, remembered
        )

    @property
    def _former(self) -> Path | None:
        """The current release's file, if a candidate may be made of it: same models and registry, not too old."""
        current = self.current
        if current is None or any(current.inputs.get(part) != self._inputs[part] for part in _WHOLE):
            return None
        built = str(current.manifest.get("built_whole_at") or "")
        if not built or clock.now() - datetime.fromisoformat(built) > _WHOLE_AGAIN:
            return None
        return current.database

    @property
    def _built_whole_at(self) -> str:
        """When all of the candidate was last made anew."""
        if self._built is not None:
            return self._built.built_whole_at
        if self.current is None or self._loaded.changed_issuers is None:
            return clock.now().isoformat(timespec="seconds")
        return str(self.current.manifest["built_whole_at"])

    @property
    def _base(self) -> str | None:
        return self.current.release_id if self.current else None

    @property
    def _candidate(self) -> Candidate:
        return Candidate.of(self._settings.builds, self._record.refresh_id, self._warehouse)


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not {"target", "logs", "__pycache__"} & set(path.relative_to(folder).parts):
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
