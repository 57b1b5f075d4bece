"""What the tests of monitoring share."""

from __future__ import annotations

import pytest
from nights import Home

from nianbao.registry import load_registry
from nianbao.settings import project_dir


@pytest.fixture(scope="session")
def registry():
    return load_registry(project_dir("data"))


@pytest.fixture
def home(tmp_path, registry, monkeypatch):
    for name in ("NIANBAO_ALERT_URLS", "NIANBAO_ALERT_URLS_FILE", "NIANBAO_HEARTBEAT_URL"):
        monkeypatch.delenv(name, raising=False)
    return Home(tmp_path / "home", registry, monkeypatch)
