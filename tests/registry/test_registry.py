"""What people meet when they configure a registry: it loads whole, or says everything that is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nianbao.registry import RegistryError, load_registry
from nianbao.settings import project_dir

from .conftest import ISSUERS, REGIONS

DATA = Path(__file__).resolve().parents[2] / "data"


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(RegistryError) as caught:
        load_registry(folder)
    return caught.value.problems


def test_a_registry_loads_with_what_follows_from_names(folder: Path) -> None:
    registry = load_registry(folder)
    assert [(i.issuer_id, i.level, i.department_type) for i in registry.issuers] == [
        ("putuo-government", "county", "government"),
        ("putuo-office", "county", "general_office"),
        ("putuo-street", "township", "township"),
    ]
    source = registry.sources[0]
    assert (source.listings, source.report_kind, source.region_code) == (
        ("https://www.putuo.test/fzzf/",),
        "rule_of_law",
        "310107",
    )
    assert registry.indicators[0].rules == {"triggers": ["会议"]}
    assert registry.report_kinds[0].kind_id == "rule_of_law"
    assert registry.regions[1].full_name == "上海市普陀区"


def test_every_problem_of_all_files_is_told_with_file_and_line(folder: Path) -> None:
    (folder / "issuers/shanghai/putuo.yml").write_text(
        "- id: a\n  name: 甲局\n  region: 310108\n- id: a\n  name: 乙局\n  region: 310107\n  alias: [乙]\n",
        encoding="utf-8",
    )
    (folder / "sources/shanghai/putuo.yml").write_text(
        "- id: s\n  region: 31010\n  listng: https://a.test/\n"
        "- id: t\n  region: 310107\n  listing: ftp://a.test/\n"
        "- id: u\n  region: 310107\n  listing: http://a.test/\n  issuer: b\n  kind: rule_of_lw\n  family: generc\n",
        encoding="utf-8",
    )
    found = "\n".join(problems(folder))
    issuers, sources = folder / "issuers/shanghai/putuo.yml", folder / "sources/shanghai/putuo.yml"
    assert f"{issuers}:3: `region: 310108` is not in regions.csv; look the code up there" in found
    assert f"{issuers}:7: `alias` is not a key here; did you mean `aliases`?" in found
    assert f"{sources}:2: '31010' is no region code" in found
    assert f"{sources}:3: `listng` is not a key here; did you mean `listing`?" in found
    assert f"{sources}:6: 'ftp://a.test/' is no web address" in found
    assert f"{sources}:10: `issuer: b` is the id of no issuer" in found
    assert f"{sources}:11: `kind: rule_of_lw` is not known; did you mean `rule_of_law`?" in found
    assert f"{sources}:12: `family: generc` is not known; did you mean `generic`?" in found


def test_ids_are_given_once_and_the_first_place_is_named(folder: Path) -> None:
    again = folder / "issuers/z.yml"
    again.write_text("- id: putuo-office\n  name: 另一办公室\n  region: 310107\n", encoding="utf-8")
    first = folder / "issuers/shanghai/putuo.yml"
    assert problems(folder) == (
        f"{again}:1: the issuer `putuo-office` stands at {first}:5 already; ids are given once",
    )


def test_predecessors_are_other_known_bodies(folder: Path) -> None:
    path = folder / "issuers/z.yml"
    path.write_text(
        "- id: merged\n  name: 合并后的局\n  region: 310107\n  predecessors: [merged, putuo-office, putuo-ofice]\n",
        encoding="utf-8",
    )
    assert problems(folder) == (
        f"{path}:4: `merged` is named as its own predecessor; remove it there",
        f"{path}:4: `predecessors: putuo-ofice` is the id of no issuer; did you mean `putuo-office`?",
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("sources/a.yml", "- id: [\n", "is no valid YAML"),
        ("sources/a.yml", "- id: x\n  id: y\n", ":2: `id` is given twice"),
        ("sources/a.yml", "id: x\n", "must be a list of entries"),
        ("sources/a.yml", "- x\n", "must be an entry of `key: value` lines"),
        ("sources/a.yml", "- id: x\n  region: 310107\n", "give either `listing` (one address) or `listings`"),
        ("sources/a.yml", "- id: X Y\n  region: 310107\n  listing: http://a.test/\n", "'X Y' is no id"),
        (
            "sources/a.yml",
            "- id: x\n  region: 310107\n  listing: http://a.test/\n  hosts: [http://b.test/]\n",
            "is no host name",
        ),
        (
            "sources/a.yml",
            "- id: x\n  region: 310107\n  listing: http://a.test/\n  verified: soon\n",
            "'soon' is no date",
        ),
        (
            "sources/a.yml",
            "- id: x\n  region: 310107\n  listing: http://a.test/\n  max_pages: 0\n",
            "`max_pages: 0` is not right",
        ),
        ("indicators.yml", "version: 1\nindicators:\n  - {id: a, label: 甲}\n", ":3: `unit` is missing"),
        (
            "indicators.yml",
            "version: 1\nindicators:\n  - {id: a, label: 甲, label_en: a, unit: 件, kind: flow}\n",
            "`kind: flow` is not right",
        ),
        ("regions.csv", "code,name\n", "full_name, parent_code, level, valid_from, valid_to must be added"),
        ("regions.csv", REGIONS + "310107,甲,甲,310000,county,,\n", ":4: 310107 stands on line 3 already"),
        (
            "regions.csv",
            REGIONS + "310199,甲,甲,319900,county,,\n",
            ":4: 310199 甲 lies in 319900, which has no row",
        ),
        ("regions.csv", REGIONS + "3101,甲,甲,310000,county,,\n", ":4: '3101' is no region code"),
        (
            "regions.csv",
            REGIONS + "310199,甲,甲,310107,county,,\n",
            ":4: 310199 甲 lies in 310107 普陀区, a county",
        ),
        ("regions.csv", REGIONS + '310199,"' + "甲\n" * 70_000, ":4: cannot be read (field larger"),
        ("indicators.yml", "version: 1\nindicators: \x07[]\n", ":2: "),
    ],
)
def test_bad_files_get_a_sentence_and_no_traceback(folder: Path, name: str, content: str, says: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    assert any(f"{folder / name}:" in line and says in line for line in problems(folder)), problems(folder)


def test_a_file_in_gb18030_is_told_as_what_it_is(folder: Path) -> None:
    path = folder / "issuers/shanghai/putuo.yml"
    path.write_bytes(ISSUERS.encode("gb18030"))
    assert any(line.startswith(f"{path}:2: is not UTF-8") for line in problems(folder))


def test_a_world_of_ones_own_needs_only_sources_and_issuers(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "sources").mkdir(parents=True)
    (own / "issuers").mkdir()
    (own / "sources/a.yml").write_text(
        "- {id: own, region: 310107, listing: http://own.test/, issuer: own-office}\n", encoding="utf-8"
    )
    (own / "issuers/a.yml").write_text(
        "- {id: own-office, name: 自家办公室, region: 310107}\n", encoding="utf-8"
    )
    registry = load_registry(own, folder)
    assert [s.source_id for s in registry.sources] == ["own"]
    assert [i.issuer_id for i in registry.issuers] == ["own-office"]
    assert len(registry.regions) == 2 and registry.indicators and registry.report_kinds
    with pytest.raises(RegistryError, match=r"regions\.csv:1: is missing"):
        load_registry(own)


def test_sources_never_come_from_the_fallback(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "issuers").mkdir(parents=True)
    assert load_registry(own, folder).sources == ()


def test_no_folder_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="there is no such folder"):
        load_registry(tmp_path / "none")
    with pytest.raises(RegistryError, match="holds no registry"):
        load_registry(tmp_path)


def test_the_fingerprint_follows_content_and_not_place(folder: Path, tmp_path: Path) -> None:
    before = load_registry(folder).fingerprint
    shutil.copytree(folder, tmp_path / "copy")
    assert load_registry(tmp_path / "copy").fingerprint == before
    path = folder / "indicators.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    assert load_registry(folder).fingerprint != before


def test_the_bundled_regions_issuers_and_sources_fit_together(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "bundled"
    own.mkdir()
    for name in ("regions.csv", "issuers", "sources"):
        (shutil.copytree if (DATA / name).is_dir() else shutil.copy)(DATA / name, own / name)
    registry = load_registry(own, folder)
    names = {region.code: (region.full_name, region.level) for region in registry.regions}
    assert len(names) > 3200
    for code, full_name, level in (
        ("310107", "上海市普陀区", "county"),
        ("330903", "浙江省舟山市普陀区", "county"),
        ("120111", "天津市西青区", "county"),
        ("429004", "湖北省仙桃市", "county"),
        ("469001", "海南省五指山市", "county"),
        ("659012", "新疆维吾尔自治区白杨市", "county"),
        ("441900", "广东省东莞市", "city"),
        ("710000", "台湾省", "province"),
    ):
        assert names[code] == (full_name, level)
    by_name = {issuer.name: issuer for issuer in registry.issuers}
    assert "区经委" in by_name["上海市闵行区经济委员会"].aliases
    assert "区投促局" in by_name["天津市西青区投资促进局"].aliases
    assert "区府办" in by_name["上海市长宁区人民政府办公室"].aliases
    assert {"310107", "310112", "310105"} <= {s.region_code for s in registry.sources}


def with_rules(folder: Path, rules: str, examples: str = "[]") -> str:
    entry = f"{{id: meetings, label: 会议, label_en: meetings, unit: 次, kind: sum, rules: {rules}, examples: {examples}}}"
    (folder / "indicators.yml").write_text(f"version: 1\nindicators:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(RegistryError) as error:
        load_registry(folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("{triggers: [会议], trigers: [会]}", "trigers"),
        ("{}", "triggers"),
        ("{triggers: []}", "triggers"),
        ("{triggers: [会议], units: 次}", "units"),
        ("{triggers: [会议], reach: page}", "reach"),
        ("{triggers: [12345]}", "triggers"),
        ("{triggers: [会…议]}", "two characters before the gap"),
        ("{triggers: [会议], also: [{trigger: [会]}]}", "trigger"),
        ("{triggers: [会议], sections: [results]}", "sections"),
        ("{triggers: [会 议]}", "'会 议' is never found"),
        ("{triggers: [会议], units: [％]}", "write '%'"),
        ("{triggers: [会议], requires: [[专题], 会]}", "rules.requires.groups.1: 会"),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(folder: Path, rules: str, says: str) -> None:
    told = with_rules(folder, rules)
    assert "indicators.yml:3" in told and says in told


def test_a_misspelt_key_of_a_rule_is_told_with_the_keys_of_rules(folder: Path) -> None:
    told = with_rules(folder, "{triggers: [会议], also: [{trigers: [会]}]}")
    assert "`trigers` is not a key here; did you mean `triggers`?" in told


def test_an_example_without_a_marked_number_is_told_once(folder: Path) -> None:
    told = with_rules(folder, "{triggers: [会议]}", "[会议3次]")
    assert "【】" in told and len(told.splitlines()) == 1


def test_a_body_has_one_entry(folder: Path) -> None:
    path = folder / "issuers/shanghai/putuo.yml"
    name = ISSUERS.partition("name: ")[2].partition("\n")[0]
    path.write_text(ISSUERS + f"- id: again\n  name: {name}\n  region: 310107\n", encoding="utf-8")
    assert any(f"{name} is `" in line and "a body has one entry" in line for line in problems(folder))


def test_unreadable_regions_are_told_without_everything_that_names_them(folder: Path) -> None:
    (folder / "regions.csv").write_bytes(b"")
    assert [line for line in problems(folder) if "regions.csv:1:" not in line] == []


def test_a_pattern_that_is_no_regular_expression_is_told(folder: Path) -> None:
    kind = folder / "report_kinds" / "rule_of_law.yml"
    kind.write_text(kind.read_text(encoding="utf-8").replace("[法治政府]", "['法治(']"), encoding="utf-8")
    with pytest.raises(RegistryError, match=r"rule_of_law.yml:4.*no regular expression"):
        load_registry(folder)


def test_a_registry_is_never_taken_for_another_with_the_same_files(tmp_path):
    bundled = project_dir("data")
    assert load_registry(bundled).sources
    with pytest.raises(RegistryError, match="there is no such folder"):
        load_registry(tmp_path / "gone", bundled)
    (tmp_path / "own" / "sources").mkdir(parents=True)
    assert load_registry(tmp_path / "own", bundled).sources == ()
