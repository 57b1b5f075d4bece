"""A small website on loopback whose answers a test writes down, path by path."""

import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from nianbao.harvest.fetcher import Fetcher
from nianbao.model import Source
from nianbao.settings import Settings

HOST = "www.qinghe.gov.test"
FAST = {
    "retries": 0,
    "retry_wait": 0,
    "read_timeout": 1,
    "connect_timeout": 1,
    "fetch_timeout": 1,
    "max_body_bytes": 1_000_000,
    "contact": "ops@a.test",
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self):
        super().setup()
        self.server.connections += 1

    def do_GET(self):
        server = self.server
        server.seen.append((self.headers["Host"], self.path, dict(self.headers)))
        with server.guard:
            server.now += 1
            server.most_at_once = max(server.most_at_once, server.now)
        try:
            answer = server.answers.get(self.path, (404, b"not here"))
            if callable(answer):
                answer = answer(self)
            if answer is not None:
                self.answer(*answer)
        finally:
            with server.guard:
                server.now -= 1

    def answer(self, status, body=b"", headers=()):
        headers = dict(headers)
        self.send_response(status)
        for name, value in ({"Content-Length": len(body)} | headers).items():
            if value is not None:
                self.send_header(name, str(value))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)
            self.wfile.flush()

    def log_message(self, *args):
        pass


class Site(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.seen, self.connections = {}, [], 0
        self.now = self.most_at_once = 0
        self.guard = threading.Lock()

    def handle_error(self, request, client_address):
        """A client that goes away is no news."""

    def paths(self, robots=False):
        return [path for _, path, _ in self.seen if robots or path != "/robots.txt"]

    def count(self, path):
        return Counter(self.paths(robots=True))[path]

    def url(self, path="/ok"):
        return f"http://{HOST}{path}"


@contextmanager
def serving():
    with Site() as site:
        threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True).start()
        yield site
        site.shutdown()


def settings(*ports, resolve="", **values):
    """Settings that lead HOST to the first port, and host2, host3 … to the others."""
    leads = [
        f"{name}=127.0.0.1:{port}"
        for name, port in zip((HOST, "host2.test", "host3.test"), ports, strict=False)
    ]
    return Settings(**FAST | {"resolve": resolve or ",".join(leads)} | values)


def source(**values):
    given = {"listings": (f"http://{HOST}/list",), "delay_seconds": 0.0} | values
    return Source(source_id="s", region_code="310107", report_kind="rule_of_law", **given)


def fetcher(site, memory=None, **values):
    clock = {key: values.pop(key) for key in ("sleep", "now", "jitter") if key in values}
    return Fetcher(settings(site.server_port, **values), memory, **{"sleep": lambda seconds: None} | clock)


def look(site, path="/ok", memory=None, of=None, **values):
    """One look at one path."""
    return fetcher(site, memory, **values).visit(of or source()).get(site.url(path))
