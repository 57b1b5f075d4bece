"""What the harvest knows outlives the night, and losing it loses nothing but time."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest

from nianbao.harvest.memory import Address, Memory
from nianbao.harvest.read_listing import ReadListing
from nianbao.harvest.robots import RobotsNote
from nianbao.reading import Link

NIGHT = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "harvest.sqlite"


@pytest.fixture
def memory(path):
    memory = Memory(path)
    yield memory
    memory.close()


def test_an_address_is_remembered_as_it_was_noted(path, memory):
    full = Address(
        "http://a/1", "s", "page", "http://a/", "2024年报告", "2025-01-02", "http://a/2", '"e"', "Monday",
        NIGHT, NIGHT + timedelta(microseconds=1), "ok", "urn:uuid:1", 2,
    )  # fmt: skip
    memory.note(Address("http://a/1", "s", "listing"))
    memory.note(full)
    memory.close()
    again = Memory(path)
    assert again.address("http://a/1") == full
    assert again.address("http://a/2") is None
    again.close()


def test_addresses_come_with_the_longest_unseen_first(memory):
    for name, hours in (("b", 3), ("a", 1), ("c", 2)):
        memory.note(Address(name, "s", "page", looked_at=NIGHT + timedelta(hours=hours)))
    memory.note(Address("never", "s", "attachment"))
    memory.note(Address("other", "s2", "page"))
    memory.note(Address("list", "s", "listing"))
    assert [a.url for a in memory.addresses("s", ("page", "attachment"))] == ["never", "a", "c", "b"]
    assert memory.addresses("s", ()) == []


def test_a_visit_that_was_broken_off_goes_on(memory):
    hours = timedelta(hours=1)
    assert memory.begin_visit("s", NIGHT) == NIGHT
    assert memory.begin_visit("s", NIGHT + 3 * hours) == NIGHT
    assert memory.begin_visit("s", NIGHT + 13 * hours) == NIGHT + 13 * hours
    memory.end_visit("s", NIGHT + 14 * hours, whole=False)
    assert memory.begin_visit("s", NIGHT + 15 * hours) == NIGHT + 15 * hours
    assert memory.begin_visit("other", NIGHT + 16 * hours) == NIGHT + 16 * hours


def test_the_last_whole_visit_is_known_though_a_partial_one_followed(memory):
    assert memory.last_whole("s") is None
    memory.begin_visit("s", NIGHT)
    assert memory.last_whole("s") is None
    memory.end_visit("s", NIGHT, whole=True)
    memory.begin_visit("s", NIGHT + timedelta(days=1))
    memory.end_visit("s", NIGHT + timedelta(days=1), whole=False)
    assert memory.last_whole("s") == NIGHT


def test_what_a_visit_is_told_is_what_stands_in_the_file(path, memory):
    memory.note(Address("http://a/1", "s", "page", etag="old"))
    memory.begin_visit("s", NIGHT)
    memory.begin_visit("other", NIGHT)
    noted = [
        Address("http://a/1", "s", "page", etag="new", looked_at=NIGHT),
        Address("http://a/2", "s", "other"),
        Address("http://a/2", "other", "page"),  # another source has taken it over
        Address("http://a/3", "unvisited", "page"),
    ]
    for address in noted:
        memory.note(address)
    told = {address.url: memory.address(address.url) for address in noted}
    for source_id in ("s", "other"):
        memory.end_visit(source_id, NIGHT, whole=True)
    assert told == {address.url: memory.address(address.url) for address in noted}
    assert (told["http://a/1"].etag, told["http://a/2"].source_id) == ("new", "other")


def test_robots_txt_is_remembered_by_site(memory):
    note = RobotsNote("http://a", "User-agent: *\n", '"1"', "Monday", NIGHT, 200)
    memory.note_robots(note)
    assert memory.robots("http://a") == note
    assert memory.robots("https://a") is None


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_set_aside_with_a_warning(path, caplog, content):
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    memory = Memory(path)
    memory.note(Address("a", "s", "page"))
    assert memory.address("a") is not None
    memory.close()
    assert path.with_name("harvest.sqlite.damaged").read_bytes() == content
    assert "set aside as harvest.sqlite.damaged" in caplog.text


def test_damage_that_shows_in_the_night_does_not_end_it(path, caplog):
    memory = Memory(path)
    for n in range(4000):  # more than the database keeps in memory
        memory.note(Address(f"http://a/{n}", "s", "page", link_title="x" * 1500))
    memory.close()
    memory = Memory(path)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xee" * (path.stat().st_size - 4096))
    assert memory.addresses("s", ("page",)) == []
    assert "set aside" in caplog.text
    memory.note(Address("b", "s", "page"))
    assert memory.address("b") is not None
    memory.close()


def test_a_file_of_another_version_is_set_aside(path):
    Memory(path).close()
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 99")
    connection.close()
    memory = Memory(path)
    assert memory.address("a") is None
    memory.close()


def test_threads_share_it(memory):
    def run(n):
        for k in range(50):
            memory.note(Address(f"{n}/{k}", "s", "page"))
            memory.begin_visit(f"s{n}", NIGHT)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(memory.addresses("s", ["page"])) == 200


def test_what_a_listing_said_holds_for_its_capture_and_its_readers_alone(memory):
    link = Link("http://a/1.html?from=list", "某区2024年法治政府建设年度报告", "", "2025-03-01")
    said = ReadListing("http://a/", {"http://a/1.html": link}, (link,), ("http://a/2.html",), "http://a/p2")
    memory.note_listing("s", "http://a/", "capture", "reader", said)
    assert memory.listing("s", "http://a/", "capture", "reader") == said
    for other in (("t", "http://a/", "capture", "reader"), ("s", "http://a/", "later", "reader")):
        assert memory.listing(*other) is None
    assert memory.listing("s", "http://a/", "capture", "other rules") is None


def test_a_file_of_the_version_before_is_completed(path):
    memory = Memory(path)
    memory.note(Address("a", "s", "page"))
    memory.close()
    with sqlite3.connect(path) as connection:
        connection.executescript("drop table listing; pragma user_version = 1")
    connection.close()
    memory = Memory(path)
    assert memory.address("a") is not None
    assert memory.listing("s", "a", "capture", "reader") is None
    memory.close()


def test_the_addresses_of_a_visit_that_goes_on_come_in_the_order_of_the_file(memory):
    for source_id in ("going on", "ended"):
        memory.begin_visit(source_id, NIGHT)
        for n in (3, 1, 2):
            looked_at = NIGHT + timedelta(hours=n) if n < 3 else None
            memory.note(Address(f"{source_id}/{n}", source_id, "page", looked_at=looked_at))
        memory.note(Address(f"{source_id}/", source_id, "listing"))
    memory.end_visit("ended", NIGHT, whole=True)
    orders = [[a.url[-1] for a in memory.addresses(s, ("page",))] for s in ("going on", "ended")]
    assert orders == [["3", "1", "2"]] * 2
