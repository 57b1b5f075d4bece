"""One page that cannot be read costs that page only."""

from datetime import UTC, datetime

import pytest

from nianbao.archive import Archive
from nianbao.extraction import Extractor
from nianbao.model import Issuer, Outcome, Registry
from nianbao.registry import load_registry
from nianbao.sandbox import BoundedReader
from nianbao.settings import project_dir
from nianbao.warehouse.ingest import ingest, pending
from nianbao.warehouse.lake import Lake
from nianbao.warehouse.rules import rules_of

REPORT = """青禾区2024年度法治政府建设情况报告
2024年，区政府扎实推进法治政府建设，现将有关情况报告如下：
一、主要举措和成效
全年召开党组会议12次，审查合同36份。
二、存在的不足
执法力量有待充实。
"""


class Stumbling:
    """An extractor with a fault that one text brings to light."""

    def __init__(self, registry):
        self._real = Extractor(registry)

    def extract(self, text, **hints):
        if "绊脚" in text:
            raise ZeroDivisionError("a fault of ours")
        return self._real.extract(text, **hints)


def archived(archive, *texts):
    with archive.writer("b1") as writer:
        for number, text in enumerate(texts):
            writer.add_resource(
                url=f"file:{number}.txt",
                body=text.encode(),
                media_type="text/plain",
                fetched_at=datetime(2026, 3, 1, tzinfo=UTC),
                source_id="import",
                role="file",
            )


@pytest.fixture
def reader():
    with BoundedReader() as opened:
        yield opened


def test_a_fault_in_reading_one_page_is_its_outcome_and_the_others_go_on(tmp_path, reader):
    registry = load_registry(project_dir("data"))
    archive = Archive(tmp_path / "archive")
    archived(archive, REPORT, REPORT + "绊脚", "")
    lake = Lake(tmp_path / "lake", rules_of(registry).version)
    done = ingest(pending(archive, lake), archive, lake, Stumbling(registry), registry, reader)
    outcomes = {row.url: row for row in done.outcomes}
    assert outcomes["file:0.txt"].outcome is Outcome.REPORT
    assert outcomes["file:1.txt"].outcome is Outcome.UNREADABLE
    assert "ZeroDivisionError: a fault of ours" in outcomes["file:1.txt"].sentence
    assert outcomes["file:2.txt"].outcome is Outcome.EMPTY
    assert (done.reports, pending(archive, lake)) == (1, [])


def test_a_body_that_the_archive_cannot_give_is_read_once_it_can(tmp_path, reader):
    registry = load_registry(project_dir("data"))
    archive = Archive(tmp_path / "archive")
    archived(archive, REPORT)
    (segment,) = (tmp_path / "archive" / "segments").glob("*.warc.gz")
    whole = segment.read_bytes()
    segment.write_bytes(bytes(len(whole)))
    lake = Lake(tmp_path / "lake", rules_of(registry).version)
    (row,) = ingest(pending(archive, lake), archive, lake, Stumbling(registry), registry, reader).outcomes
    assert row.outcome is Outcome.UNREADABLE
    segment.write_bytes(whole)
    assert ingest(pending(archive, lake), archive, lake, Stumbling(registry), registry, reader).reports == 1


def test_the_rules_version_follows_what_decides_about_rows(tmp_path):
    registry = load_registry(project_dir("data"))
    other = Registry(
        registry.regions,
        (*registry.issuers, Issuer("new-body", "青禾区新设局", "310107", "county", "department")),
        registry.sources,
        registry.indicators,
        registry.report_kinds,
        registry.fingerprint,
    )
    assert rules_of(registry).version == rules_of(load_registry(project_dir("data"))).version
    assert rules_of(other).version != rules_of(registry).version
