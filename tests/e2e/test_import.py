"""Files that arrived by hand go through the same stages as fetched pages, and give the same rows."""

import json

import pytest
from support import Command

from nianbao.simulation import SimulatedSites, build_world, folder_sites

# Everything about a report and its figures but how it came here.
REPORTS = """
select i.issuer_name, g.full_name, r.report_year, r.title, r.doc_number, r.signed_date, r.published_date, r.n_figures
from fct_report r join dim_issuer i using (issuer_id) left join dim_region g on g.region_code = r.region_code
order by all
"""
FIGURES = """
select figure_id, issuer_id, report_year, text, value, unit, qualifier, measure, fact_year, is_target, indicator_id,
       sentence
from fct_figure order by all
"""
SOURCE = """
- id: by-hand
  region: 310107
  listing: http://www.by-hand.test/reports/
  delay_seconds: 0
  follow: all
  simulated: true
"""


def harvest_folder(command, pages, registry):
    """Serves a folder of pages per host and refreshes from it with a registry of one source."""
    (registry / "sources").mkdir(parents=True)
    (registry / "sources" / "by-hand.yml").write_text(SOURCE, encoding="utf-8")
    with SimulatedSites(folder_sites(pages)).serve() as sites:
        return command("refresh", NIANBAO_DATA=str(registry), NIANBAO_RESOLVE=sites.resolve)


@pytest.fixture(scope="module")
def own_reports(tmp_path_factory):
    """Texts of the project's own in many forms: UTF-8, GB18030, UTF-16, and bodies that are no reports."""
    folder = tmp_path_factory.mktemp("own")
    world = build_world(districts=1, issuers=3, years=(2023,))
    texts = [report for report in world.reports if report.title_in_text][:3]
    for report, encoding in zip(texts, ("utf-8", "gb18030", "utf-16"), strict=False):
        (folder / f"{encoding}.txt").write_bytes(report.text.encode(encoding))
    (folder / "notice.txt").write_text(
        "关于国庆节放假安排的通知\n各科室：现将有关事项通知如下。\n", encoding="utf-8"
    )
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    (folder / "empty.html").write_bytes(b"")
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    return folder, texts


def test_files_of_every_kind_end_as_report_or_as_outcome(own_reports, tmp_path, prefect_api):
    folder, texts = own_reports
    command = Command(tmp_path / "home", PREFECT_API_URL=prefect_api)
    command("import", folder)
    assert command.rows("select count(*) as n from fct_report") == [{"n": len(texts)}]
    status = json.loads(command("status", "--json"))
    outcomes = {}
    for row in status["outcomes"]:
        outcomes.setdefault(row["url"].rpartition("/")[2], []).append(row["outcome"])
    assert outcomes["notice.txt"][-1] == "not_a_report"
    assert outcomes["cut.pdf"][-1] == "unreadable"
    assert outcomes["empty.html"] == ["empty"]
    assert outcomes["old.doc"][-1] == "unsupported_format"
    assert "nothing is new" in command("import", folder)


def test_an_import_without_any_report_is_a_failure(own_reports, tmp_path, prefect_api):
    folder, _ = own_reports
    command = Command(tmp_path / "home", PREFECT_API_URL=prefect_api)
    out = command("import", folder / "notice.txt", exit_code=1)
    assert "notice.txt" in out
    assert command.current is None


def test_a_file_that_is_not_there_is_wrong_use(tmp_path, prefect_api):
    Command(tmp_path / "home")("import", "no-such-file.txt", exit_code=2)


def test_imported_and_harvested_texts_give_the_same_rows(own_reports, tmp_path, prefect_api):
    folder, _ = own_reports
    pages = tmp_path / "pages" / "www.by-hand.test" / "reports"
    pages.mkdir(parents=True)
    for path in folder.glob("utf-8.txt"):
        (pages / path.name).write_bytes(path.read_bytes())
    imported = Command(tmp_path / "imported" / "home", PREFECT_API_URL=prefect_api)
    imported("import", *pages.glob("*.txt"))
    harvested = Command(tmp_path / "harvested" / "home", PREFECT_API_URL=prefect_api)
    harvest_folder(harvested, tmp_path / "pages", tmp_path / "registry")
    assert harvested.rows(FIGURES) == imported.rows(FIGURES)
    assert harvested.rows(REPORTS) == imported.rows(REPORTS)


EXPECTED = {
    "上海市普陀区投资促进办公室": (2021, None, "2021-12-02", None, 8),
    "上海市闵行区经济委员会": (2024, None, None, "2024-12-23", 25),
    "天津市西青区投资促进局": (2024, None, None, None, 9),
    "上海市普陀区桃浦智创城开发建设推进办公室": (2023, "普桃推办〔2023〕7号", "2023-11-29", "2023-11-29", 0),
    "上海市长宁区人民政府办公室": (2024, None, None, None, 12),
}


def test_the_real_reports_come_through_both_ways(real_reports, tmp_path, prefect_api, capsys):
    imported = Command(tmp_path / "imported" / "home", PREFECT_API_URL=prefect_api)
    imported("import", *sorted(real_reports.glob("*.txt")))
    rows = imported.rows(REPORTS)
    found = {
        row["issuer_name"]: (
            row["report_year"],
            row["doc_number"],
            str(row["signed_date"]) if row["signed_date"] else None,
            str(row["published_date"]) if row["published_date"] else None,
        )
        for row in rows
    }
    assert found == {issuer: facts[:4] for issuer, facts in EXPECTED.items()}
    with capsys.disabled():
        for row in rows:
            print(
                f"\n  {row['issuer_name']}: {row['n_figures']} figures of {EXPECTED[row['issuer_name']][4]}",
                end="",
            )

    pages = tmp_path / "pages" / "www.by-hand.test" / "reports"
    pages.mkdir(parents=True)
    for path in real_reports.glob("*.txt"):
        (pages / path.name).write_bytes(path.read_bytes())
    harvested = Command(tmp_path / "harvested" / "home", PREFECT_API_URL=prefect_api)
    # The registry of the harvest names no issuer: take the bundled ones, as the import does.
    harvest_folder(harvested, tmp_path / "pages", tmp_path / "registry")
    assert harvested.rows(FIGURES) == imported.rows(FIGURES)
    assert harvested.rows(REPORTS) == imported.rows(REPORTS)
