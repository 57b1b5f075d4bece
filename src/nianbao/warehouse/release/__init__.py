"""Releases: immutable directories of what a refresh published, and the one link that says which is current.

    releases/<id>/nianbao.duckdb · parquet/ · texts/ · search/ · checks.json · quality.html · datapackage.json · dictionary.* · manifest.json

The id is the UTC time and a short hash of the manifest. A release appears by one rename and becomes current by one
rename of a link; readers open the link's target, so nobody ever meets a writer or a mixture of two releases.
"""

from nianbao.warehouse.release.publication import publish
from nianbao.warehouse.release.store import (
    DATABASE,
    Release,
    ReleaseError,
    current_release,
    find_release,
    finish_interrupted,
    list_releases,
    move_link,
    point_current,
    read_release,
    verify,
)

__all__ = [
    "DATABASE",
    "Release",
    "ReleaseError",
    "current_release",
    "find_release",
    "finish_interrupted",
    "list_releases",
    "move_link",
    "point_current",
    "publish",
    "read_release",
    "verify",
]
