from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests

from nianbao.settings import Settings
from nianbao.simulation import (
    Fault,
    FaultKind,
    Resource,
    SimulatedSites,
    StaticSite,
    Validators,
    World,
    named_faults,
)
from nianbao.simulation.site import HTML

from .web import Web

PAGE = (
    "<html><head><meta charset=utf-8></head><body>法治政府建设情况报告"
    + "依法行政。" * 2000
    + "</body></html>"
)
WHEN = datetime(2024, 3, 5, 1, 2, 3, tzinfo=UTC)
URL = "http://www.a.test/p.html"


def one_page(fault: Fault | None = None, body: bytes = PAGE.encode()) -> SimulatedSites:
    site = StaticSite({"/p.html": Resource(body, f"{HTML}; charset=utf-8", WHEN)})
    if fault:
        site.faults["/p.html"] = fault
    return SimulatedSites({"www.a.test": site})


def _connection(sites: SimulatedSites) -> socket.socket:
    return socket.create_connection(("127.0.0.1", sites.port), timeout=5)


def test_a_page_comes_with_validators_and_length() -> None:
    with one_page().serve() as sites:
        answer = Web(sites.resolve).get(URL)
    assert answer.status_code == 200 and answer.text == PAGE
    assert answer.headers["Last-Modified"] == "Tue, 05 Mar 2024 01:02:03 GMT"
    assert answer.headers["Content-Length"] == str(len(PAGE.encode()))


def test_conditional_requests_are_honoured_and_counted() -> None:
    with one_page().serve() as sites:
        web = Web(sites.resolve)
        tag = web.get(URL).headers["ETag"]
        assert web.get(URL, If_None_Match=tag).status_code == 304
        assert web.get(URL, If_None_Match=f'W/{tag}, "x"').status_code == 304
        assert web.get(URL, If_None_Match='"x"').status_code == 200
        assert web.get(URL, If_Modified_Since="Tue, 05 Mar 2024 01:02:03 GMT").status_code == 304
        assert web.get(URL, If_Modified_Since="Tue, 05 Mar 2024 01:02:02 GMT").status_code == 200
        assert web.get(URL, If_Modified_Since="nonsense").status_code == 200
        # the tag wins over the date
        other = web.get(URL, If_None_Match='"x"', If_Modified_Since="Tue, 05 Mar 2024 01:02:03 GMT")
        assert other.status_code == 200
        assert sites.requests.total(host="www.a.test", path="/p.html", status=200) == 5
        assert sites.requests.total(status=304) == 3


def test_the_resolve_text_is_what_the_setting_takes() -> None:
    with SimulatedSites(
        {"www.a.test": StaticSite({}), "www.b.test": StaticSite({}, refused=True)}
    ).serve() as sites:
        connect_to = Settings(resolve=sites.resolve).connect_to
        assert connect_to["www.a.test"] == ("127.0.0.1", sites.port)
        assert connect_to["www.b.test"][1] != sites.port
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(connect_to["www.b.test"], timeout=2)


def test_unknown_paths_and_hosts_get_an_error(world: World) -> None:
    with one_page().serve() as sites:
        assert Web(sites.resolve).get("http://www.a.test/nothing").status_code == 404
        answer = requests.get(
            f"http://127.0.0.1:{sites.port}/", headers={"Host": "www.other.test"}, timeout=5
        )
        assert answer.status_code == 421


def test_connections_are_kept_alive_and_many_are_served_at_once() -> None:
    barrier = threading.Barrier(8)
    with one_page().serve() as sites:

        def client(_: int) -> int:
            web = Web(sites.resolve)
            barrier.wait(5)
            return sum(web.get(URL).status_code == 200 for _ in range(25))

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(client, range(8))) == 200
        with socket.create_connection(("127.0.0.1", sites.port), timeout=5) as raw:
            for _ in range(2):
                raw.sendall(b"HEAD /p.html HTTP/1.1\r\nHost: www.a.test\r\n\r\n")
                assert raw.recv(4000).startswith(b"HTTP/1.1 200")


def test_nothing_is_served_outside_the_block() -> None:
    sites = one_page()
    with sites.serve():
        port = sites.port
    with pytest.raises(RuntimeError, match="not being served"):
        _ = sites.port
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("not_found", 404),
        ("forbidden", 403),
        ("server_error", 500),
        ("challenge", 412),
        ("suspended", 200),
        ("soft_404", 200),
    ],
)
def test_faulty_answers_have_their_status_and_not_the_page(name: str, status: int) -> None:
    with one_page(named_faults()[name]).serve() as sites:
        answer = Web(sites.resolve).get(URL)
    assert answer.status_code == status
    assert "依法行政" not in answer.content.decode()


def test_an_endless_redirect_never_comes_to_the_same_address() -> None:
    with one_page(named_faults("/p.html")["redirect_endless"]).serve() as sites:
        web, seen, url = Web(sites.resolve), set[str](), URL
        for _ in range(12):
            answer = web.get(url)
            assert answer.status_code == 302
            url = "http://www.a.test" + answer.headers["Location"]
            assert url not in seen
            seen.add(url)


def test_empty_and_truncated_bodies() -> None:
    with one_page(named_faults()["empty"]).serve() as sites:
        assert Web(sites.resolve).get(URL).content == b""
    with one_page(named_faults()["truncated"]).serve() as sites:
        assert PAGE.encode().startswith(Web(sites.resolve).get(URL).content)


@pytest.mark.parametrize("name", ["gb18030_labelled", "gb18030_unlabelled", "gb18030_mislabelled"])
def test_gb18030_bodies_say_what_they_should(name: str) -> None:
    with one_page(named_faults()[name]).serve() as sites:
        answer = Web(sites.resolve).get(URL)
    assert "法治政府建设情况报告" in answer.content.decode("gb18030")
    said = {"gb18030_labelled": "gb18030", "gb18030_mislabelled": "utf-8"}.get(name, "")
    assert ("charset=" in answer.headers["Content-Type"]) == bool(said)
    assert said in answer.headers["Content-Type"]
    assert (b"charset" in answer.content) == bool(said)


def test_broken_transfers_fail_in_the_client_and_count_as_broken() -> None:
    with one_page(named_faults()["wrong_length"]).serve() as sites:
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            Web(sites.resolve).get(URL)
        assert sites.requests.total(status=0) == 1
    broken = pytest.raises(requests.exceptions.RequestException, match=r"reset|Broken|broken")
    with one_page(named_faults()["reset"], PAGE.encode() * 50).serve() as sites, broken:
        Web(sites.resolve).get(URL)


def test_a_slow_drip_never_ends_in_time_and_does_not_hold_up_others() -> None:
    slow = named_faults()["drip"]
    site = StaticSite(
        {p: Resource(PAGE.encode(), HTML, WHEN) for p in ("/p.html", "/q.html")}, {"/p.html": slow}
    )
    with SimulatedSites({"www.a.test": site}).serve() as sites, _connection(sites) as raw:
        raw.sendall(b"GET /p.html HTTP/1.1\r\nHost: www.a.test\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 200")
        assert Web(sites.resolve).get("http://www.a.test/q.html").status_code == 200
        assert len(raw.recv(1 << 20)) < len(PAGE.encode()) / 10


def test_a_fault_can_pass_and_be_switched() -> None:
    site = StaticSite(
        {"/p.html": Resource(PAGE.encode(), HTML, WHEN)}, {"/p.html": named_faults()["server_error_once"]}
    )
    with SimulatedSites({"www.a.test": site}).serve() as sites:
        web = Web(sites.resolve)
        assert [web.get(URL).status_code for _ in range(3)] == [503, 200, 200]
        site.faults["/p.html"] = Fault(FaultKind.EMPTY)
        assert web.get(URL).content == b""
        del site.faults["/p.html"]
        assert web.get(URL).text


@pytest.mark.parametrize("name", ["challenge_202", "challenge_521", "challenge_200"])
def test_challenges_come_with_a_cookie_and_a_script_instead_of_the_page(name: str) -> None:
    with one_page(named_faults()[name]).serve() as sites:
        answer = Web(sites.resolve).get(URL)
    assert answer.status_code == int(name.removeprefix("challenge_"))
    assert "Set-Cookie" in answer.headers and b"<script" in answer.content and len(answer.content) < 1000


def test_a_cookie_gate_opens_to_whoever_brings_its_cookie_back() -> None:
    with one_page(named_faults()["cookie_gate"]).serve() as sites:
        web = Web(sites.resolve)
        first = web.get(URL)
        assert (first.status_code, first.headers["Location"], first.content) == (302, "/p.html", b"")
        cookie = first.headers["Set-Cookie"].split(";")[0]
        assert web.get(URL, Cookie=cookie).content == PAGE.encode()


def test_gzip_is_forced_on_clients_that_do_not_ask_and_a_304_stays_one() -> None:
    with one_page(named_faults()["forced_gzip"]).serve() as sites:
        web = Web(sites.resolve)
        answer = web.get(URL, Accept_Encoding="identity")
        assert answer.headers["Content-Encoding"] == "gzip" and answer.content == PAGE.encode()
        assert int(answer.headers["Content-Length"]) < len(PAGE.encode())
        assert web.get(URL, If_None_Match=answer.headers["ETag"]).status_code == 304


def test_throttling_says_how_long_to_wait() -> None:
    with one_page(named_faults()["throttled"]).serve() as sites:
        answer = Web(sites.resolve).get(URL)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "86400")


@pytest.mark.parametrize(
    "name", ["closed", "bad_status_line", "tls_alert", "bad_chunking", "endless_headers"]
)
def test_what_is_not_http_fails_in_the_client_and_not_in_the_server(name: str) -> None:
    site = StaticSite({p: Resource(PAGE.encode(), HTML, WHEN) for p in ("/p.html", "/q.html")})
    site.faults["/p.html"] = named_faults()[name]
    with SimulatedSites({"www.a.test": site}).serve() as sites:
        with pytest.raises(requests.exceptions.RequestException):
            Web(sites.resolve).get(URL)
        assert Web(sites.resolve).get("http://www.a.test/q.html").content == PAGE.encode()
        assert sites.requests.total(path="/p.html", status=0) == 1


@pytest.mark.parametrize("name", ["huge", "huge_chunked", "gzip_bomb"])
def test_large_bodies_are_made_while_they_are_sent(name: str) -> None:
    fault = named_faults()[name]
    sites = one_page(replace(fault, size=3_000_000))
    with sites.serve():
        answer = Web(sites.resolve).get(URL)
        assert answer.content == b"0" * 3_000_000
        assert ("Content-Length" in answer.headers) == (name != "huge_chunked")
    assert fault.size >= 100_000_000


def test_a_client_that_has_enough_may_leave_in_the_middle_of_a_large_body() -> None:
    with one_page(named_faults()["huge"]).serve() as sites:
        with _connection(sites) as raw:
            raw.sendall(b"GET /p.html HTTP/1.1\r\nHost: www.a.test\r\n\r\n")
            assert raw.recv(1000).startswith(b"HTTP/1.1 200")
        assert Web(sites.resolve).get("http://www.a.test/nothing").status_code == 404


def test_validators_are_those_of_the_site() -> None:
    def served(validators: Validators) -> tuple[str | None, str | None, int, int]:
        page = Resource(PAGE.encode(), HTML, WHEN, validators=validators)
        with SimulatedSites({"www.a.test": StaticSite({"/p.html": page})}).serve() as sites:
            web = Web(sites.resolve)
            headers = web.get(URL).headers
            tag, day = headers.get("ETag"), headers.get("Last-Modified")
            again = web.get(URL, If_None_Match=tag or '"none"').status_code
            since = web.get(URL, If_Modified_Since="Tue, 05 Mar 2024 01:02:03 GMT").status_code
            return tag and tag[:2], day and day[:3], again, since

    assert served(Validators.STRONG)[1:] == ("Tue", 304, 304)
    assert served(Validators.WEAK) == ("W/", "Tue", 304, 304)
    assert served(Validators.DATE) == (None, "Tue", 200, 304)
    assert served(Validators.NONE) == (None, None, 200, 200)
    assert served(Validators.CHANGING)[1:] == (None, 200, 200)
