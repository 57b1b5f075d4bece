"""A clock that was set back does not make what an address says now older than what it said before."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

from nianbao.archive import Archive
from nianbao.harvest.exchange import Exchange
from nianbao.harvest.keeper import Keeper
from nianbao.model import Outcome

URL = "http://www.a.test/report.html"
THEN = datetime(2026, 3, 20, 18, 0, tzinfo=UTC)


def keep(archive, batch, body, at):
    exchange = Exchange(
        URL, URL, Outcome.OK, "", at, status=200, response_headers=(("Content-Type", "text/html"),), body=body
    )
    with archive.writer(batch) as writer:
        return Keeper(archive, writer).keep(
            exchange,
            None,
            lambda _: "",
            source_id="a",
            role="page",
            link_title="",
            link_date="",
            parent_url="",
        )


def test_an_edit_that_is_seen_while_the_clock_is_set_back_is_the_newest_capture(tmp_path):
    with closing(Archive(tmp_path)) as archive:
        keep(archive, "20260320-a", b"<p>before</p>", THEN)
        keep(archive, "20260317-a", b"<p>edited</p>", THEN - timedelta(days=3))
        assert archive.read(archive.last_ok(URL)) == b"<p>edited</p>"
        # And the night after, with the clock set right, it is known.
        assert (
            keep(archive, "20260321-a", b"<p>edited</p>", THEN + timedelta(days=1)).outcome
            is Outcome.UNCHANGED
        )
