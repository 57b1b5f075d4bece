"""Makes a release of an approved candidate: Parquet, texts, descriptions, hashes, seal, one rename."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.resources
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from nianbao import __version__, clock
from nianbao.model import Check
from nianbao.settings import project_dir
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.learning import checks_of
from nianbao.warehouse.quality import quality_page
from nianbao.warehouse.release.datapackage import data_package
from nianbao.warehouse.release.dictionary import dictionary_html, dictionary_markdown
from nianbao.warehouse.release.files import MANIFEST, link_or_copy, seal, sha256_of, sync, write_json
from nianbao.warehouse.release.mart import Mart, marts_of, views_of
from nianbao.warehouse.release.parquet import Part, export
from nianbao.warehouse.release.searching import make_index
from nianbao.warehouse.release.store import (
    DATABASE,
    Release,
    ReleaseError,
    current_release,
    list_releases,
    point_current,
)
from nianbao.warehouse.release.texts import TEXTS

_LICENCE = "LICENSE-NOTE.md"
_PACKAGES = (
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "great-expectations",
    "pandas",
    "prefect",
    "pyarrow",
    "tantivy",
)


def publish(
    candidate: Path,
    releases: Path,
    current: Path,
    *,
    refresh_id: str,
    inputs: Mapping[str, str],
    checks: Iterable[Check],
    texts: Mapping[str, Path] | None = None,
    built_whole_at: str = "",
    project: Path | None = None,
) -> Release:
    """Makes a release of an approved, closed candidate and points `current` at it.

    candidate: path of the DuckDB file; it moves into the release. inputs: fingerprints of what it was made from.
    texts: name → Parquet file of the lake with full texts; they are linked to. built_whole_at: when all of it, not only
    what belongs to changed issuers, was last made anew, ISO 8601. project: another dbt project folder than the product's. Files that are as in the current
    release are linked to there. Raises ReleaseError if the candidate was not closed cleanly, or a mart lacks its key.
    """
    if candidate.with_name(candidate.name + ".wal").exists():
        raise ReleaseError(
            f"{candidate} was not closed cleanly (a .wal file lies beside it); run the refresh again"
        )
    models = project or project_dir("dbt_project")
    previous = _previous(current)
    staged = candidate.parent / "release"
    staged.mkdir()
    marts, views, parts = _export(candidate, staged, models, previous)
    _link_texts(staged, texts or {})
    whole = previous is None or previous.manifest.get("built_whole_at") != built_whole_at
    indexed = make_index(candidate, staged, previous, whole=whole)
    candidate.replace(staged / DATABASE)
    told = tuple(checks)
    write_json(staged / "checks.json", [asdict(check) for check in told])
    former = [
        (release.release_id, checks_of(release.folder)) for release in reversed(list_releases(releases))
    ]
    (staged / "quality.html").write_text(quality_page(told, former), encoding="utf-8")
    created = clock.now()
    version = schema_version(models)
    files = _files(staged, previous)
    _describe(staged, files, marts, views, parts, created, version)
    manifest = {
        "created_at": created.isoformat(timespec="milliseconds"),
        "refresh_id": refresh_id,
        "built_whole_at": built_whole_at,
        "nianbao": __version__,
        "schema_version": version,
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "inputs": dict(inputs),
        "tables": {mart.name: sum(part.rows for part in parts[mart.name]) for mart in marts},
        "marts": {mart.name: _facts(mart, parts[mart.name]) for mart in marts},
        "search": asdict(indexed) if indexed else None,
        "bytes": sum(facts["bytes"] for facts in files.values()),
        "files": files,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    release_id = f"{created:%Y%m%dT%H%M%SZ}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    (staged / MANIFEST).write_text(text + "\n", encoding="utf-8")
    seal(staged)
    releases.mkdir(parents=True, exist_ok=True)
    staged.replace(releases / release_id)
    if not any(candidate.parent.iterdir()):
        candidate.parent.rmdir()
    sync(releases)
    point_current(releases / release_id, current)
    return Release(release_id, releases / release_id, manifest)


def schema_version(project: Path) -> str:
    """The version of the marts' schema, as the dbt project says; 1.0 is what projects had that do not say it."""
    content = yaml.load((project / "dbt_project.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return str((content.get("vars") or {}).get("schema_version", "1.0"))


def _previous(current: Path) -> Release | None:
    """The release to share files with; a damaged one is shared with by nobody, and stops nobody."""
    try:
        return current_release(current)
    except ReleaseError:
        return None


def _export(
    candidate: Path, staged: Path, models: Path, previous: Release | None
) -> tuple[list[Mart], list[Mart], dict[str, list[Part]]]:
    with duckdb.connect(str(candidate), read_only=True, config=DUCKDB_CONFIG) as connection:
        marts = marts_of(connection, models)
        parts = {mart.name: export(connection, mart, staged, previous) for mart in marts}
        return marts, views_of(connection, models), parts


def _link_texts(staged: Path, texts: Mapping[str, Path]) -> None:
    for name, path in sorted(texts.items()):
        link_or_copy(path, staged / TEXTS / f"{name}.parquet")


def _facts(mart: Mart, parts: Iterable[Part]) -> dict[str, object]:
    return {
        "key": list(mart.key),
        "parts": {part.name: {"rows": part.rows, "fingerprint": part.fingerprint} for part in parts},
    }


def _describe(
    staged: Path,
    files: dict[str, dict[str, Any]],
    marts: Sequence[Mart],
    views: Sequence[Mart],
    parts: Mapping[str, Sequence[Part]],
    created: datetime,
    version: str,
) -> None:
    """Writes what explains the other files, and adds it to them."""
    package = data_package(marts, parts, files, created.isoformat(timespec="seconds"), version)
    write_json(staged / "datapackage.json", package)
    told = [*marts, *views]
    (staged / "dictionary.md").write_text(dictionary_markdown(told, parts, version), encoding="utf-8")
    (staged / "dictionary.html").write_text(dictionary_html(told, parts, version), encoding="utf-8")
    note = importlib.resources.files("nianbao.warehouse.release") / "templates" / _LICENCE
    (staged / _LICENCE).write_text(note.read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("datapackage.json", "dictionary.md", "dictionary.html", _LICENCE):
        files[name] = _size_and_hash(staged / name)


def _size_and_hash(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path)}


def _files(staged: Path, previous: Release | None) -> dict[str, dict[str, Any]]:
    """Size and hash of every file; of those shared with the previous release as its manifest has them."""
    listed = previous.files if previous else {}
    files: dict[str, dict[str, Any]] = {}
    for path in sorted(staged.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(staged))
            former = previous.folder / name if previous and name in listed else None
            if former is not None and former.is_file() and former.samefile(path):
                files[name] = dict(listed[name])
            else:
                files[name] = _size_and_hash(path)
    return files
