"""Takes the pictures of the README from a home of simulated districts: python docs/pictures/make.py HOME (make pictures)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import duckdb
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PORT = 8079
_WIDTH, _HEIGHT = 1200, 760


def main() -> None:
    """Writes overview.jpg and report.jpg beside this file. Raises SystemExit where chromium is not installed."""
    home = Path(sys.argv[1])
    chromium = shutil.which("chromium")
    if not chromium:
        raise SystemExit("install the Debian package chromium")
    with duckdb.connect(str((home / "current").resolve() / "nianbao.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select chosen_figure_id from fct_indicator_yoy where comparability = 'comparable' and fact_year = 2024"
            " order by change_percent desc limit 1"
        ).fetchone()
    figure = found[0] if found else ""
    server = subprocess.Popen([sys.executable, "-m", "nianbao.cli", "explore", "--port", str(PORT)])
    try:
        _until_answering()
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme="light")
            for name, address in {"overview": "/", "report": f"/figures/{figure}"}.items():
                page.goto(f"http://127.0.0.1:{PORT}{address}", wait_until="networkidle")
                page.screenshot(path=str(HERE / f"{name}.jpg"), type="jpeg", quality=78)
            browser.close()
    finally:
        server.terminate()
        server.wait()


def _until_answering() -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health", timeout=5):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise SystemExit("the pages did not come up")


if __name__ == "__main__":
    main()
