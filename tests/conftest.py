"""Fixtures that tests of all areas share."""

import shutil

import pytest
from chaos.servers import prefect_server
from support import SHARED, Command


@pytest.fixture(scope="session")
def real_reports():
    """The five real reports, where they are at hand."""
    folder = SHARED / "reports"
    if not folder.is_dir():
        pytest.skip("the real reports are not here (a folder `shared` beside the checkout)")
    return folder


@pytest.fixture
def command(tmp_path, prefect_api):
    """`nianbao` with a fresh home and a running Prefect server."""
    return Command(tmp_path / "home", PREFECT_API_URL=prefect_api)


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory):
    """A running Prefect server, so that each refresh of a test does not start one of its own."""
    with prefect_server(tmp_path_factory.mktemp("prefect")) as (url, _):
        yield url


@pytest.fixture(scope="session")
def chromium():
    """Debian's browser, driven from here."""
    found = shutil.which("chromium")
    if not found:
        pytest.skip("the Debian package chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
