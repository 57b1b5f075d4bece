"""The folder of an index: read without being written to, gone on from, told apart when it does not fit."""

import json
import shutil
import threading
import time
from pathlib import Path

import pytest
from search.editions import TEXT, edition, index_of

from nianbao.search import SearchError, open_index
from nianbao.search.writing import Writer, fingerprints


def names(folder):
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_a_reader_writes_nothing_and_needs_the_folder_no_more(tmp_path):
    folder = tmp_path / "search"
    index_of(folder, edition())
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    before = names(folder)
    index = open_index(folder)
    assert index.search("复议").total == 3
    assert names(folder) == before
    assert not [name for name in before if name.endswith(".lock")]
    folder.chmod(0o755)
    shutil.rmtree(folder)
    assert index.search("复议", limit=1).hits[0].edition_id == "e1"


def test_no_thread_and_no_lock_outlives_a_writer(tmp_path):
    threads = Path("/proc/self/task")
    before = len(list(threads.iterdir())) if threads.is_dir() else 0
    for number in range(5):
        with Writer(tmp_path / f"n{number}") as writer:
            writer.add(edition(), "f")
            writer.finish()
        with pytest.raises(KeyError), Writer(tmp_path / f"broken{number}") as writer:
            writer.add(edition(), "f")
            raise KeyError
    time.sleep(1.2)  # those that look for commits look twice a second
    assert list(tmp_path.glob("*/*.lock")) + list(tmp_path.glob("*/.*.lock")) == []
    assert not before or len(list(threads.iterdir())) <= before + 1


def test_going_on_takes_out_and_puts_in(tmp_path):
    folder = tmp_path / "search"
    index_of(folder, edition("e1"), edition("e2"), edition("e3"))
    with Writer(folder, go_on=True) as writer:
        writer.remove("e1")
        writer.remove("never there")
        writer.add(edition("e2", TEXT.replace("复议", "裁决")), "g")
        writer.add(edition("e4"), "f")
        assert writer.finish() == 3 * 6 - 1
    found = open_index(folder).search("复议", limit=100)
    assert {hit.edition_id for hit in found.hits} == {"e3", "e4"}
    assert fingerprints(folder) == {"e2": "g", "e3": "f", "e4": "f"}


def test_many_small_additions_leave_few_segments_and_nothing_behind(tmp_path):
    folder = tmp_path / "search"
    index_of(folder, edition("first"))
    for number in range(20):
        with Writer(folder, go_on=True) as writer:
            writer.add(edition(f"e{number}"), "f")
            writer.finish()
    segments = [
        each["segment_id"].replace("-", "")
        for each in json.loads((folder / "meta.json").read_text())["segments"]
    ]
    assert len(segments) <= 8
    left = {path.name.split(".")[0] for path in folder.iterdir()} - set(segments)
    assert left == {"", "meta", "index", "editions"}
    assert open_index(folder).search("负责人出庭", kinds=["section"]).total == 21


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda folder: shutil.rmtree(folder), "has no search index"),
        (lambda folder: (folder / "index.json").unlink(), "cannot be read"),
        (lambda folder: (folder / "index.json").write_text("[1]"), "cannot be read"),
        (
            lambda folder: (folder / "index.json").write_text('{"version": 0, "engine": "0.1"}'),
            "version 0 for tantivy 0.1",
        ),
        (lambda folder: (folder / "meta.json").write_text("{"), "cannot be read"),
        (lambda folder: next(folder.glob("*.store")).unlink(), "cannot be read"),
        (lambda folder: next(folder.glob("*.idx")).write_bytes(b""), "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, damage, says):
    folder = tmp_path / "search"
    index_of(folder, edition())
    damage(folder)
    with pytest.raises(SearchError, match=says):
        open_index(folder)


def test_an_index_that_is_not_whole_is_not_gone_on_from(tmp_path):
    folder = tmp_path / "search"
    index_of(folder, edition("e1"), edition("e2"))
    other = tmp_path / "other"
    index_of(other, edition("e1"))
    shutil.copy(folder / "editions.parquet", other / "editions.parquet")
    with pytest.raises(SearchError, match="instead of"), Writer(other, go_on=True) as writer:
        writer.finish()


def test_threads_search_at_once(tmp_path):
    index = index_of(tmp_path / "search", *(edition(f"e{number}") for number in range(50)))
    totals = []
    threads = [
        threading.Thread(target=lambda: totals.extend(index.search("复议").total for _ in range(20)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals == [150] * 160
