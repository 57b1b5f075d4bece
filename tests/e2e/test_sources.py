"""`nianbao sources`: what the registry names; and what an address would be as a source, up to the YAML that works."""

import io
import json

import pytest
import yaml
from support import Command, serving

from nianbao.commands import sources
from nianbao.registry import load_registry
from nianbao.settings import Settings, project_dir
from nianbao.simulation import build_world


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    world = build_world(districts=20, issuers=3, years=(2022, 2023, 2024))
    with serving(world, tmp_path_factory.mktemp("sites") / "registry") as (_, settings):
        yield world, settings


def probed(served, url, **options):
    _, environment = served
    out, err = io.StringIO(), io.StringIO()
    settings = Settings(resolve=environment["NIANBAO_RESOLVE"], data=environment["NIANBAO_DATA"])
    code = sources.probe(settings, url, 1, True, True, out, err)
    return code, json.loads(out.getvalue()) if out.getvalue() else err.getvalue()


def test_every_simulated_source_is_recognised_and_its_reports_are_listed(served):
    world, _ = served
    wrong = []
    for source in world.sources:
        code, found = probed(served, source.listings[0])
        if code or not found["links"] or found["family"] not in (source.family, "shanghai_hex"):
            wrong.append((source.shape, source.family, code, found["family"], found["doubts"]))
    assert wrong == []


def test_the_yaml_can_be_pasted_and_its_reports_come_in(served, tmp_path, prefect_api):
    world, environment = served
    source = next(s for s in world.sources if s.family == "vsb")
    command = Command(tmp_path / "home", PREFECT_API_URL=prefect_api)
    said = command("sources", "probe", source.listings[0], "--simulated", **environment)
    assert "Family: vsb" in said and "To add it" in said
    (entry,) = yaml.safe_load(said[said.index("- id:") :])
    entry["region"] = source.region_code
    registry = tmp_path / "registry"
    (registry / "sources").mkdir(parents=True)
    for name in ("regions.csv", "issuers"):
        (registry / name).symlink_to(f"{environment['NIANBAO_DATA']}/{name}")
    (registry / "sources" / "new.yml").write_text(yaml.safe_dump([entry]), encoding="utf-8")
    load_registry(registry, project_dir("data"))
    command("refresh", **environment | {"NIANBAO_DATA": str(registry)})
    found = {(row["issuer_id"], row["report_year"]) for row in command.rows("from fct_report")}
    assert found == {(r.issuer_id, r.year) for r in world.reports if r.source_id == source.source_id}


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("http://www.qinghe.gov.test/nowhere/", 1, "not there"),
        ("http://no.such.host.test/", 1, "cannot be reached"),
        ("ftp://www.qinghe.gov.test/", 2, "no web address"),
    ],
)
def test_an_address_that_gives_nothing_says_why(served, url, code, says):
    found = probed(served, url)
    assert found[0] == code and says in (found[1] if code == 2 else json.dumps(found[1], ensure_ascii=False))


def test_the_sources_of_the_registry_are_listed(command):
    rows = json.loads(command("sources", "list", "--json"))
    assert len(rows) == len(load_registry(project_dir("data"), project_dir("data")).sources)
    assert {row["family"] for row in rows} >= {"trs", "jpage", "shanghai_hex", "day_of_year", "gkmlpt"}
    assert "never" in command("sources", "list")
