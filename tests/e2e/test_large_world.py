"""Twenty districts, six issuers, five years, all families and formats, sites with manners of their own: every report of
the truth is in and none is invented; the second night costs next to nothing; what happens later is told as what it is."""

import json
from collections import Counter

import pytest
from support import Command

from nianbao.settings import project_dir
from nianbao.simulation import SimulatedSites, build_world, write_registry

YEARS = range(2020, 2025)


@pytest.fixture(scope="module")
def night(tmp_path_factory, prefect_api):
    """Three nights: the first, one on which nothing changed, one after edits, withdrawals and late reports."""
    folder = tmp_path_factory.mktemp("large")
    world = build_world(districts=20, issuers=6, years=YEARS, formats="all", quirks=True)
    later = world.revised(
        edited=4, withdrawn=3, unlisted=2, soft_withdrawn=1, late=4, refurnished=3, edited_files=2
    )
    command = Command(folder / "home", PREFECT_API_URL=prefect_api)
    nights = []
    for number, served in enumerate((world, world, later)):
        write_registry(served, folder / "registry", project_dir("data"))
        with SimulatedSites(served.sites).serve() as sites:
            settings = {"NIANBAO_DATA": str(folder / "registry"), "NIANBAO_RESOLVE": sites.resolve}
            said = json.loads(command("refresh", "--json", **settings))
            status = json.loads(command("status", "--json", **settings))
            asked = sites.requests.counts()
        reports = command.rows("select issuer_id, report_year from fct_report") if number != 1 else None
        if number == 0:
            figures = command.rows(
                "select issuer_id, report_year, value, unit from fct_figure where is_current"
            )
        nights.append({"said": said, "outcomes": status["outcomes"], "asked": asked, "reports": reports})
    return world, later, figures, nights


def issued(world):
    """(issuer, year) of every report; bodies that only a copy on a foreign site names are in no report."""
    return {(report.issuer_id, report.year) for report in world.reports}


def test_every_report_is_in_with_its_issuer_and_year_and_none_is_invented(night):
    world, _, _, nights = night
    found = {(row["issuer_id"], row["report_year"]) for row in nights[0]["reports"]}
    assert sorted(issued(world) - found) == []
    assert sorted(pair for pair in found - issued(world) if not pair[0].startswith("unregistered")) == []


def test_the_figures_are_those_of_the_reports_whatever_their_format(night):
    """A page that another body's report was put up on, say, must not stand for the report."""
    world, _, figures, _ = night
    found = Counter((f["issuer_id"], f["report_year"], f["value"], f["unit"]) for f in figures)
    wanted = Counter((r.issuer_id, r.year, f.value, f.unit) for r in world.reports for f in r.figures)
    right = (found & wanted).total()
    print(f"{right} of {wanted.total()} figures, {found.total()} found")
    assert right >= 0.99 * wanted.total() and right >= 0.99 * found.total()


def test_the_second_night_makes_no_new_edition_and_fetches_no_body_that_did_not_change(night):
    world, _, _, nights = night
    assert nights[1]["said"]["state"] == "quiet", nights[1]["said"]["sentence"]
    # What says nothing of when it changed, or another thing every time, can only be fetched to be known.
    always = {
        host.host for host in world.hosts if host.visit_counter or host.validators in ("none", "changing")
    }
    again = {
        (host, path): count
        for (host, path, status), count in nights[1]["asked"].items()
        if status == 200 and host not in always
    }
    assert again == {}


@pytest.mark.parametrize("change", ["edited", "withdrawn", "late"])
def test_what_happened_is_told_as_what_it_is_and_nothing_else_is(night, change):
    world, later, _, nights = night
    # A report behind a cover page has two addresses, either of which may be named.
    report_at = {url: (r.issuer_id, r.year) for r in (*world.reports, *later.reports) for url in r.urls}
    told = [row["url"] for row in nights[2]["outcomes"] if row["outcome"] == change]
    happened = sorted((truth.issuer_id, truth.year) for truth in later.changes if truth.change == change)
    assert happened and sorted({report_at.get(url, url) for url in told}) == happened
