"""The candidate of one run: a DuckDB file, or a database on DuckLake that becomes a file when it is released.

builds/<refresh>/     the file; of a candidate on DuckLake the place for the file that it becomes
"""

from __future__ import annotations

import hashlib
import platform
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nianbao.warehouse.database import Database, opened
from nianbao.warehouse.ducklake import DuckLake
from nianbao.warehouse.release.store import DATABASE


@dataclass(frozen=True, slots=True)
class Candidate:
    """file: where its DuckDB file is, or comes to be; database: what is built."""

    file: Path
    database: Database

    @classmethod
    def of(cls, builds: Path, refresh_id: str, warehouse: DuckLake | None) -> Candidate:
        """The candidate of a run. warehouse: the published warehouse on DuckLake, None where it is a file."""
        file = builds / refresh_id / DATABASE
        return cls(file, warehouse.candidate(_home(builds), refresh_id) if warehouse else file)

    def __str__(self) -> str:
        return str(self.database)


def discard_candidates(builds: Path, warehouse: DuckLake | None) -> None:
    """Removes all candidates of a home. Raises LakeError where those on DuckLake cannot be reached."""
    for candidate in warehouse.candidates(_home(builds)) if warehouse else ():
        candidate.remove()
    shutil.rmtree(builds, ignore_errors=True)


def _home(builds: Path) -> str:
    """What tells a home's candidates from those of others that publish into the same warehouse."""
    return hashlib.sha256(f"{platform.node()}:{builds.resolve()}".encode()).hexdigest()[:12]


def brought_home(candidate: Candidate, *, as_of: date, work: Path) -> Path:
    """The file of a finished candidate; of one on DuckLake a copy, after which it is removed there.

    as_of, work: as transform takes them. Raises LakeError, TransformError.
    """
    warehouse = candidate.database
    if not isinstance(warehouse, DuckLake):
        return candidate.file
    from nianbao.warehouse.transform import transform

    candidate.file.unlink(missing_ok=True)
    with opened(warehouse, read_only=True) as connection:
        quoted = str(candidate.file).replace("'", "''")
        connection.execute(f"attach '{quoted}' as home")
        connection.execute("copy from database warehouse to home")
        connection.execute("checkpoint home")
    # Views lose what is said of their columns on the way.
    transform(candidate.file, as_of=as_of, work=work, full_tests=False, select="config.materialized:view")
    warehouse.remove()
    return candidate.file
