"""Captures are handed to workers in batches that no worker needs long for."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nianbao.model import Capture
from nianbao.warehouse.workplace import parceled

MIB = 1 << 20


def captures(lengths):
    at = datetime(2024, 1, 1, tzinfo=UTC)
    return [
        Capture(f"urn:{n}", f"http://a.test/{n}", "a", "page", at, 200, "text/html", "", length=length)
        for n, length in enumerate(lengths)
    ]


def sizes(lengths, size):
    return [len(parcel.captures) for parcel in parceled(None, captures(lengths), size)]


@given(st.lists(st.integers(0, 40 * MIB), max_size=60), st.integers(1, 20))
def test_every_capture_is_in_one_batch_and_no_batch_is_large(lengths, size):
    parcels = parceled(None, captures(lengths), size)
    assert [capture for parcel in parcels for capture in parcel.captures] == captures(lengths)
    for parcel in parcels:
        assert 1 <= len(parcel.captures) <= size
        assert len(parcel.captures) == 1 or sum(c.length for c in parcel.captures) <= 16 * MIB


def test_pages_fill_a_batch_and_scans_make_small_ones():
    assert sizes([10_000] * 450, 200) == [200, 200, 50]
    assert sizes([5 * MIB] * 7, 200) == [3, 3, 1]
    assert sizes([100 * MIB, 10, 10], 200) == [1, 2]
    assert sizes([], 200) == []
