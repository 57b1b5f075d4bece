"""robots.txt is obeyed on every host and hop, remembered for a day, and asked for conditionally after it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_site import HOST, fetcher, look, serving, settings, source

from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.memory import Memory
from nianbao.harvest.robots import Rules
from nianbao.model import Outcome

LINE = st.builds(
    "{}:{}".format,
    st.sampled_from(
        ["User-agent", "Disallow", "Allow", "Crawl-delay", "Request-rate", "Visit-time", "Sitemap", "Host"]
    ),
    st.sampled_from(
        [
            " *",
            " nianbao",
            " /",
            " /*$",
            " /%",
            " /%zz*年$",
            " -1",
            " nan",
            " 1e400",
            " 1/0",
            " ",
            ":::",
            " $",
        ]
    ),
)
TONIGHT = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)


def robots(text, **headers):
    return 200, text.encode(), {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def memory(tmp_path):
    memory = Memory(tmp_path / "harvest.sqlite")
    yield memory
    memory.close()


@pytest.mark.parametrize(
    ("text", "allowed", "forbidden"),
    [
        ("User-agent: *\nDisallow: /private/\n", "/public/1.html", "/private/1.html"),
        ("User-agent: *\nDisallow: /\nAllow: /xxgk/\n", "/xxgk/1.html", "/x"),
        ("User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf.html", "/a.pdf"),
        ("User-agent: *\nDisallow: /\n\nUser-agent: nianbao\nDisallow: /a\n", "/b", "/a"),
        ("\ufeffUser-agent: *\nDisallow: /年报/\n", "/x", "/%E5%B9%B4%E6%8A%A5/1"),
        ("# " + "x" * 400_000 + "\nUser-agent: *\nDisallow: /late\n" + "#" * 400_000, "/x", "/late"),
    ],
    ids=["prefix", "longest", "wildcard", "group", "mark", "large"],
)
def test_what_it_forbids_stays_unread(site, text, allowed, forbidden):
    site.answers |= {"/robots.txt": robots(text), allowed: (200, b"here"), forbidden: (200, b"secret")}
    visit = fetcher(site).visit(source())
    assert visit.get(site.url(allowed)).outcome is Outcome.OK
    refused = visit.get(site.url(forbidden))
    assert refused.outcome is Outcome.BLOCKED_ROBOTS
    assert f"http://{HOST}/robots.txt forbids" in refused.sentence
    assert site.paths() == [allowed]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_where_there_is_none_nothing_is_forbidden(site, status):
    site.answers["/robots.txt"] = (status, b"User-agent: *\nDisallow: /\n")
    assert look(site).outcome is Outcome.OK


def test_a_site_whose_file_cannot_be_had_is_left_alone_tonight(site):
    site.answers["/robots.txt"] = (500, b"")
    pauses = []
    visit = fetcher(site, retries=1, retry_wait=5, sleep=pauses.append).visit(source())
    for _ in range(2):
        exchange = visit.get(site.url())
        assert exchange.outcome is Outcome.SERVER_ERROR
        assert "was left alone, since its robots.txt could not be read" in exchange.sentence
    assert site.paths(robots=True) == ["/robots.txt"] * 2
    assert len(pauses) == 1


@given(st.text(max_size=300) | st.lists(LINE, max_size=12).map("\n".join), st.text(max_size=40))
def test_no_file_breaks_it(text, path):
    rules = Rules("http://a", text)
    assert rules.delay >= 0
    assert isinstance(rules.refusal(f"http://a/{path}"), str)


def test_targets_of_redirects_are_looked_up_too(site):
    with serving() as other:
        other.answers |= {"/robots.txt": robots("User-agent: *\nDisallow: /x"), "/x": (200, b"secret")}
        site.answers["/go"] = (302, b"", {"Location": "http://host2.test/x"})
        shared = Fetcher(settings(site.server_port, other.server_port))
        exchange = shared.visit(source(hosts=("host2.test",))).get(site.url("/go"))
        assert exchange.outcome is Outcome.BLOCKED_ROBOTS
        assert other.paths() == []


def test_a_file_that_moved_is_followed(site):
    site.answers |= {
        "/robots.txt": (301, b"", {"Location": "/rules.txt"}),
        "/rules.txt": robots("User-agent: *\nDisallow: /ok"),
    }
    assert look(site).outcome is Outcome.BLOCKED_ROBOTS


def test_its_pace_is_kept_unless_it_is_absurd(site):
    pauses = []
    site.answers["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 12\n")
    look(site, sleep=pauses.append)
    assert len(pauses) == 1
    assert 11 < pauses[0] <= 12
    site.answers["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 86400\n")
    exchange = look(site)
    assert exchange.outcome is Outcome.POSTPONED
    assert "wants 86400 s between two requests" in exchange.sentence


def test_it_is_remembered_for_a_day_and_then_asked_for_conditionally(site, memory):
    def answer(handler):
        if handler.headers["If-None-Match"] == '"r1"':
            return (304,)
        return robots("User-agent: *\nDisallow: /private", ETag='"r1"')

    site.answers |= {"/robots.txt": answer, "/private": (200, b"secret")}
    for hours, requests in ((0, 1), (23, 1), (25, 2), (48, 2), (50, 3)):
        at = TONIGHT + timedelta(hours=hours)
        exchange = look(site, "/private", memory, now=lambda at=at: at)
        assert exchange.outcome is Outcome.BLOCKED_ROBOTS
        assert site.count("/robots.txt") == requests, f"after {hours} hours"
    assert memory.robots(f"http://{HOST}").text.startswith("User-agent")


def test_what_was_known_holds_while_the_site_gives_no_answer(site, memory):
    site.answers["/robots.txt"] = robots("User-agent: *\nDisallow: /private")
    look(site, "/ok", memory, now=lambda: TONIGHT)
    site.answers["/robots.txt"] = (503, b"")
    shared = fetcher(site, memory, now=lambda: TONIGHT + timedelta(days=2))
    assert shared.visit(source()).get(site.url("/ok")).outcome is Outcome.OK
    assert shared.visit(source()).get(site.url("/private")).outcome is Outcome.BLOCKED_ROBOTS


def test_a_visit_without_budget_for_it_does_not_decide_for_the_next(site):
    shared = fetcher(site)
    first = shared.visit(source(max_requests=1))
    assert first.get(site.url()).outcome is Outcome.POSTPONED
    assert shared.visit(source()).get(site.url()).outcome is Outcome.OK
