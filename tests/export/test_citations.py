"""Citations hold what proves a figure, and no title can break the form it stands in."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import toy_release

from nianbao.export import FigureCitation, cite_release, cite_table
from nianbao.warehouse.release.files import sha256_of

FIGURE = FigureCitation(
    figure_id="ab12:120-125",
    value=Decimal("35.500000"),
    value_max=None,
    unit="件",
    words="35.5件",
    sentence="全年审查合同35.5件。",
    section=("主要举措", "合同审查"),
    start=120,
    end=125,
    title="青禾区司法局2023年法治政府建设情况报告",
    issuer="青禾区司法局",
    year=2023,
    doc_number="青司〔2024〕3号",
    published=date(2024, 3, 1),
    url="https://www.qinghe.test/2023.html",
    captured=date(2024, 3, 2),
    capture_id="urn:uuid:1",
    payload_sha256="f" * 64,
    edition_id="ab12",
    release_id="20260301T000000Z-abcd1234",
)
PROOF = ["35.5件", "2024-03-01", "2024-03-02", "urn:uuid:1", "f" * 64, "ab12:120-125", "20260301T000000Z-abcd1234",
         "https://www.qinghe.test/2023.html", "青司〔2024〕3号", "青禾区司法局"]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_figure_is_cited_with_all_that_proves_it(lang):
    text = FIGURE.text(lang)
    assert [
        part for part in [*PROOF, "主要举措 › 合同审查", "全年审查合同35.5件。"] if part not in text
    ] == []
    # Type and carrier, then the days of publication and of the copy, as GB/T 7714 has them.
    assert "[R/OL]. (2024-03-01)[2024-03-02]. https://" in text


def test_the_forms_for_programs_hold_the_same():
    csl, bibtex = FIGURE.csl(), FIGURE.bibtex()
    assert (csl["type"], csl["issued"]) == ("report", {"date-parts": [[2024, 3, 1]]})
    for form in (json.dumps(csl, ensure_ascii=False), bibtex):
        assert [part for part in PROOF if part not in form and "-0" not in part] == []
    assert bibtex.startswith("@techreport{nianbao-ab12-120-125,\n  author = {{青禾区司法局}},")


def test_what_is_not_known_is_left_out():
    bare = replace(FIGURE, published=None, doc_number="", url="file:report.pdf", section=(), value=None)
    assert "[R]. (2023). file:report.pdf" in bare.text()
    assert {"issued", "URL", "number"}.isdisjoint(bare.csl())
    assert "url =" not in bare.bibtex()
    assert replace(FIGURE, value=Decimal(1), value_max=Decimal(2), unit="次").quantity == "1–2次"


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_title_or_address_ends_an_entry(title, tail):
    url = f"https://a.test/{tail}"
    entry = replace(FIGURE, title=title, sentence=title, url=url).bibtex()
    depth, lowest = 0, []
    for mark in re.findall(r"(?<!\\)[{}]", re.sub(r"\\[\\{}$&%#_]", "", entry)):
        depth += 1 if mark == "{" else -1
        lowest.append(depth)
    assert depth == 0
    assert min(lowest[:-1]) >= 1
    assert all(line.startswith(("@", "  ", "}")) for line in entry.splitlines())
    assert len(replace(FIGURE, title=title).text().splitlines()) == 1


def test_a_release_and_a_table_name_their_hashes(tmp_path):
    release = toy_release(tmp_path)
    cited = cite_release(release)
    assert release.release_id.endswith(cited.release_id[-8:])
    assert cited.manifest_sha256 == sha256_of(release.folder / "manifest.json")
    table = cite_table(release, "toy", "select * from toy", filters={"region": "990101"}).of_file("a" * 64)
    for lang in ("zh", "en"):
        assert release.release_id in cited.text(lang)
        for part in (release.release_id, "region: 990101", "select * from toy", "sha256:" + "a" * 64):
            assert part in table.text(lang)
    assert table.csl()["version"] == release.release_id
    assert "URL" not in table.csl()
    assert (
        cite_table(release, "t", "https://nianbao.test/issuers?region=99").csl()["URL"].startswith("https://")
    )
