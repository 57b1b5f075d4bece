"""Whatever happens to the lake, the marts of an incremental build are those of a build from nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from growing_lake import ISSUERS, Builder, GrowingLake, Page, rows_of_marts, url_of
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
# `make incremental` draws more.
EXAMPLES = int(os.environ.get("NIANBAO_TEST_SEQUENCES", "2"))


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    return Builder(ROOT / "dbt_project", tmp_path_factory.mktemp("dbt"))


pages = st.builds(
    Page,
    issuer=st.integers(0, len(ISSUERS) - 1),
    year=st.integers(2021, 2023),
    text=st.integers(0, 4),
    url=st.integers(0, 1),
    hour=st.sampled_from([0, 0, 0, 5]),  # 5: an older recording that arrives late
    unreadable=st.sampled_from([False, False, False, True]),
)
events = st.one_of(
    st.tuples(st.just("add"), st.lists(pages, min_size=1, max_size=3)),
    st.tuples(st.just("remove"), st.integers(0, 50)),
    st.tuples(st.just("withdraw"), st.integers(0, 50)),
    st.tuples(st.just("return"), st.integers(0, 50)),
    st.tuples(st.just("explore"), st.integers(0, len(ISSUERS) - 1)),
    st.tuples(st.just("rules"), st.sets(st.integers(0, 50), max_size=4)),
)


def befall(grown: GrowingLake, event: tuple[str, object]) -> None:
    what, which = event
    known = sorted(grown.pages)
    if what == "add":
        for page in which:
            grown.add(page)
    elif what == "explore":
        grown.unexplored ^= {which}
    elif not known:
        return
    elif what == "remove":
        grown.remove(known[which % len(known)])
    elif what == "withdraw":
        grown.withdraw(url_of(grown.pages[known[which % len(known)]]))
    elif what == "return":
        grown.withdrawn.pop(next(iter(sorted(grown.withdrawn)), ""), None)
    else:
        grown.read_anew({known[i % len(known)] for i in which})


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[
        Phase.explicit,
        Phase.generate,
    ],  # each build takes seconds; a long failing sequence is told as it is
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=EXAMPLES < 10,
)
@given(
    first=st.lists(pages, min_size=2, max_size=8),
    nights=st.lists(st.lists(events, min_size=1, max_size=3), min_size=2, max_size=3),
)
def test_an_incremental_build_equals_one_from_nothing(builder, first, nights):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        grown = GrowingLake(folder / "lake")
        for page in first:
            grown.add(page)
        release = builder.build(grown, folder / "0")
        for night, happened in enumerate(nights, 1):
            for event in happened:
                befall(grown, event)
            release = builder.build(grown, folder / str(night), former=release)
            whole = rows_of_marts(builder.build(grown, folder / "whole"))
            found = rows_of_marts(release)
            assert found.keys() == whole.keys()
            for mart in whole:
                assert found[mart] == whole[mart], mart


def test_a_value_in_another_unit_leaves_its_former_peers(builder, tmp_path):
    """Alone in the cell that it leaves, it takes that cell's last row with it."""
    grown = GrowingLake(tmp_path / "lake")
    grown.add(Page(issuer=0, year=2022, text=0))
    release = builder.build(grown, tmp_path / "0")
    grown.add(Page(issuer=0, year=2022, text=4))
    found = rows_of_marts(builder.build(grown, tmp_path / "1", former=release))
    whole = rows_of_marts(builder.build(grown, tmp_path / "whole"))
    assert found["mart_peer_comparison"] == whole["mart_peer_comparison"]


def test_peers_know_of_reports_that_were_not_looked_for(builder, tmp_path):
    """A source that is read to its end brings no report, and still tells that a rank is final."""
    grown = GrowingLake(tmp_path / "lake", unexplored={0})
    grown.add(Page(issuer=0, year=2022, text=0))
    release = builder.build(grown, tmp_path / "0")
    before = rows_of_marts(release)
    grown.unexplored.clear()
    found = rows_of_marts(builder.build(grown, tmp_path / "1", former=release))
    whole = rows_of_marts(builder.build(grown, tmp_path / "whole"))
    assert before["mart_peer_comparison"] != found["mart_peer_comparison"] == whole["mart_peer_comparison"]
    assert before["fct_coverage"] != found["fct_coverage"] == whole["fct_coverage"]
