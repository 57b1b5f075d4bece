"""The rules' version follows all that decides about rows and nothing else, and two versions can be compared."""

from dataclasses import replace

import pytest
from small_archive import BODIES, changed_indicator, with_two_bodies

from nianbao.model import Issuer
from nianbao.registry import load_registry
from nianbao.settings import project_dir
from nianbao.warehouse.rules import Rules, compare, rules_of


@pytest.fixture(scope="module")
def registry():
    return with_two_bodies(load_registry(project_dir("data")))


def change(before, after):
    return compare(rules_of(before), rules_of(after))


def units_of(registry, indicator_id):
    return {u for i in rules_of(registry).indicators if i.indicator_id == indicator_id for u in i.units}


def test_the_same_rules_have_the_same_version_however_they_were_read(registry):
    again = with_two_bodies(load_registry(project_dir("data")))
    assert rules_of(registry).version == rules_of(again).version
    assert Rules.from_json(rules_of(registry).to_json()) == rules_of(registry)


def test_labels_and_places_to_look_are_no_rules(registry):
    first, *rest = registry.indicators
    other = replace(
        registry,
        indicators=(replace(first, label="别的名称", label_en="another label"), *rest),
        sources=tuple(replace(s, listings=("http://elsewhere.test/",)) for s in registry.sources),
        fingerprint="another",
    )
    assert rules_of(other).version == rules_of(registry).version


@pytest.mark.parametrize("part", ["regions", "issuers", "report_kinds"])
def test_most_parts_of_the_registry_touch_every_capture(registry, part):
    other = replace(registry, **{part: getattr(registry, part)[1:]})
    found = change(registry, other)
    assert found.touches_all
    assert found.components == (part,)


def test_how_often_sources_are_visited_is_no_rule(registry):
    assert rules_of(replace(registry, visits=())).version == rules_of(registry).version


def test_an_added_issuer_touches_every_capture(registry):
    new = Issuer("new-body", "青禾区新设局", "310107", "county", "other")
    assert change(registry, replace(registry, issuers=(*registry.issuers, new))).touches_all


def test_other_code_touches_every_capture(registry):
    rules = rules_of(registry)
    other = replace(rules, components={**rules.components, "code": "other"})
    assert compare(rules, other).components == ("code",)
    assert other.version != rules.version
    assert str(compare(rules, other)) == "code"


def test_a_part_that_only_one_version_knows_touches_every_capture(registry):
    rules = rules_of(registry)
    assert compare(rules, replace(rules, components={**rules.components, "hosts": "1"})).components == (
        "hosts",
    )


def test_a_changed_indicator_touches_the_units_it_had_and_the_units_it_has(registry):
    other = changed_indicator(registry, "contracts_reviewed", units=["宗", "份"])
    found = change(registry, other)
    assert found.indicators == ("contracts_reviewed",)
    assert found.units == units_of(registry, "contracts_reviewed") | {"宗", "份"}
    assert not found.touches_all
    assert str(found) == "indicator contracts_reviewed"


def test_an_indicator_that_comes_or_goes_touches_its_units(registry):
    without = replace(
        registry,
        indicators=tuple(i for i in registry.indicators if i.indicator_id != "contracts_reviewed"),
    )
    for found in (change(registry, without), change(without, registry)):
        assert found.indicators == ("contracts_reviewed",)
        assert found.units == units_of(registry, "contracts_reviewed")


def test_of_two_indicators_that_change_places_one_is_touched(registry):
    order = list(registry.indicators)
    order[3], order[9] = order[9], order[3]
    found = change(registry, replace(registry, indicators=tuple(order)))
    assert set(found.indicators) & {order[3].indicator_id, order[9].indicator_id}


def test_the_issuer_that_a_source_stands_for_touches_that_source(registry):
    first, second = registry.sources
    for issuer in (BODIES[1], None):
        other = replace(registry, sources=(first, replace(second, issuer_id=issuer)))
        found = change(registry, other)
        assert (found.sources, found.components, found.units) == ({second.source_id}, (), frozenset())


def test_a_new_source_that_stands_for_nobody_changes_no_rule(registry):
    new = replace(registry.sources[0], source_id="another", issuer_id=None)
    assert rules_of(replace(registry, sources=(*registry.sources, new))) == rules_of(registry)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"components": {}, "indicators": [1], "sources": {}}'])
def test_what_is_not_written_as_rules_is_not_read_as_rules(text):
    with pytest.raises(ValueError):
        Rules.from_json(text)
