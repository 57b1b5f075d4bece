"""Sources in the groups that a task harvests: none is lost, and no host is asked by two at once."""

from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from nianbao.harvest.source import group_by_host, in_groups
from nianbao.model import Source


def on_host(number, host):
    return Source(
        source_id=f"s{number}",
        region_code="310107",
        report_kind="rule_of_law",
        listings=(f"http://h{host}.test/list",),
    )


@given(st.lists(st.integers(0, 30), max_size=60), st.integers(1, 20))
def test_each_source_is_in_one_group_and_a_host_in_no_two(hosts, most):
    sources = [on_host(number, host) for number, host in enumerate(hosts)]
    groups = in_groups(group_by_host(sources), most)
    assert sorted(s.source_id for group in groups for s in group) == sorted(s.source_id for s in sources)
    of_groups = [{urlsplit(s.listings[0]).hostname for s in group} for group in groups]
    assert sum(map(len, of_groups)) == len(set(hosts))
    assert len(groups) <= most
    if groups:
        assert max(map(len, of_groups)) - min(map(len, of_groups)) <= 1
