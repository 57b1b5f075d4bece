"""Who reports, for which year and division, published when: read from the beginnings of pages of many kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from nianbao.extraction import Extractor

from .heads import OTHERS, REPORTS


@pytest.mark.parametrize(("address", "text", "said"), REPORTS, ids=range(len(REPORTS)))
def test_a_head_says_who_reports_on_what(bundled: Extractor, address, text, said):
    found = bundled.extract(text, url=address).metadata
    title, year, issuer, region, published = said
    assert found.is_report
    assert (found.title, found.report_year, found.issuer, found.region) == (title, year, issuer, region)
    assert found.published_date == (date.fromisoformat(published) if published else None)


@pytest.mark.parametrize("text", OTHERS)
def test_look_alikes_are_no_reports(bundled: Extractor, text):
    assert not bundled.extract(text, url="https://www.example.gov.cn/a/1.html").metadata.is_report


BARE = "2024年，我局严格依法行政。现将法治政府建设情况报告如下：\n一、主要举措和成效\n学法4次。\n"


def test_the_address_is_weak_evidence_and_says_so(bundled: Extractor):
    found = bundled.extract(BARE, url="https://jyj.zibo.gov.cn/art/1.html").metadata
    assert (found.issuer, found.region_code) == ("淄博市教育局", "370300")
    for name in ("issuer", "region"):
        assert (found.evidence[name].place, found.evidence[name].confidence) == ("url", "weak")


def test_no_address_leaves_open_what_the_text_leaves_open(bundled: Extractor):
    found = bundled.extract(BARE).metadata
    assert found.is_report
    assert (found.issuer, found.region) == (None, None)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.com/a/1.html",
        "https://gov.cn.example.com/jyj/1.html",
        "file:///jyj.zibo.gov.cn/1.html",
        "https://[::1",
        "jyj.zibo.gov.cn.txt",
    ],
)
def test_a_foreign_site_gives_its_copies_no_region(bundled: Extractor, address):
    found = bundled.extract(BARE, url=address).metadata
    assert (found.issuer, found.region) == (None, None)


def test_a_host_never_overrides_the_text(bundled: Extractor):
    text = "淄博市教育局2024年法治政府建设情况报告\n" + BARE
    found = bundled.extract(text, url="https://www.qingdao.gov.cn/jyj/1.html").metadata
    assert (found.issuer, found.region_code) == ("淄博市教育局", "370300")


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("https://www.shpt.gov.cn/x/1.html", "310107"),
        ("http://www.putuo.gov.cn/art/1.html", "330903"),
        ("https://www.zhoushan.gov.cn/art/1.html", "330903"),
        ("", None),
    ],
)
def test_namesakes_are_told_apart_by_the_address_or_not_at_all(bundled: Extractor, address, region):
    text = "普陀区2024年法治政府建设情况报告\n2024年，我区依法行政。\n一、主要举措和成效\n学法4次。\n"
    found = bundled.extract(text, url=address).metadata
    assert found.region_code == region
    if region is None:
        assert found.evidence["issuer"].confidence == "weak"


def test_the_same_body_has_one_name_however_it_is_written(bundled: Extractor):
    wordings = (
        "友谊路街道",
        "友谊路街道办事处",
        "宝山区友谊路街道办事处",
        "上海市宝山区人民政府友谊路街道办事处",
    )
    names = {
        bundled.extract(
            f"{wording}2024年法治政府建设情况报告\n一、主要举措和成效\n学法4次。\n二、存在的不足和原因\n人手少。\n",
            url="https://www.shbsq.gov.cn/a/1.html",
        ).metadata.issuer
        for wording in wordings
    }
    assert names == {"上海市宝山区人民政府友谊路街道办事处"}


def test_a_joint_report_belongs_to_the_government(bundled: Extractor):
    text = "中共长丰县委长丰县人民政府关于2023年度法治政府建设情况的报告\n市委、市政府：\n一、主要举措和成效\n学法4次。\n"
    found = bundled.extract(text).metadata
    assert (found.issuer, found.co_issuers, found.recipient) == (
        "长丰县人民政府",
        ("中共长丰县委",),
        "市委、市政府",
    )


def test_who_posts_a_page_is_not_its_issuer(bundled: Extractor):
    text = (
        "来源：岳麓区司法局  发布时间：2024年3月1日\n2023年，我区依法行政。现将法治政府建设情况报告如下：\n"
        "一、主要举措和成效\n学法4次。\n"
    )
    found = bundled.extract(text).metadata
    assert (found.issuer, found.source) == ("长沙市岳麓区人民政府", "岳麓区司法局")


def test_traditional_characters_name_the_same_bodies(bundled: Extractor):
    text = "長沙市岳麓區人民政府2023年法治政府建設情況報告\n現將有關情況報告如下：\n一、主要舉措和成效\n學法4次。\n"
    found = bundled.extract(text).metadata
    assert found.is_report
    assert (found.issuer, found.report_year) == ("长沙市岳麓区人民政府", 2023)


def test_a_spoken_version_gives_the_day_of_the_meeting_as_weak_evidence(bundled: Extractor):
    text = (
        "长沙市人民政府关于2023年度法治政府建设情况的报告\n——2024年5月20日在市人大常委会第二十次会议上\n"
        "市人大常委会：\n一、主要举措和成效\n学法4次。\n"
    )
    found = bundled.extract(text).metadata
    assert found.published_date == date(2024, 5, 20)
    assert found.evidence["published_date"].confidence == "weak"


def test_spans_of_evidence_point_at_what_was_read(bundled: Extractor):
    text = "发布机构：\n长沙市民政局\n长沙市民政局2023年法治政府建设情况报告 (2024-02-26)\n市政府：\n一、主要举措和成效\n学法4次。\n"
    found = bundled.extract(text).metadata
    read = {name: text[e.start : e.end] for name, e in found.evidence.items() if e.start is not None}
    assert read["published_date"] == "2024-02-26"
    assert read["recipient"] == "市政府"
    assert read["title"].startswith("长沙市民政局2023年法治政府建设情况报告")


@pytest.mark.parametrize("label", ["发布日期", "发 布 时 间", "公开日期", "信息提供日期"])
@pytest.mark.parametrize("between", ["：", ":\n", " | ", "：  "])
def test_labels_give_their_value_in_any_layout(bundled: Extractor, label, between):
    text = (
        f"{label}{between}2024-03-05\n长沙市民政局2023年法治政府建设情况报告\n一、主要举措和成效\n学法4次。\n"
    )
    assert bundled.extract(text).metadata.published_date == date(2024, 3, 5)


def test_empty_values_do_not_take_the_next_label(bundled: Extractor):
    text = (
        "发布机构：\n文号：\n发布日期：-\n信息来源：无\n长沙市民政局2023年法治政府建设情况报告\n"
        "一、主要举措和成效\n学法4次。\n"
    )
    found = bundled.extract(text).metadata
    assert (found.source, found.doc_number, found.published_date) == (None, None, None)


def test_an_issuer_of_the_registry_is_found_by_what_the_host_completes(registered: Extractor):
    text = "2024年，区民政局严格依法行政。现将法治政府建设情况报告如下：\n一、主要举措和成效\n学法4次。\n"
    found = registered.extract(text, url="https://www.shmh.gov.cn/x/1.html").metadata
    assert found.issuer_id == "shanghai-minhang-civil-affairs"


@pytest.fixture(scope="session")
def registered(bundled_registry) -> Extractor:
    from .conftest import ISSUERS

    return Extractor(replace(bundled_registry, issuers=ISSUERS))


@pytest.mark.parametrize(
    "above", ["法治政府建设年度报告", "法治政府建设 / 公民 / 报告", "首页>法治政府建设情况报告"]
)
def test_the_name_of_a_column_is_not_the_title(bundled: Extractor, above):
    text = f"{above}\n长沙市民政局2023年法治政府建设年度报告\n一、主要举措和成效\n学法4次。\n"
    assert bundled.extract(text).metadata.title == "长沙市民政局2023年法治政府建设年度报告"


def test_a_title_cut_behind_its_year_is_whole(bundled: Extractor):
    text = "长沙市民政局2023年度\n法治政府建设工作报告\n一、主要举措和成效\n学法4次。\n"
    found = bundled.extract(text).metadata
    assert (found.title, found.report_year) == ("长沙市民政局2023年度法治政府建设工作报告", 2023)


def test_a_region_that_the_host_gives_has_the_address_as_its_place(bundled: Extractor):
    text = "友谊路街道2024年法治政府建设情况报告\n一、主要举措和成效\n学法4次。\n"
    found = bundled.extract(text, url="https://www.shbsq.gov.cn/a/1.html").metadata
    assert found.region_code == "310113"
    assert {name: found.evidence[name].place for name in ("issuer", "region")} == {
        "issuer": "text",
        "region": "url",
    }


def test_a_division_that_nothing_names_has_no_region(bundled: Extractor):
    text = "2024年，我区依法行政。现将法治政府建设情况报告如下：\n一、主要举措和成效\n学法4次。\n"
    found = bundled.extract(text, url="https://www.shenzhen.gov.cn/a/1.html").metadata
    assert (found.issuer, found.region) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "2023年，本单位……现将全年工作汇报如下：\n一、康复工作\n二、就业工作\n三、维权工作\n",
        "2024年，全区法治政府建设工作要坚持服务大局。\n一、学习宣传\n二、行政执法\n三、普法\n",
        "现将本局2023年政府信息公开工作情况报告如下：\n一、总体情况\n依法行政。\n二、主动公开\n条例落实。\n",
    ],
)
def test_the_form_alone_makes_no_report(bundled: Extractor, text):
    assert not bundled.extract(text, url="https://www.lishui.gov.cn/a/1.html").metadata.is_report


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("广西南宁市青秀区人民政府2019年法治政府建设工作报告", "南宁市青秀区人民政府"),
        ("宁夏银川市金凤区2020年法治政府建设情况报告", "银川市金凤区人民政府"),
        ("甘肃省临夏州永靖县教育局2017年法治政府建设情况报告", "永靖县教育局"),
        ("福建晋江市财政局2018年法治政府建设情况报告", "晋江市财政局"),
        ("吉林省吉林市龙潭区民政局2022年法治政府建设情况报告", "吉林市龙潭区民政局"),
    ],
)
def test_the_short_name_of_what_a_division_lies_in_is_no_part_of_the_issuer(
    bundled: Extractor, title, issuer
):
    assert bundled.extract(f"{title}\n一、主要工作\n开展检查5次。\n").metadata.issuer == issuer
