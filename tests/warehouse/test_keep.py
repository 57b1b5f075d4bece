"""Captures that a change of the rules does not touch keep their rows, and the rows are those of reading everything."""

import shutil
from dataclasses import replace

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_archive import (
    BODIES,
    advance,
    changed_indicator,
    loaded,
    small_archive,
    with_two_bodies,
)

from nianbao.registry import load_registry
from nianbao.settings import project_dir
from nianbao.warehouse.load import load
from nianbao.warehouse.rules import rules_of

REGISTRY = with_two_bodies(load_registry(project_dir("data")))
IDS = [indicator.indicator_id for indicator in REGISTRY.indicators]
CHANGED = changed_indicator(REGISTRY, "contracts_reviewed", triggers=["合同", "协议", "文本"], units=["份"])
TOUCHED_UNITS = {
    unit
    for registry in (REGISTRY, CHANGED)
    for indicator in rules_of(registry).indicators
    for unit in indicator.units
    if indicator.indicator_id == "contracts_reviewed"
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return small_archive(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def first(archive, tmp_path_factory):
    """A lake under the registry as it is."""
    folder = tmp_path_factory.mktemp("first")
    return folder, advance(archive, folder, REGISTRY)


@pytest.fixture
def lake(first, tmp_path):
    """A copy of that lake, to go on from."""
    shutil.copytree(first[0], tmp_path / "lake")
    return tmp_path / "lake"


@pytest.fixture(scope="module")
def touched(first):
    """Addresses of the captures that hold a figure in a unit of the changed indicator."""
    lake = first[1].lake
    captures = [row for path in lake.files("capture") for row in pq.read_table(path).to_pylist()]
    urls = {row["capture_id"]: row["url"] for row in captures}
    figures = [row for path in lake.files("figure") for row in pq.read_table(path).to_pylist()]
    found = {urls[row["capture_id"]] for row in figures if row["unit"] in TOUCHED_UNITS}
    assert 0 < len(found) < len(urls)
    return found


def test_a_changed_indicator_redoes_the_reports_with_one_of_its_units(archive, lake, touched):
    assert advance(archive, lake, CHANGED).read == touched


def test_kept_rows_say_which_rules_made_them_and_load_says_under_which_they_hold(
    archive, first, lake, tmp_path
):
    done = advance(archive, lake, CHANGED)
    load(tmp_path / "c.duckdb", done.lake, CHANGED)
    former = first[1].lake.rules_version
    with duckdb.connect(str(tmp_path / "c.duckdb"), read_only=True) as connection:
        rules = dict(connection.execute("select rules_version, captures from raw.rules").fetchall())
        assert rules == {done.lake.rules_version: len(done.read), former: len(first[1].read) - len(done.read)}
        assert connection.execute("select distinct holds_under from raw.rules").fetchall() == [
            (done.lake.rules_version,)
        ]
        made = dict(connection.execute("select url, rules_version from raw.capture").fetchall())
    assert {url for url, version in made.items() if version == done.lake.rules_version} == done.read


def test_another_default_issuer_redoes_the_captures_of_that_source(archive, lake):
    one, two = REGISTRY.sources
    done = advance(archive, lake, replace(REGISTRY, sources=(one, replace(two, issuer_id=BODIES[1]))))
    assert done.read == {f"http://column-1.test/{number}.txt" for number in range(1, 12, 2)}


def test_other_code_redoes_everything(archive, first, lake):
    assert advance(archive, lake, REGISTRY, code="other").read == first[1].read


def test_rules_that_were_in_force_before_need_nothing_read(archive, lake):
    advance(archive, lake, CHANGED)
    assert advance(archive, lake, REGISTRY).read == frozenset()


def test_rows_are_kept_from_whichever_earlier_rules_made_them(archive, lake, touched):
    advance(archive, lake, REGISTRY, code="other")
    assert advance(archive, lake, CHANGED).read == touched


def test_a_deleted_former_folder_costs_reading_and_nothing_else(archive, first, lake, touched, tmp_path):
    advance(archive, lake, CHANGED)
    shutil.rmtree(lake / f"rules={first[1].lake.rules_version}")
    done = advance(archive, lake, CHANGED)
    assert done.read == first[1].read - touched
    assert len(done.lake.finished_captures()) == len(first[1].read)
    fresh = advance(archive, tmp_path / "fresh", CHANGED)
    assert loaded(tmp_path, done.lake, CHANGED) == loaded(tmp_path, fresh.lake, CHANGED)


def test_a_former_batch_that_comes_back_is_not_loaded_twice(archive, first, lake, tmp_path):
    advance(archive, lake, CHANGED)
    former = lake / f"rules={first[1].lake.rules_version}"
    former.rename(tmp_path / "away")
    advance(archive, lake, CHANGED)
    (tmp_path / "away").rename(former)
    done = advance(archive, lake, CHANGED)
    assert done.read == frozenset()
    rows = loaded(tmp_path, done.lake, CHANGED)["capture"]
    assert len(rows) == len(first[1].read)


def test_a_damaged_former_batch_is_not_kept_from(archive, first, lake):
    for path in lake.rglob("figure.parquet"):
        path.write_bytes(path.read_bytes()[:40])
    assert advance(archive, lake, CHANGED).read == first[1].read


def test_rules_that_nobody_wrote_down_give_nothing(archive, first, lake):
    (lake / f"rules={first[1].lake.rules_version}" / "rules.json").unlink()
    assert advance(archive, lake, CHANGED).read == first[1].read


def test_rules_that_were_damaged_are_written_down_again(archive, first, lake, touched):
    path = lake / f"rules={first[1].lake.rules_version}" / "rules.json"
    path.write_text("{", encoding="utf-8")
    advance(archive, lake, REGISTRY)
    assert advance(archive, lake, CHANGED).read == touched


def test_the_fingerprint_of_the_lake_follows_what_it_keeps(archive, first, lake):
    done = advance(archive, lake, CHANGED)
    before = done.lake.fingerprint()
    assert advance(archive, lake, CHANGED).lake.fingerprint() == before
    shutil.rmtree(lake / f"rules={first[1].lake.rules_version}")
    assert done.lake.fingerprint() != before


def test_of_two_rules_that_hold_equally_well_the_order_decides_also_afterwards(archive, tmp_path):
    same = {"triggers": ["合同"], "units": ["份"], "requires": [], "excludes": []}
    tied = REGISTRY
    for indicator_id in IDS[:2]:
        tied = changed_indicator(tied, indicator_id, **same)
    one, two, *_ = tied.indicators
    tied, swapped = replace(tied, indicators=(one, two)), replace(tied, indicators=(two, one))
    before = advance(archive, tmp_path / "lake", tied)
    followed = advance(archive, tmp_path / "lake", swapped)
    rows = loaded(tmp_path, followed.lake, swapped)
    assert rows != loaded(tmp_path, before.lake, tied)
    assert rows == loaded(tmp_path, advance(archive, tmp_path / "whole", swapped).lake, swapped)


# --- the key property ---

WORDS = ("合同", "培训", "会议", "文件", "案件", "律师", "宣传", "纠纷", "资料")
UNITS = ("次", "份", "件", "期", "人次", "名", "场", "起", "%")


def edited(registry, edit):
    kind, number, word, unit = edit
    indicators = list(registry.indicators)
    number %= len(indicators)
    chosen = indicators[number]
    if kind == "drop":
        del indicators[number]
    elif kind == "swap":
        indicators[number], indicators[-1] = indicators[-1], indicators[number]
    elif kind == "source":
        issuer = (None, *BODIES)[number % 3]
        return replace(
            registry, sources=(registry.sources[0], replace(registry.sources[1], issuer_id=issuer))
        )
    else:
        change = {
            "triggers": {"triggers": [*chosen.rules.get("triggers", ()), word]},
            "excludes": {"excludes": [word]},
            "units": {"units": [unit]},
            "anything": {"triggers": [word], "units": [unit], "requires": [], "excludes": []},
        }[kind]
        return changed_indicator(registry, chosen.indicator_id, **change)
    return replace(registry, indicators=tuple(indicators))


EDITS = st.tuples(
    st.sampled_from(["drop", "swap", "source", "triggers", "excludes", "units", "anything"]),
    st.integers(0, len(IDS) - 1),
    st.sampled_from(WORDS),
    st.sampled_from(UNITS),
)


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.lists(EDITS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_redoing_what_is_touched_gives_the_rows_of_redoing_everything(
    steps, archive, first, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("property")
    shutil.copytree(first[0], folder / "lake")
    registry = REGISTRY
    for edits in steps:
        for edit in edits:
            registry = edited(registry, edit)
        followed = advance(archive, folder / "lake", registry)
    whole = advance(archive, folder / "whole", registry)
    assert loaded(folder, followed.lake, registry) == loaded(folder, whole.lake, registry)
