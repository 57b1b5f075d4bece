"""hosts.csv and departments.csv: what is wrong with them is told with its line; a registry does without them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.model import Department, Host
from nianbao.registry import RegistryError, load_registry

DATA = Path(__file__).resolve().parents[2] / "data"

HOSTS = (
    "host,path,region_code,body,notes\nshpt.gov.cn,,310107,,\nshpt.gov.cn,/jz/,310107,某某镇人民政府,column\n"
)
DEPARTMENTS = "name,short_names,labels\n司法局,,sfj\n人力资源和社会保障局,人社局 人力社保局,rsj rsbj\n"


def problem_of(folder: Path) -> str:
    with pytest.raises(RegistryError) as caught:
        load_registry(folder)
    return "\n".join(caught.value.problems)


def test_hosts_and_departments_load(folder: Path) -> None:
    (folder / "hosts.csv").write_text(HOSTS, encoding="utf-8")
    (folder / "departments.csv").write_text(DEPARTMENTS, encoding="utf-8")
    registry = load_registry(folder)
    assert registry.hosts[1] == Host("shpt.gov.cn", "/jz/", "310107", "某某镇人民政府", "column")
    assert registry.departments == (
        Department("司法局", (), ("sfj",)),
        Department("人力资源和社会保障局", ("人社局", "人力社保局"), ("rsj", "rsbj")),
    )


def test_a_registry_does_without_them(folder: Path) -> None:
    registry = load_registry(folder)
    assert (registry.hosts, registry.departments) == ((), ())


@pytest.mark.parametrize(
    ("name", "row", "says"),
    [
        ("hosts.csv", "https://a.gov.cn,,310107,,\n", ":4: 'https://a.gov.cn' is no host name"),
        ("hosts.csv", "a.gov.cn,jz,310107,,\n", ":4: 'jz' is no path; it starts with /"),
        ("hosts.csv", "a.gov.cn,,310199,,\n", ":4: region_code '310199' is not in regions.csv"),
        ("hosts.csv", "shpt.gov.cn,,310107,,\n", ":4: shpt.gov.cn stands on line 2 already"),
        ("hosts.csv", "a.gov.cn,310107\n", ":4: has 2 values; there are 5 columns"),
        ("departments.csv", ",,sfj\n", ":4: has no name"),
        ("departments.csv", "司法局,,sf\n", ":4: 司法局 stands on line 2 already"),
        ("departments.csv", "水务局,,SWJ\n", ":4: 'SWJ' is no label"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(folder: Path, name: str, row: str, says: str) -> None:
    content = HOSTS if name == "hosts.csv" else DEPARTMENTS
    (folder / name).write_text(content + row, encoding="utf-8")
    assert f"{folder / name}{says}" in problem_of(folder)


def test_a_host_file_without_a_column_says_which(folder: Path) -> None:
    (folder / "hosts.csv").write_text("host,region\na.gov.cn,310107\n", encoding="utf-8")
    said = problem_of(folder)
    assert "the columns path, region_code, body must be added; region is no column here" in said


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "says"),
    [
        ("2016", "", "valid_from '2016' is no date; give a day such as 2021-04-09"),
        ("", "20210409", "valid_to '20210409' is no date"),
        ("2021-04-09", "2021-02-30", "valid_to '2021-02-30' is no date"),
        ("2021-04-09", "2020-01-01", "valid_to 2020-01-01 is before valid_from 2021-04-09"),
    ],
)
def test_validity_is_given_in_days(folder: Path, valid_from: str, valid_to: str, says: str) -> None:
    path = folder / "regions.csv"
    row = f"310199,某某区,上海市某某区,310000,county,{valid_from},{valid_to}\n"
    path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")
    assert f"{path}:4: 310199: {says}" in problem_of(folder)


def test_columns_may_stand_in_any_order_and_pinyin_is_read(folder: Path) -> None:
    (folder / "regions.csv").write_text(
        "pinyin,code,name,full_name,parent_code,level,valid_to,valid_from\n"
        "shang hai shi,310000,上海市,上海市,,province,,\n"
        "pu tuo qu,310107,普陀区,上海市普陀区,310000,county,,1945-01-01\n",
        encoding="utf-8",
    )
    region = load_registry(folder).regions[1]
    assert (region.code, region.pinyin, region.valid_from, region.valid_to) == (
        "310107",
        "pu tuo qu",
        "1945-01-01",
        None,
    )


def test_pinyin_has_a_syllable_for_each_character(folder: Path) -> None:
    path = folder / "regions.csv"
    path.write_text(
        "code,name,full_name,parent_code,level,valid_from,valid_to,pinyin\n310000,上海市,上海市,,province,,,shanghai\n",
        encoding="utf-8",
    )
    assert "310000: pinyin 'shanghai' needs one syllable for each character of 上海市" in problem_of(folder)


def test_the_projects_hosts_serve_a_list_of_regions_of_ones_own(folder: Path) -> None:
    registry = load_registry(folder, DATA)
    assert {host.region_code for host in registry.hosts} <= {"310000", "310107"}
    assert "shpt.gov.cn" in {host.host for host in registry.hosts}


def test_every_bundled_division_is_spelled_and_every_bundled_host_is_somebodys() -> None:
    registry = load_registry(DATA)
    assert [region.name for region in registry.regions if not region.pinyin] == []
    known = {region.code for region in registry.regions}
    assert {host.region_code for host in registry.hosts} <= known
    assert len(registry.hosts) > 600
    for host in registry.hosts:
        assert not host.path or host.path.endswith("/")
