"""How a source stands after a visit, for each thing that its website may answer, over HTTP."""

from dataclasses import replace

import pytest
from small_site import HOST, fetcher, source

from nianbao.archive import Archive
from nianbao.harvest.harvester import Harvester
from nianbao.harvest.memory import Memory
from nianbao.model import SourceState
from nianbao.registry import load_registry
from nianbao.settings import project_dir
from nianbao.warehouse.exploration import explored_sources

KINDS = load_registry(project_dir("data"), project_dir("data")).report_kinds
TITLE = "清河县2024年法治政府建设年度报告"


def page(body):
    text = f'<html><head><meta charset="utf-8"><title>法治政府</title></head><body>{body}</body></html>'
    return 200, text.encode(), {"Content-Type": "text/html; charset=utf-8"}


def listing(address="/2024.html"):
    return page(f'<ul><li><a href="{address}">{TITLE}</a> 2025-03-01</li></ul>')


OTHERS = page(
    "<ul>" + "".join(f'<li><a href="/n{n}.html">春季植树活动简报{n}</a></li>' for n in range(9)) + "</ul>"
)
REPORT = page(f"<h1>{TITLE}</h1><p>{'全年审查合同24份，法治建设稳步推进。' * 9}</p>")
ROBOTS = 200, b"User-agent: *\nDisallow: /\n"


def redirect(status, to):
    return status, b"", {"Location": to}


def closed(handler):
    handler.close_connection = True


CASES = {
    "all is well": ({"/list": listing()}, SourceState.OK, "1 report links"),
    "nobody answers": ({"/list": closed}, SourceState.DOWN, ""),
    "server error": ({"/list": (502, b"bad gateway")}, SourceState.DOWN, "502"),
    "an empty page": ({"/list": (200, b"")}, SourceState.DOWN, ""),
    "refused": ({"/list": (403, b"forbidden")}, SourceState.BLOCKED, "403"),
    "asked to wait": ({"/list": (429, b"later", {"Retry-After": "9999"})}, SourceState.BLOCKED, "left alone"),
    "challenge": ({"/list": (412, b"<script>$_ts={}</script>")}, SourceState.BLOCKED, "412"),
    "robots.txt": ({"/list": listing(), "/robots.txt": ROBOTS}, SourceState.BLOCKED, "robots.txt"),
    "moved for good on the host": (
        {"/list": redirect(301, "/new"), "/new": listing()},
        SourceState.MOVED,
        f"http://{HOST}/new",
    ),
    "moved for good to another host": (
        {"/list": redirect(301, "http://host2.test/list")},
        SourceState.MOVED,
        "http://host2.test/list",
    ),
    "sent to another host for now": (
        {"/list": redirect(302, "http://host2.test/list")},
        SourceState.CHANGED,
        "host2.test",
    ),
    "gone": ({}, SourceState.CHANGED, "404"),
    "gone for good": ({"/list": (410, b"gone")}, SourceState.CHANGED, "410"),
    "another column": ({"/list": OTHERS}, SourceState.CHANGED, "links to no report"),
    "reports elsewhere only": (
        {"/list": listing("http://host2.test/2024.html")},
        SourceState.CHANGED,
        "host2.test",
    ),
    "a report that is gone is no state of the source": ({"/list": listing("/lost.html")}, SourceState.OK, ""),
}


def visited(site, folder, of):
    archive, memory = Archive(folder / "archive"), Memory(folder / "harvest.sqlite")
    asking = fetcher(site, memory)
    try:
        with archive.writer("night") as writer:
            return Harvester(asking, archive, writer, memory, KINDS).harvest(of).visit
    finally:
        for each in (asking, memory, archive):
            each.close()


@pytest.mark.parametrize(("answers", "state", "says"), CASES.values(), ids=CASES.keys())
def test_a_source_stands_as_its_website_answers(site, tmp_path, answers, state, says):
    site.answers |= {"/robots.txt": (404, b""), "/2024.html": REPORT} | answers
    visit = visited(site, tmp_path, replace(source(), simulated=True))
    assert (visit.state, says in visit.sentence) == (state, True), visit
    # What is read to its end all the same; a listing that leads nowhere explores nothing.
    assert bool(explored_sources([visit])) == (
        state in (SourceState.OK, SourceState.MOVED) and visit.links > 0
    )


def test_a_window_that_is_closed_and_a_budget_that_is_spent_are_postponed(site, tmp_path):
    site.answers["/list"] = listing()
    spent = visited(site, tmp_path, replace(source(), simulated=True, max_requests=1))
    assert spent.state is SourceState.POSTPONED
    assert "max_requests" in spent.sentence
    assert spent.postponed
