"""What tests of workers share: a home with an archive to read again, and what came of it."""

import shutil

import pyarrow.parquet as pq
from support import Command


def home_with_archive(command, name):
    """Another home that has the archive of a first one, and nothing else."""
    other = Command(command.home.with_name(name))
    other.environment = command.environment | {"NIANBAO_HOME": str(other.home)}
    shutil.copytree(command.home / "archive", other.home / "archive")
    return other


def lake(command):
    """What the lake holds: table → rows in a stable order, whatever batch they are in."""
    tables = {}
    for file in sorted((command.home / "lake").glob("rules=*/batch=*/*.parquet")):
        tables.setdefault(file.stem, []).extend(pq.read_table(file).to_pylist())
    return {name: sorted(map(repr, rows)) for name, rows in tables.items()}
