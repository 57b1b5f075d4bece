"""Files of published releases, and nothing else: which there are, and where an address leads."""

from __future__ import annotations

from pathlib import Path

from nianbao.warehouse.release import Release
from nianbao.warehouse.release.files import MANIFEST

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".svg": "image/svg+xml",
}


def files_of(release: Release) -> dict[str, int]:
    """Names of a release's files, with their bytes, as its manifest tells them, and the manifest itself."""
    manifest = release.folder / MANIFEST
    return {name: int(facts.get("bytes", 0)) for name, facts in sorted(release.files.items())} | {
        MANIFEST: manifest.stat().st_size
    }


def file_of(release: Release, name: str) -> Path | None:
    """The file of a release by the name that its manifest gives it; None for anything else that may lie there."""
    if name != MANIFEST and name not in release.files:
        return None
    path = release.folder / name
    inside = path.resolve().is_relative_to(release.folder.resolve())
    return path if inside and path.is_file() and not path.is_symlink() else None


def media_type(path: Path) -> str:
    """What a file is sent as; what no browser should open is octets."""
    return _TYPES.get(path.suffix, "application/octet-stream")
