"""Whatever a website does, the fetcher says how it ended, in a closed word and a sentence; real HTTP on loopback."""

import gzip
import random
import socket
import threading
import time
import tracemalloc
import zlib
from contextlib import contextmanager
from email.utils import format_datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from small_site import HOST, fetcher, look, serving, settings, source

from nianbao.harvest.fetcher import Fetcher
from nianbao.model import Outcome

PAGE = "年报".encode()
CHALLENGE = b"<html><head><script>$_ts=window['$_ts'];$_ts.cd='q';</script></head><body></body></html>"
COOKIE_DANCE = b"<script>document.cookie='a=1;path=/';window.location.reload();</script>"
LONG = ("<p>" + "全年办理行政复议案件三十五件。" * 20 + "</p>").encode()


def redirect(to, status=302, **headers):
    return (
        status,
        b"moved",
        {"Location": to} | {name.replace("_", "-"): value for name, value in headers.items()},
    )


def drip(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(30):
        try:
            handler.wfile.write(b"x")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.1)


def short(handler):
    handler.close_connection = True
    return 200, b"only this", {"Content-Length": 1000}


def silent(handler):
    time.sleep(1.5)
    handler.close_connection = True


def bodiless(length):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", length)
        handler.end_headers()
        handler.wfile.flush()
        time.sleep(0.5)
        handler.close_connection = True

    return answer


RAW_DEFLATE = zlib.compressobj(wbits=-15)
BOMB = gzip.compress(bytes(30_000_000))
ANSWERS = {
    "/zipped": (200, gzip.compress(PAGE * 100), {"Content-Encoding": "gzip"}),
    "/twice": (200, gzip.compress(PAGE) + gzip.compress(PAGE), {"Content-Encoding": "x-gzip"}),
    "/deflated": (200, zlib.compress(PAGE), {"Content-Encoding": "deflate"}),
    "/raw": (200, RAW_DEFLATE.compress(PAGE) + RAW_DEFLATE.flush(), {"Content-Encoding": "deflate"}),
    "/bomb": (200, BOMB, {"Content-Encoding": "gzip"}),
    "/bomb-in-bomb": (200, gzip.compress(BOMB), {"Content-Encoding": "gzip, gzip"}),
    "/brotli": (200, b"\x0b\x02\x80abc", {"Content-Encoding": "br"}),
    "/liar": (200, b"plain text", {"Content-Encoding": "gzip"}),
    "/torn": (200, gzip.compress(LONG)[:40], {"Content-Encoding": "gzip"}),
    "/huge": bodiless(10**12),
    "/absurd": bodiless("9" * 40),
    "/missing": (404, b"not here"),
    "/gone": (410, b"not here any more"),
    "/forbidden": (403, b"no"),
    "/firewall": (405, "<h1>您的请求已被网站防火墙拦截</h1>".encode()),
    "/teapot": (418, b"no", {"Server": "yunsuo-waf"}),
    "/412": (412, CHALLENGE),
    "/521": (521, b"<script>document.cookie='__jsl_clearance=1'</script>"),
    "/202": (202, CHALLENGE),
    "/200": (200, CHALLENGE),
    "/dance": (200, COOKIE_DANCE),
    "/403script": (403, b"<script>var arg1='A';setCookie('acw_sc__v2',arg1)</script>"),
    "/behind": (200, CHALLENGE.replace(b"<body>", b"<body>" + LONG)),
    "/shell": (200, b"<div id=app></div><script>location.hash='#/';</script><script src=/app.js></script>"),
    "/broken": (500, b"oops"),
    "/empty": (200, b""),
    "/204": (204, b"", {"Content-Length": None}),
    "/busy": (429, b"slow down"),
    "/loop": redirect("/loop2"),
    "/loop2": redirect("/loop"),
    "/endless": redirect("/endless0"),
    **{f"/endless{n}": redirect(f"/endless{n + 1}") for n in range(20)},
    "/nowhere": (302, b""),
    "/away": redirect("http://elsewhere.test/ok"),
    "/file": redirect("file:///etc/passwd"),
    "/bad": redirect("http://[bad/x"),
    "/moved": redirect("/ok", 301),
    "/fat-redirect": (302, b"x" * 3_000_000, {"Location": "/ok"}),
    "/gone-away": redirect("https://new.test/list", 301),
    "/short": short,
    "/slow": drip,
    "/silent": silent,
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "outcome", "says"),
    [
        ("/ok", Outcome.OK, ""),
        ("/zipped", Outcome.OK, ""),
        ("/twice", Outcome.OK, ""),
        ("/deflated", Outcome.OK, ""),
        ("/raw", Outcome.OK, ""),
        ("/moved", Outcome.OK, ""),
        ("/fat-redirect", Outcome.OK, ""),
        ("/behind", Outcome.OK, ""),
        ("/shell", Outcome.OK, ""),
        ("/bomb", Outcome.OVERSIZED, "larger than 1000000 bytes"),
        ("/bomb-in-bomb", Outcome.BROKEN_TRANSFER, "'gzip, gzip', which was not asked for"),
        ("/brotli", Outcome.BROKEN_TRANSFER, "'br', which was not asked for"),
        ("/liar", Outcome.BROKEN_TRANSFER, "not the gzip that its headers name"),
        ("/torn", Outcome.BROKEN_TRANSFER, "in the middle of its gzip encoding"),
        ("/huge", Outcome.OVERSIZED, "larger than 1000000 bytes"),
        ("/absurd", Outcome.OVERSIZED, "larger than 1000000 bytes"),
        ("/missing", Outcome.NOT_FOUND, "answered 404"),
        ("/gone", Outcome.NOT_FOUND, "answered 410"),
        ("/forbidden", Outcome.FORBIDDEN, "answered 403 and gives"),
        ("/firewall", Outcome.FORBIDDEN, "firewall (网站防火墙)"),
        ("/teapot", Outcome.FORBIDDEN, "firewall (云锁)"),
        ("/412", Outcome.BLOCKED_CHALLENGE, "script challenge"),
        ("/521", Outcome.BLOCKED_CHALLENGE, "script challenge"),
        ("/202", Outcome.BLOCKED_CHALLENGE, "answered 202, a script challenge"),
        ("/200", Outcome.BLOCKED_CHALLENGE, "answered 200, a script challenge"),
        ("/dance", Outcome.BLOCKED_CHALLENGE, "script challenge"),
        ("/403script", Outcome.BLOCKED_CHALLENGE, "script challenge"),
        ("/broken", Outcome.SERVER_ERROR, "answered 500"),
        ("/empty", Outcome.EMPTY, "empty body"),
        ("/204", Outcome.FORBIDDEN, "answered 204"),
        ("/busy", Outcome.THROTTLED, "asks for fewer requests"),
        ("/loop", Outcome.REDIRECT_LOOP, "in a circle"),
        ("/endless", Outcome.REDIRECT_LOOP, "more than 8 times"),
        ("/nowhere", Outcome.REDIRECT_LOOP, "without saying where"),
        ("/away", Outcome.HOST_NOT_ALLOWED, "elsewhere.test"),
        ("/file", Outcome.HOST_NOT_ALLOWED, "neither http nor https"),
        ("/bad", Outcome.HOST_NOT_ALLOWED, "is not an address"),
        ("/gone-away", Outcome.MOVED, "has moved for good to https://new.test/list"),
        ("/short", Outcome.BROKEN_TRANSFER, "broke off"),
        ("/slow", Outcome.TIMEOUT, "was not done"),
        ("/silent", Outcome.TIMEOUT, "did not answer within 1 s"),
    ],
)
def test_every_way_a_site_can_answer_has_its_outcome(site, path, outcome, says):
    site.answers |= ANSWERS
    exchange = look(site, path)
    assert exchange.outcome is outcome, exchange.sentence
    assert says in exchange.sentence
    assert exchange.url == site.url(path)
    assert bool(exchange.body) == (outcome is Outcome.OK)


def test_what_was_sent_is_what_arrives(site):
    site.answers |= ANSWERS
    for path, body in {"/zipped": PAGE * 100, "/twice": PAGE * 2, "/deflated": PAGE, "/raw": PAGE}.items():
        assert look(site, path).body == body


def test_a_bomb_never_unfolds_in_memory(site):
    site.answers |= ANSWERS | {"/fat": (302, BOMB, {"Location": "/ok", "Content-Encoding": "gzip"})}
    look(site)
    tracemalloc.start()
    outcomes = [look(site, path).outcome for path in ("/bomb", "/fat", "/fat-redirect")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcomes == [Outcome.OVERSIZED, Outcome.OK, Outcome.OK]
    assert peak < 8_000_000  # the site's own copy of the 3 MB answer is in it


def test_the_host_keeps_its_name_and_the_robot_says_who_it_is(site):
    look(site)
    host, _, headers = site.seen[-1]
    assert host == HOST
    assert headers["User-Agent"].startswith("nianbao/")
    assert headers["User-Agent"].endswith("(+ops@a.test)")


def test_a_stand_in_answers_for_https_addresses_too(site):
    exchange = fetcher(site).visit(source()).get(f"https://{HOST}/ok")
    assert (exchange.outcome, exchange.final_url) == (Outcome.OK, f"https://{HOST}/ok")
    assert site.seen[-1][0] == HOST


def test_validators_make_the_request_conditional(site):
    def answer(handler):
        known = (
            handler.headers["If-None-Match"] == '"v1"' and handler.headers["If-Modified-Since"] == "Monday"
        )
        return (304,) if known else (200, PAGE)

    site.answers["/ok"] = answer
    visit = fetcher(site).visit(source())
    assert visit.get(site.url(), etag='"v1"', last_modified="Monday").outcome is Outcome.NOT_MODIFIED
    assert visit.get(site.url(), etag='"v1"\r\nEvil: 1').outcome is Outcome.OK
    site.answers["/ok"] = (304,)
    unasked = visit.get(site.url())
    assert unasked.outcome is Outcome.BROKEN_TRANSFER
    assert "answered 304, though nothing was known" in unasked.sentence


# --- tries, pauses, throttling ---


def flaky(*answers):
    """Answers one after the other, the last one for good."""
    left = list(answers)
    return lambda handler: left.pop(0) if len(left) > 1 else left[0]


def test_a_server_error_is_tried_again_after_a_pause_of_chance(site):
    site.answers["/flaky"] = flaky((503, b""), (500, b""), (200, b"here"))
    pauses = []
    exchange = look(site, "/flaky", retries=2, retry_wait=8, sleep=pauses.append, jitter=random.Random(7))
    assert exchange.body == b"here"
    dice = random.Random(7)
    assert pauses == [dice.uniform(0, 8), dice.uniform(0, 16)]


def test_a_site_that_asks_to_wait_is_waited_for(site):
    site.answers["/flaky"] = flaky(
        (429, b"", {"Retry-After": 7}), (503, b"", {"Retry-After": 9}), (200, b"here")
    )
    pauses = []
    assert look(site, "/flaky", retries=2, sleep=pauses.append).outcome is Outcome.OK
    assert pauses == [7, 9]


def test_a_date_to_come_back_at_is_understood(site):
    from datetime import UTC, datetime, timedelta

    now = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    site.answers["/flaky"] = flaky(
        (503, b"", {"Retry-After": format_datetime(now + timedelta(seconds=40), usegmt=True)}), (200, b"here")
    )
    pauses = []
    look(site, "/flaky", retries=1, sleep=pauses.append, now=lambda: now)
    assert pauses == [40]


def test_a_site_that_wants_rest_for_longer_than_a_night_can_wait_is_left_alone(site):
    site.answers["/busy"] = (503, b"", {"Retry-After": 3600})
    shared = fetcher(site, retries=3)
    first = shared.visit(source()).get(site.url("/busy"))
    assert first.outcome is Outcome.THROTTLED
    assert "3600 s" in first.sentence
    second = shared.visit(source()).get(site.url("/ok"))
    assert second.outcome is Outcome.POSTPONED
    assert "asked to come back in 3600 s" in second.sentence
    assert site.paths() == ["/busy"]


def test_a_host_that_never_answers_is_left_alone_after_a_while():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        visit = Fetcher(settings(unused.getsockname()[1], failures_in_a_row=3), sleep=lambda s: None).visit(
            source()
        )
        exchange = visit.get(f"http://{HOST}/ok")
        assert exchange.outcome is Outcome.UNREACHABLE
        assert "Connection refused" in exchange.sentence
        outcomes = [visit.get(f"http://{HOST}/{n}").outcome for n in range(4)]
    assert outcomes[-1] is Outcome.UNREACHABLE  # told again from robots.txt, without asking
    assert visit.requests == 1


def test_answers_that_fail_in_a_row_stop_the_asking(site):
    site.answers["/silent"] = silent
    visit = fetcher(site, failures_in_a_row=2, read_timeout=0.2).visit(source())
    outcomes = [visit.get(site.url("/silent")).outcome for _ in range(3)]
    assert outcomes == [Outcome.TIMEOUT, Outcome.TIMEOUT, Outcome.POSTPONED]


def test_a_name_that_leads_nowhere_is_unreachable():
    listing = "http://nobody.invalid/list"
    exchange = Fetcher(settings()).visit(source(listings=(listing,))).get(listing)
    assert exchange.outcome is Outcome.UNREACHABLE


def test_two_requests_to_one_host_keep_their_distance(site):
    pauses = []
    visit = fetcher(site, sleep=pauses.append).visit(source(delay_seconds=7.0))
    visit.get(site.url())
    visit.get(site.url())
    assert len(pauses) == 2  # robots.txt is a request too
    assert all(6 < pause <= 7 for pause in pauses)


def test_threads_ask_one_host_one_by_one_over_one_connection(site):
    def slow(handler):
        time.sleep(0.01)
        return 200, PAGE

    site.answers |= {f"/{n}": slow for n in range(16)}
    shared = fetcher(site)
    shared.visit(source()).get(site.url("/0"))
    ends = []

    def run(numbers):
        visit = shared.visit(source())
        ends.extend(visit.get(site.url(f"/{n}")).outcome for n in numbers)

    threads = [threading.Thread(target=run, args=(range(n, 16, 4),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [Outcome.OK] * 16
    assert site.most_at_once == 1
    assert site.connections == 1


def test_answers_that_nothing_has_changed_come_over_one_connection(site):
    site.answers["/same"] = (304, b"")
    visit = fetcher(site).visit(source())
    ends = [visit.get(site.url("/same"), etag='"1"').outcome for _ in range(5)]
    assert ends == [Outcome.NOT_MODIFIED] * 5
    assert site.connections == 1


def test_a_body_behind_304_is_not_taken_for_the_next_answer(site):
    def surprising(handler):
        handler.answer(304, b"", {"Content-Length": 12})
        handler.wfile.write(b"HTTP/1.1 404")

    site.answers |= {"/same": surprising, "/ok": (200, PAGE)}
    visit = fetcher(site).visit(source())
    assert visit.get(site.url("/same"), etag='"1"').outcome is Outcome.NOT_MODIFIED
    assert visit.get(site.url("/ok")).outcome is Outcome.OK
    assert site.connections == 2


def test_different_hosts_are_asked_at_the_same_time(site):
    both = threading.Barrier(2, timeout=5)

    def meet(handler):
        both.wait()
        return 200, PAGE

    with serving() as other:
        site.answers["/meet"] = other.answers["/meet"] = meet
        shared = Fetcher(settings(site.server_port, other.server_port, read_timeout=10))
        of = source(hosts=("host2.test",))
        ends = []
        urls = (site.url("/meet"), "http://host2.test/meet")
        threads = [
            threading.Thread(target=lambda u=u: ends.append(shared.visit(of).get(u).outcome)) for u in urls
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert ends == [Outcome.OK, Outcome.OK]


# --- window and budget ---


@pytest.mark.parametrize(
    ("window", "utc", "asked"),
    [
        ("20:00-07:00", "2026-03-01T12:30", True),
        ("20:00-07:00", "2026-03-01T22:59", True),
        ("20:00-07:00", "2026-03-01T23:00", False),
        ("20:00-07:00", "2026-03-01T05:00", False),
        ("01:00-06:30", "2026-03-01T17:00", True),
        ("01:00-06:30", "2026-03-01T22:30", False),
        ("", "2026-03-01T05:00", True),
    ],
)
def test_a_site_is_asked_in_its_window_only(site, window, utc, asked):
    from datetime import datetime

    now = datetime.fromisoformat(f"{utc}+00:00")
    exchange = look(site, of=source(window=window), now=lambda: now)
    assert exchange.outcome is (Outcome.OK if asked else Outcome.POSTPONED), exchange.sentence
    assert bool(site.seen) == asked


def test_a_window_that_is_none_is_said_at_once(site):
    with pytest.raises(ValueError, match="source s: window: '8pm-7am' is no window"):
        fetcher(site).visit(source(window="8pm-7am"))


def test_the_budget_counts_every_request(site):
    site.answers["/moved"] = redirect("/ok")
    site.answers["/flaky"] = flaky((500, b""), (200, b"here"))
    visit = fetcher(site, retries=1).visit(source(max_requests=5))
    outcomes = [visit.get(site.url(path)).outcome for path in ("/moved", "/flaky", "/ok")]
    assert outcomes == [Outcome.OK, Outcome.OK, Outcome.POSTPONED]
    assert visit.requests == len(site.seen) == 5


# --- redirects ---


def test_a_permanent_redirect_says_where_the_page_is_now(site):
    site.answers |= {"/a": redirect("/b", 301), "/b": redirect("/ok", 308), "/c": redirect("/a", 302)}
    site.answers |= {"/d": redirect("/e", 301), "/e": redirect("/a", 302)}
    assert look(site, "/a").moved_to == site.url("/ok")
    assert look(site, "/c").moved_to == ""
    assert look(site, "/d").moved_to == site.url("/e")
    assert look(site, "/ok").moved_to == ""


def test_a_host_that_moved_for_good_is_named_and_not_asked(site):
    site.answers["/a"] = redirect("https://new.test/list", 301)
    exchange = look(site, "/a")
    assert (exchange.outcome, exchange.moved_to) == (Outcome.MOVED, "https://new.test/list")
    assert "into the registry" in exchange.sentence


def test_a_redirect_to_itself_that_sets_a_cookie_is_followed_once(site):
    def gate(handler):
        if "seen=1" in handler.headers.get("Cookie", ""):
            return 200, PAGE
        return redirect("/gate", Set_Cookie="seen=1; Path=/")

    site.answers |= {
        "/gate": gate,
        "/wall": redirect("/wall", Set_Cookie="seen=1; Path=/"),
        "/self": redirect("/self"),
    }
    assert look(site, "/gate").outcome is Outcome.OK
    assert look(site, "/wall").outcome is Outcome.REDIRECT_LOOP
    assert look(site, "/self").outcome is Outcome.REDIRECT_LOOP
    assert (site.count("/gate"), site.count("/wall"), site.count("/self")) == (2, 2, 1)


def test_gbk_bytes_of_a_location_stay_what_they_are(site):
    site.answers["/gbk"] = lambda handler: redirect("/年报.html".encode("gbk").decode("latin-1"))
    site.answers["/%C4%EA%B1%A8.html"] = (200, PAGE)
    assert look(site, "/gbk").outcome is Outcome.OK


def test_an_alias_is_asked_for_under_the_listings_host(site):
    site.answers["/home"] = redirect("http://203.0.113.9/ok")
    of = source(aliases=("203.0.113.9",))
    exchange = look(site, "/home", of=of)
    assert (exchange.outcome, exchange.final_url) == (Outcome.OK, site.url())
    visit = fetcher(site).visit(of)
    assert visit.get("http://203.0.113.9/ok").outcome is Outcome.OK
    assert visit.canonical("http://203.0.113.9/ok?_t=1#x") == site.url()


# --- whatever bytes ---


@contextmanager
def sending(answer):
    """A server that answers every request with the same bytes, HTTP or not, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run():
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                with client:
                    try:
                        asked = client.recv(65536)
                        robots = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        client.sendall(robots if b"/robots.txt" in asked else answer[0])
                    except OSError:
                        continue

        threading.Thread(target=run, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


HEAD = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\n", b"HTTP/1.0 999 \xff\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 -1 x\r\n", b"HTTP/1.1 503 Busy\r\nRetry-After: -\r\n", b"HTTP/9.9 200\r\n", b"<html>", b"",
    ]
)  # fmt: skip
FIELD = st.sampled_from(
    [
        b"Content-Length: 5\r\n", b"Content-Length: -5\r\n", b"Content-Length: 5, 6\r\n", b"Content-Length: \xff\r\n",
        b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"Content-Encoding: deflate\r\n",
        b"Location: /ok\r\n", b"Location: //[\r\n", b"Location: http://\xff\xfe:99999/\r\n", b"Set-Cookie: a=\x00\r\n",
        b"Location: http://" + HOST.encode() + b"/\xc4\xea\r\n", b"Set-Cookie: ;;;=\r\n", b": x\r\n", b"no colon\r\n",
        b"Location: http://a..b/\r\n", b" folded\r\n", b"Location: http://user:pw@" + HOST.encode() + b"/x\r\n",
    ]
)  # fmt: skip
BODY = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"5\r\nabcde\r\n0\r\n\r\n", b"zz\r\n", b"-1\r\n", gzip.compress(PAGE)]),
)


@hypothesis_settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(HEAD, st.lists(FIELD, max_size=4), st.sampled_from([b"\r\n", b""]), BODY)
def test_whatever_bytes_come_the_look_ends_in_a_word_of_the_closed_list(raw, head, fields, end, body):
    answer, port = raw
    answer[0] = head + b"".join(fields) + end + body
    exchange = (
        Fetcher(settings(port, read_timeout=0.5), sleep=lambda s: None)
        .visit(source())
        .get(f"http://{HOST}/ok")
    )
    assert isinstance(exchange.outcome, Outcome)
    assert exchange.outcome is Outcome.OK or exchange.sentence
    assert bool(exchange.body) == (exchange.outcome is Outcome.OK)


@pytest.fixture(scope="module")
def raw():
    answer = [b""]
    with sending(answer) as port:
        yield answer, port


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(500)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 200_000,
    ],
    ids=["headers", "a long header", "a long chunk size"],
)
def test_headers_are_bounded(raw, answer):
    raw[0][0] = answer
    exchange = Fetcher(settings(raw[1])).visit(source()).get(f"http://{HOST}/ok")
    assert exchange.outcome is Outcome.BROKEN_TRANSFER


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"X: y\r\n"),
    ],
    ids=["headers", "continue", "trailers"],
)
def test_a_server_that_never_comes_to_an_end_is_left(site, start, piece):
    def dawdle(handler):
        handler.wfile.write(start)
        try:
            while True:
                handler.wfile.write(piece)
                handler.wfile.flush()
                time.sleep(0.02)
        except OSError:
            handler.close_connection = True

    site.answers["/dawdle"] = dawdle
    exchange = look(site, "/dawdle", connect_timeout=0.2, fetch_timeout=0.2)
    assert exchange.outcome in (Outcome.TIMEOUT, Outcome.BROKEN_TRANSFER), exchange.sentence
