"""A home with two releases, and the web side asked over ASGI as a browser asks it."""

import json

import pytest
from starlette.testclient import TestClient

from nianbao.settings import Settings
from nianbao.web import make_app

FORMER, CURRENT = "20260101T000000Z-11111111", "20260102T000000Z-22222222"
FILES = {
    "quality.html": "<!doctype html><title>质量</title>",
    "dictionary.html": "<!doctype html><title>字典</title>",
    "datapackage.json": "{}",
    "nianbao.duckdb": "0123456789",
    "parquet/fct_report.parquet": "PAR1",
}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("NIANBAO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NIANBAO_WEB_HOSTS", "Nianbao.example, [::2]")
    return Settings()


@pytest.fixture
def home(settings):
    """Two releases, the second one current; beside the files of a release lies one that is not of it."""
    for release_id in (FORMER, CURRENT):
        folder = settings.releases / release_id
        for name, content in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        (folder / "stray.txt").write_text("not published")
        manifest = {
            "created_at": f"{release_id[:4]}-{release_id[4:6]}-{release_id[6:8]}T00:00:00.000+00:00",
            "refresh_id": "r",
            "tables": {"fct_report": 12, "fct_figure": 345},
            "files": {name: {"bytes": len(content), "sha256": ""} for name, content in FILES.items()},
        }
        (folder / "manifest.json").write_text(json.dumps(manifest))
    settings.current.symlink_to(settings.releases / CURRENT)
    (settings.home / "secret.txt").write_text("secret")
    return settings.home


@pytest.fixture
def browser(settings):
    return client(settings)


def client(settings, **options):
    return TestClient(make_app(settings, **options), base_url="http://127.0.0.1:8080")
