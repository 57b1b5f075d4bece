"""While twenty people read, releases are published and removed: every page is of one release, and says what that holds."""

import json
import random
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import duckdb
import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from support import Command

from nianbao.commands.serve_web import listening
from nianbao.warehouse.ledger import Ledger
from nianbao.warehouse.release import list_releases, point_current
from nianbao.warehouse.release.retention import collect

_USERS, _PAGES = 20, 14
_UNREAD, _FIRST, _SECOND, _THIRD = (f"2026010{day}T000000Z-{day * 11111111}" for day in (1, 2, 3, 4))


def copied(source, target, more):
    """A release as a copy of another one, with more figures in each report, under an id and a time of its own."""
    shutil.copytree(source, target)
    for name in ("manifest.json", "nianbao.duckdb"):
        (target / name).chmod(0o644)
    manifest = json.loads((target / "manifest.json").read_text())
    day = target.name[:8]
    manifest |= {
        "release_id": target.name,
        "created_at": f"{day[:4]}-{day[4:6]}-{day[6:]}T00:00:00.000+00:00",
    }
    (target / "manifest.json").write_text(json.dumps(manifest))
    with duckdb.connect(str(target / "nianbao.duckdb")) as connection:
        connection.execute("update fct_report set n_figures = n_figures + $more", {"more": more})
        return connection.execute(
            "select count(*), count(distinct issuer_id), sum(n_figures)::bigint from fct_report"
        ).fetchone()


@pytest.fixture
def published(home, tmp_path):
    """(a home in which the first of four releases is current and the last two are not published yet, what each holds)."""
    mine = tmp_path / "home"
    (mine / "releases").mkdir(parents=True)
    (mine / "coming").mkdir()
    shutil.copyfile(home / "ledger.sqlite", mine / "ledger.sqlite")
    shutil.copytree(home / "archive", mine / "archive")
    source = (home / "current").resolve()
    holds = {}
    for more, name in enumerate((_UNREAD, _FIRST, _SECOND, _THIRD)):
        place = mine / ("releases" if name in (_UNREAD, _FIRST) else "coming")
        holds[name] = copied(source, place / name, more)
    assert len(set(holds.values())) == len(holds)
    point_current(mine / "releases" / _FIRST, mine / "current")
    return mine, holds


@pytest.fixture
def address(published):
    """`nianbao explore` of that home, as a process of its own: locks of one process do not keep it from itself."""
    home, _ = published
    with listening("127.0.0.1", 0, "--port") as free:
        port = free.getsockname()[1]
    environment = Command(home).environment
    with (home.parent / "out").open("w") as out, (home.parent / "err").open("w") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "nianbao.cli", "explore", "--port", str(port)],
            stdout=out,
            stderr=err,
            env=environment,
        )
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        assert process.poll() is None, (home.parent / "err").read_text()
        try:
            httpx.get(f"{address}/health", trust_env=False)
            break
        except httpx.TransportError:
            threading.Event().wait(0.1)
    yield address
    process.terminate()
    assert process.wait(30) == 0
    assert "Traceback" not in (home.parent / "err").read_text()


class Reading:
    """What all users saw, and a bell at every page so that releases come while they read."""

    def __init__(self, home, holds):
        self.home, self.holds = home, holds
        self.seen = Counter()
        self._pages = 0
        self._turn = threading.Condition()

    def took(self):
        with self._turn:
            self._pages += 1
            self._turn.notify_all()

    def wait_for(self, pages):
        with self._turn:
            assert self._turn.wait_for(lambda: self._pages >= pages, 120), f"{self._pages} pages were read"

    def user(self, number, address):
        """Follows links at random, as many pages as were agreed; goes back to the front page from dead ends."""
        dice = random.Random(number)
        with httpx.Client(base_url=address, trust_env=False, timeout=60, follow_redirects=True) as client:
            there = "/"
            for _ in range(_PAGES):
                answer = client.get(there)
                links = self.check(there, answer)
                there = dice.choice(links) if links and dice.random() < 0.85 else "/"
                self.took()

    def check(self, there, answer):
        """One page: its status, the one release that it is of, that release's numbers. Gives the links to go on by."""
        page = LexborHTMLParser(answer.text)
        pinned = parse_qs(urlsplit(there).query).get("release", [""])[0]
        if answer.status_code == 404 and pinned:
            assert not (self.home / "releases" / pinned).exists(), (there, page.text())
            assert pinned in page.css_first("main").text()
            return ["/"]
        assert answer.status_code == 200, (there, answer.status_code, answer.text[:500])
        footer = [code.text() for code in page.css("footer code")]
        path = urlsplit(str(answer.url)).path
        if not footer:
            assert path.startswith(("/releases", "/changes", "/operation", "/current")), there
            return self.links(page)
        (release,) = footer
        assert release == pinned or not pinned, (there, release)
        named = set(re.findall(r"[?&;]release=([\w-]+)", answer.text))
        if path != "/quality":  # which lists the checks of former releases, as links to them
            assert named <= {release}, (there, release, named)
        region = parse_qs(urlsplit(str(answer.url)).query).get("region")
        if path == "/" and not region:
            numbers = [int(each.text().replace(",", "")) for each in page.css(".facts b")[:3]]
            assert tuple(numbers) == self.holds[release], (there, release)
        self.seen[release, path.split("/")[1]] += 1
        return self.links(page)

    @staticmethod
    def links(page):
        found = [
            link.attributes["href"] or "" for link in page.css("main a[href], nav a[href], footer a[href]")
        ]
        return [
            link.partition("#")[0]
            for link in found
            if link.startswith("/")
            and "format=" not in link
            and not re.match(r"/(captures|changes|metrics|status|releases/[^/]+/.|operation|current)", link)
        ]


def test_releases_come_and_go_while_twenty_people_read(published, address):
    home, holds = published
    reading = Reading(home, holds)
    with ThreadPoolExecutor(_USERS) as pool:
        users = [pool.submit(reading.user, number, address) for number in range(_USERS)]
        for share, name in ((0.3, _SECOND), (0.6, _THIRD)):
            reading.wait_for(int(_USERS * _PAGES * share))
            (home / "coming" / name).replace(home / "releases" / name)
            point_current(home / "releases" / name, home / "current")
            cleared = collect(
                home / "releases", home / "current", home / "builds", Ledger(home / "ledger.sqlite"),
                newest=1, months=0, dry_run=False,
            )  # fmt: skip
            assert {verdict.release.release_id: verdict.kept for verdict in cleared.verdicts}[name]
        for user in users:
            user.result()
    assert {release for release, _ in reading.seen} >= {_FIRST, _SECOND, _THIRD}
    assert {place for _, place in reading.seen} >= {"", "issuers", "reports", "indicators"}
    assert _UNREAD not in {release.release_id for release in list_releases(home / "releases")}
    gone = httpx.get(f"{address}/issuers?release={_UNREAD}", trust_env=False)
    assert gone.status_code == 404
    assert _UNREAD in gone.text
    assert _THIRD in httpx.get(f"{address}/issuers", trust_env=False).text
