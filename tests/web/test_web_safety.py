"""Nobody reads what is not published, writes anything, or comes in under a foreign name."""

import socket

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from starlette.testclient import TestClient

from nianbao.web import make_app
from nianbao.web.guard import host_name

CURRENT = "20260102T000000Z-22222222"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "address",
    [
        f"/releases/{CURRENT}/../../secret.txt",
        f"/releases/{CURRENT}/%2e%2e/%2e%2e/secret.txt",
        f"/releases/{CURRENT}/..%2f..%2fsecret.txt",
        f"/releases/{CURRENT}/parquet/..%2fquality.html",
        f"/releases/{CURRENT}//etc/passwd",
        f"/releases/{CURRENT}/%2fetc%2fpasswd",
        "/releases/../secret.txt",
        "/releases/%2e%2e/secret.txt",
        "/releases/%2e%2e",
        "/releases/./",
        f"/releases/{CURRENT}/stray.txt",
        f"/releases/{CURRENT}/parquet",
        f"/releases/{CURRENT}/quality.html%00.txt",
        "/current/..%2f..%2fsecret.txt",
    ],
)
def test_nothing_but_files_of_releases_is_read(settings, address):
    with serving(settings) as ask:
        status, body = ask(f"GET {address} HTTP/1.1")
    assert status == 404
    assert b"secret" not in body.replace(b"secret.txt", b"")
    assert b"not published" not in body


def test_links_inside_a_release_lead_nowhere(settings, home, browser):
    target = settings.releases / CURRENT / "quality.html"
    target.unlink()
    target.symlink_to(home / "secret.txt")
    assert browser.get(f"/releases/{CURRENT}/quality.html").status_code == 404
    parquet = settings.releases / CURRENT / "parquet"
    parquet.rename(home / "elsewhere")
    parquet.symlink_to(home / "elsewhere")
    assert browser.get(f"/releases/{CURRENT}/parquet/fct_report.parquet").status_code == 404
    (settings.releases / "linked").symlink_to(settings.releases / CURRENT)
    assert browser.get("/releases/linked/datapackage.json").status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.test", "127.0.0.1.evil.test", "localhost@evil.test", "evil.test:8080", "[::3]", ""]
)
def test_a_foreign_name_gets_nothing(settings, host):
    browser = TestClient(make_app(settings), base_url="http://127.0.0.1")
    answer = browser.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "NIANBAO_WEB_HOSTS" in answer.text


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:8080", "nianbao.example", "[::2]", "10.0.0.7:8080"],
)
def test_known_names_are_answered(settings, host):
    browser = TestClient(make_app(settings, hosts=("10.0.0.7",)), base_url="http://127.0.0.1")
    assert browser.get("/health", headers={"Host": host}).status_code == 200


@given(st.text(max_size=60))
def test_any_host_header_is_read_without_trouble(header):
    assert isinstance(host_name(header), str)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_written(browser, method):
    answer = browser.request(method, "/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("address", ["/", "/nothing", f"/releases/{CURRENT}/quality.html", "/health"])
def test_every_answer_carries_the_headers_of_safety(browser, address):
    headers = browser.get(address).headers
    # The explorer's pages draw charts with a script of ours; nothing else runs any, and nothing at all is evaluated.
    scripts = "script-src 'self';" if address == "/" else "script-src 'none';"
    assert scripts in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "set-cookie" not in headers


def test_what_breaks_tells_the_asker_nothing_of_the_machine(settings, home):
    settings.ledger.write_text("this is no database")
    browser = TestClient(make_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False)
    answer = browser.get("/operation")
    assert answer.status_code == 500
    assert str(home) not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.usefixtures("home")
@tries(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["..", ".", "", "releases", CURRENT, "parquet", "secret.txt", "%2e%2e", "%2f", "~", "\\"]
        ),
        max_size=8,
    )
)
def test_no_address_made_of_dots_and_slashes_leaves_the_releases(settings, parts):
    browser = TestClient(make_app(settings), base_url="http://127.0.0.1")
    answer = browser.get("/releases/" + "/".join(parts))
    assert answer.text != "secret"
    assert answer.status_code in (200, 307, 404)


def serving(settings):
    """The web side on a real socket: clients tidy addresses up before they send them, attackers do not."""
    return _Raw(settings)


class _Raw:
    def __init__(self, settings):
        from nianbao.commands.serve_web import WebSide, listening

        self._socket = listening("127.0.0.1", 0, "--web-port")
        self._port = self._socket.getsockname()[1]
        self._web = WebSide(settings, self._socket, prefect_ui="", host="127.0.0.1")

    def __enter__(self):
        return self._ask

    def __exit__(self, *exc_info):
        self._web.stop()

    def _ask(self, line):
        with socket.create_connection(("127.0.0.1", self._port), timeout=10) as connection:
            connection.sendall(f"{line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), body
