"""What people meet when they write a source: what is wrong is told with its line and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nianbao.model import Family
from nianbao.registry import RegistryError, load_registry
from nianbao.registry.source_entry import SourceEntry

HEAD = "- id: one\n  region: 310107\n"
FIRST = HEAD + "  listing: https://www.a.test/fzzf/\n"


def told(folder: Path, text: str) -> list[str]:
    """The problems of sources/a.yml as "line: sentence"."""
    path = folder / "sources/a.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RegistryError) as caught:
        load_registry(folder)
    return [problem.removeprefix(f"{path}:") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("family: gkmlt", "4: `family: gkmlt` is not known; did you mean `gkmlpt`?"),
        ("parameters: {category: 4}", "4: `category` is no parameter of the family generic; it has none, remove the line"),
        ("window: 8-20", "4: '8-20' is no window; give two times of day in China such as 20:00-07:00, or leave it out"),
        ("window: 20:00-24:30", "4: '20:00-24:30' is no window"),
        ("window: 08:00-08:00", "4: '08:00-08:00' begins when it ends; leave the window out if any hour will do"),
        ("max_requests: 2", "4: `max_requests: 2` is not sensible; give 3 (robots.txt, the listing and one report) to 100000"),
        ("max_requests: 1000000", "4: `max_requests: 1000000` is not sensible"),
        ("seen: true", "4: 'True' is not what was seen; give a short text, or a list of years such as [2020, 2023–2025]"),
        (f"seen: {'区政府 ' * 80}", "4: `seen` has 319 characters; give years and bodies in 200, the rest under `notes`"),
        ("expected_since: 2023", "4: `expected_since: 2023` says from when on, and nobody's reports are due; name the"),
        ("aliases: [http://b.test]", "4: 'http://b.test' is no host name; give it without http:// and path"),
        ("aliases: [www.a.test]", "4: `www.a.test` is the listing's own host; give its other names only, or none"),
        ("hosts: [files.a.test, 10.0.0.8]", "4: 10.0.0.8 is an address of this machine or network, where no government"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_told_with_its_line(folder: Path, line: str, says: str) -> None:
    assert [problem for problem in told(folder, f"{FIRST}  {line}\n") if problem.startswith(says)]


@pytest.mark.parametrize(
    ("family", "parameters", "says"),
    [
        ("gkmlpt", "categori: 4521", "6: `categori` is no parameter of the family gkmlpt; did you mean `category`?"),
        ("gkmlpt", "sid: 4521", "6: `sid` is no parameter of the family gkmlpt; it has `category`"),
        ("details_json", "article: /details?id={id}", "6: `article: /details?id={id}` is no web address; give the"),
        ("details_json", "article: https://www.a.test/details", "must hold {id} once and no other braces"),
        ("details_json", "article: https://www.a.test/d?id={uuid}", "must hold {id} once and no other braces"),
        ("details_json", "article: https://api.test/{id}", "lies on another host than the listing; add api.test to `hosts`"),
        ("details_json", "first_page: one", "6: `first_page: one` is no number; give the number of the listing's first"),
    ],
)  # fmt: skip
def test_a_family_is_told_only_what_it_knows(folder: Path, family: str, parameters: str, says: str) -> None:
    text = f"{FIRST}  family: {family}\n  parameters:\n    {parameters}\n"
    assert [problem for problem in told(folder, text) if says in problem]


def test_what_families_are_told_is_kept_as_text(folder: Path) -> None:
    (folder / "sources/a.yml").write_text(
        f"{FIRST}  family: gkmlpt\n  parameters: {{category: 4521}}\n  seen: [2020, 2023–2025]\n"
        "- id: two\n  region: 310107\n  listing: https://www.a.test/list?p={page}\n  family: details_json\n"
        "  parameters: {article: 'https://www.a.test/details?id={id}', first_page: 0}\n  seen: 2024\n"
        "  aliases: [A.test, 203.0.113.7]\n  window: 20:00-07:00\n",
        encoding="utf-8",
    )
    one, two = load_registry(folder).sources[:2]
    assert (one.family, dict(one.parameters), one.seen) == (
        Family.GKMLPT,
        {"category": "4521"},
        "2020, 2023–2025",
    )
    assert dict(two.parameters) == {"article": "https://www.a.test/details?id={id}", "first_page": "0"}
    assert (two.aliases, two.window, two.seen) == (("a.test", "203.0.113.7"), "20:00-07:00", "2024")


@pytest.mark.parametrize("family", list(Family))
def test_pages_stand_in_the_address_only_where_a_family_numbers_them_there(
    folder: Path, family: Family
) -> None:
    text = f"{HEAD}  listings:\n  - https://www.a.test/list?p={{page}}\n  family: {family}\n"
    if family in ("generic", "details_json", "jsonp"):
        (folder / "sources/a.yml").write_text(text, encoding="utf-8")
        assert load_registry(folder).sources
    else:
        assert [p for p in told(folder, text) if p.startswith("4: ") and "finds its pages itself" in p]


@pytest.mark.parametrize(
    "address", ["https://www.a.test/{pag}", "https://www.a.test/{page}/{page}", "https://a.test/{"]
)
def test_other_braces_in_a_listing_are_told(folder: Path, address: str) -> None:
    assert "may hold {page} once and no other braces" in "".join(
        told(folder, f"{HEAD}  listing: {address}\n")
    )


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8080",
        "localhost",
        "a.localhost.",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "1.2.3.4.5",
    ],
)
def test_only_a_simulated_site_lies_on_this_machine_or_network(folder: Path, host: str) -> None:
    text = f"{HEAD}  listing: http://{host}/fzzf/\n"
    assert [problem.partition(":")[0] for problem in told(folder, text)] == ["3"]
    (folder / "sources/a.yml").write_text(f"{text}  simulated: true\n", encoding="utf-8")
    assert any(source.simulated for source in load_registry(folder).sources)


def test_public_addresses_are_hosts_like_others(folder: Path) -> None:
    for host in ("183.194.252.110", "101.230.193.164:8081", "www.12345.gov.cn", "[2408:8000::1]"):
        (folder / "sources/a.yml").write_text(f"{HEAD}  listing: http://{host}/\n", encoding="utf-8")
        assert load_registry(folder).sources[0].listings == (f"http://{host}/",)


def test_a_listing_is_looked_at_once_for_one_kind(folder: Path) -> None:
    text = (
        f"{FIRST}- id: two\n  region: 310107\n  listings:\n  - https://www.a.test/zwgk/\n"
        "  - http://www.A.test:80/fzzf/index.html\n  - https://www.a.test/zwgk/index.shtml\n"
    )
    path = folder / "sources/a.yml"
    assert told(folder, text) == [
        f"8: 'http://www.A.test:80/fzzf/index.html' is listed by the source `one` at {path}:3 already; a listing is"
        " looked at once for one kind",
        f"9: 'https://www.a.test/zwgk/index.shtml' is listed here at {path}:7 already; a listing is looked at once for"
        " one kind",
    ]


def test_an_alias_is_one_sites(folder: Path) -> None:
    text = (
        f"{FIRST}  aliases: [a.test]\n"
        "- id: two\n  region: 310107\n  listing: https://www.a.test/jz/\n  aliases: [a.test]\n"
        "- id: three\n  region: 310107\n  listing: https://www.b.test/\n  aliases:\n  - a.test\n  - www.a.test\n"
    )
    assert told(folder, text) == [
        "13: `a.test` stands for www.a.test in the source `one` already; an alias is one site's",
        "14: `www.a.test` stands for www.a.test in the source `one` already; an alias is one site's",
    ]


def test_aliases_are_names_of_one_host(folder: Path) -> None:
    text = f"{HEAD}  listings: [https://a.test/, https://b.test/]\n  aliases: [c.test]\n"
    assert told(folder, text) == [
        "4: `aliases` are other names of one host, and the listings lie on `a.test`, `b.test`; make a source for each"
        " host"
    ]


def test_ids_of_bodies_that_only_reports_name_are_refused(folder: Path) -> None:
    path = folder / "issuers/z.yml"
    path.write_text("- id: unregistered-310107-1\n  name: 某局\n  region: 310107\n", encoding="utf-8")
    with pytest.raises(
        RegistryError, match=r"z\.yml:1: 'unregistered-310107-1' looks like the id of a body that"
    ):
        load_registry(folder)


def test_predecessors_do_not_go_round(folder: Path) -> None:
    path = folder / "issuers/z.yml"
    path.write_text(
        "".join(
            f"- id: {each}\n  name: {each}局\n  region: 310107\n  predecessors: [{before}]\n"
            for each, before in (("a", "b"), ("b", "c"), ("c", "b"), ("d", "putuo-office"))
        ),
        encoding="utf-8",
    )
    with pytest.raises(RegistryError) as caught:
        load_registry(folder)
    assert caught.value.problems == (
        f"{path}:12: predecessors go round in a circle, b after c after b; remove the one that is wrong",
    )


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 10**12),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["http://[::1%eth0]/", "http://a:٣/{page}", "https://x.test/{", "１２７.0.0.1", "20:00-20:00", "a..b"]),
    st.lists(st.one_of(st.text(max_size=8), st.integers(), st.dates()), max_size=3),
    st.dictionaries(st.sampled_from(["article", "category", "first_page", "x"]), st.text(max_size=12), max_size=2),
)  # fmt: skip
KEYS = st.sampled_from([*SourceEntry.model_fields, "listng"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(entries=[{"listings": ["0\n0"]}])
@given(entries=st.lists(st.dictionaries(KEYS, VALUES, max_size=6), min_size=1, max_size=2))
def test_whatever_stands_in_an_entry_is_taken_or_told(folder: Path, entries: list[dict[str, object]]) -> None:
    path = folder / "sources/a.yml"
    whole = [
        {"id": f"s{n}", "region": 310107, "listing": "https://www.a.test/", **e}
        for n, e in enumerate(entries)
    ]
    path.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    try:
        assert len(load_registry(folder).sources) == 1 + len(entries)
    except RegistryError as error:
        assert all(re.match(r"[^\n]+:\d+: [^\n]{10,}", problem) for problem in error.problems)
