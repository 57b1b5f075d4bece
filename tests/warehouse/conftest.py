"""The small world of small_world.py, built once for all tests of the warehouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from small_world import AS_OF, ROOT, Built, small_world

from nianbao.warehouse.transform import transform


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")
    path = small_world().write(folder / "candidate.duckdb")
    result = transform(path, as_of=AS_OF, work=folder / "work", project=ROOT / "dbt_project")
    return Built(path, folder / "work", result)


@pytest.fixture
def copy_of(built: Built, tmp_path: Path) -> Callable[..., Path]:
    """A copy of the built candidate with statements run on it."""

    def copied(*statements: str) -> Path:
        path = tmp_path / "candidate.duckdb"
        path.write_bytes(built.path.read_bytes())
        with duckdb.connect(str(path)) as connection:
            for statement in statements:
                connection.execute(statement)
        return path

    return copied
