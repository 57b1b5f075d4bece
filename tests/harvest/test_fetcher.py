"""Whatever a website does, the fetcher says how it ended, in a closed word and a sentence; real HTTP on loopback."""

import gzip
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.robots import Robots
from nianbao.model import Outcome
from nianbao.settings import Settings

HOST = "www.qinghe.gov.test"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append((self.path, self.headers["Host"], self.headers["User-Agent"]))
        getattr(self, "get" + self.path.replace("/", "_").replace(".", "_"))()

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in ({"Content_Length": len(body)} | headers).items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def get_ok(self):
        if self.headers["If-None-Match"] == '"v1"':
            self.answer(304)
        else:
            self.answer(200, "年报".encode(), ETag='"v1"')

    def get_zipped(self):
        self.answer(200, gzip.compress("年报".encode() * 100), Content_Encoding="gzip")

    def get_bomb(self):
        self.answer(200, gzip.compress(b"\0" * 30_000_000), Content_Encoding="gzip")

    def get_missing(self):
        self.answer(404, b"not here")

    def get_forbidden(self):
        self.answer(403)

    def get_challenge(self):
        self.answer(412, b"<script>...</script>")

    def get_broken(self):
        self.answer(500)

    def get_flaky(self):
        first = sum(path == "/flaky" for path, *_ in self.server.seen) == 1
        self.answer(503 if first else 200, b"" if first else b"here")

    def get_empty(self):
        self.answer(200)

    def get_loop(self):
        self.answer(302, Location="/loop2")

    def get_loop2(self):
        self.answer(302, Location="/loop")

    def get_away(self):
        self.answer(302, Location="http://elsewhere.test/ok")

    def get_moved(self):
        self.answer(301, Location="/ok")

    def get_short(self):
        self.answer(200, b"only this", Content_Length=1000)
        self.close_connection = True

    def get_slow(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(50):
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def get_silent(self):
        time.sleep(2)
        self.answer(200, b"too late")

    def get_robots_txt(self):
        self.answer(*self.server.robots)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.robots = [], (200, b"User-agent: *\nDisallow: /private/\n")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()


def fetcher(server, monkeypatch, **settings):
    monkeypatch.setenv("NIANBAO_RESOLVE", f"{HOST}=127.0.0.1:{server.server_port}")
    values = {
        "retries": 0,
        "read_timeout": 1,
        "fetch_timeout": 1,
        "max_body_bytes": 1_000_000,
        "contact": "ops@a.test",
    }
    return Fetcher(Settings(**values | settings), sleep=lambda seconds: None)


@pytest.mark.parametrize(
    ("path", "outcome", "says"),
    [
        ("/ok", Outcome.OK, ""),
        ("/zipped", Outcome.OK, ""),
        ("/moved", Outcome.OK, ""),
        ("/missing", Outcome.NOT_FOUND, "answered 404"),
        ("/forbidden", Outcome.FORBIDDEN, "answered 403"),
        ("/challenge", Outcome.BLOCKED_CHALLENGE, "script challenge"),
        ("/broken", Outcome.SERVER_ERROR, "answered 500"),
        ("/empty", Outcome.EMPTY, "empty body"),
        ("/loop", Outcome.REDIRECT_LOOP, "in a circle"),
        ("/away", Outcome.HOST_NOT_ALLOWED, "elsewhere.test"),
        ("/short", Outcome.BROKEN_TRANSFER, "broke off after 9 bytes"),
        ("/slow", Outcome.TIMEOUT, "was not done"),
        ("/silent", Outcome.TIMEOUT, "did not answer within 1 s"),
        ("/bomb", Outcome.OVERSIZED, "larger than 1000000 bytes"),
    ],
)
def test_every_way_a_site_can_answer_has_its_outcome(server, monkeypatch, path, outcome, says):
    exchange = fetcher(server, monkeypatch).fetch(f"http://{HOST}{path}", hosts=[HOST], delay=0)
    assert exchange.outcome is outcome, exchange.sentence
    assert says in exchange.sentence
    assert bool(exchange.body) == (outcome is Outcome.OK)


def test_the_host_keeps_its_name_and_the_robot_says_who_it_is(server, monkeypatch):
    exchange = fetcher(server, monkeypatch).fetch(f"http://{HOST}/ok", hosts=[HOST], delay=0)
    assert exchange.body == "年报".encode()
    ((_, host, agent),) = server.seen
    assert host == HOST
    assert agent.startswith("nianbao/")
    assert agent.endswith("(+ops@a.test)")


def test_a_stand_in_answers_for_https_addresses_too(server, monkeypatch):
    exchange = fetcher(server, monkeypatch).fetch(f"https://{HOST}/ok", hosts=[HOST], delay=0)
    assert (exchange.outcome, exchange.final_url) == (Outcome.OK, f"https://{HOST}/ok")
    assert server.seen[0][1] == HOST


def test_validators_make_the_request_conditional(server, monkeypatch):
    exchange = fetcher(server, monkeypatch).fetch(f"http://{HOST}/ok", hosts=[HOST], delay=0, etag='"v1"')
    assert exchange.outcome is Outcome.NOT_MODIFIED


def test_a_server_error_is_tried_again(server, monkeypatch):
    exchange = fetcher(server, monkeypatch, retries=1).fetch(f"http://{HOST}/flaky", hosts=[HOST], delay=0)
    assert exchange.outcome is Outcome.OK


def test_a_host_that_does_not_listen_is_unreachable(monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("NIANBAO_RESOLVE", f"{HOST}=127.0.0.1:{port}")
    exchange = Fetcher(Settings(retries=0)).fetch(f"http://{HOST}/ok", hosts=[HOST], delay=0)
    assert exchange.outcome is Outcome.UNREACHABLE
    assert "Connection refused" in exchange.sentence


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://www.qinghe.gov.test/x", "http://[bad/x"])
def test_only_http_addresses_of_allowed_hosts_are_asked(server, monkeypatch, url):
    exchange = fetcher(server, monkeypatch).fetch(url, hosts=[HOST], delay=0)
    assert exchange.outcome is Outcome.HOST_NOT_ALLOWED
    assert server.seen == []


def test_two_requests_to_one_host_keep_their_distance(server, monkeypatch):
    pauses = []
    polite = fetcher(server, monkeypatch)
    polite._sleep = pauses.append
    for _ in range(2):
        polite.fetch(f"http://{HOST}/ok", hosts=[HOST], delay=7)
    assert len(pauses) == 1
    assert 6 < pauses[0] <= 7


@pytest.mark.parametrize(
    ("robots", "private", "public"),
    [
        ((200, b"User-agent: *\nDisallow: /private/\n"), "forbids", ""),
        ((404, b""), "", ""),
        ((500, b""), "server error", "server error"),
    ],
)
def test_robots_txt_is_obeyed(server, monkeypatch, robots, private, public):
    server.robots = robots
    rules = Robots(fetcher(server, monkeypatch))
    for path, expected in (("/private/1.html", private), ("/public/1.html", public)):
        refusal = rules.refusal(f"http://{HOST}{path}", 0)
        assert bool(refusal) == bool(expected)
        assert expected in refusal
