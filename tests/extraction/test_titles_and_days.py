"""Days of publication and titles, in the layouts that sites and editors give them."""

from __future__ import annotations

from datetime import date

import pytest

from nianbao.extraction import Extractor

ADDRESS = "https://www.kq.gov.cn/art/1.html"
TITLE = "柯桥区水利局2024年法治政府建设情况报告"
DAY = date(2025, 3, 5)
BODY = (
    "2024年，我局依法行政。现将法治政府建设情况报告如下：\n"
    "一、主要举措和成效\n会前学法6次，行政处罚案件20件。\n"
    "二、存在的不足和原因\n执法力量不足。\n"
)

# What stands directly under a title; all say 5 March 2025.
UNDER_A_TITLE = (
    "发布日期:2025—03—05",
    "〖2025-03-05〗",
    "信息公开日期：2025-03-05",
    "发布日期丨2025-03-05",
    "[ 发文机关 ] 区水利局 [ 发布日期 ] 2025-03-05",
    "发布时间：2025-03-05T10:12:00",
    "发布日期:2025-03-05",
    "发布时间:2025/3/5",
    "发布于:2025.03.05",
    "发布于 2025-03-05 10:12",
    "发表于:2025-03-05",
    "发表日期:2025-03-05",
    "上传时间:2025-03-05",
    "录入时间:2025-03-05",
    "公布日期:2025-03-05",
    "公布时间:2025年03月05日",
    "发布日期:20250305",
    "发布日期:二〇二五年三月五日",
    "发布日期:二零二五年三月五日",
    "发布时间:2025-03-0510:12:33",
    "时间:2025-03-05 10:12 来源:区水利局",
    "日期:2025年3月5日",
    "【发布日期:2025-03-05】【来源:区水利局】",
    "[发布时间: 2025-03-05]",
    "(发布日期:2025-03-05)",
    "信息时间:2025-03-05",
    "信息日期:2025-03-05",
    "添加时间:2025-03-05",
    "创建时间:2025-03-05 11:00",
    "编辑日期:2025-03-05",
    "来源:区水利局 2025-03-05 10:12",
    "来源:区水利局 | 2025-03-05",
    "2025-03-05 10:12:00 来源:区水利局",
    "2025-03-05",
    "[2025-03-05]",
    "(2025年3月5日)",
    "【2025-03-05】",
    "2025-03-05 10:12:33.0",
    "2025年3月5日 09时07分",
    "2025年03月05日 10:12",
    "2025-03-05 浏览次数:12",
    "2025-03-05来源:区水利局",
    "柯桥区水利局 2025-03-05",
    "2025-03-05 柯桥区水利局",
    "柯桥区水利局 (2025-03-05)",
    "发布日期: 2025 - 03 - 05",
    "05.03.2025",
    "2025-03-05 10:12 | 字体:大 中 小",
    "作者:办公室 时间:2025-03-05",
    "发布单位:区水利局 发布日期:2025-03-05 点击:3",
    "发布日期\t2025-03-05\t来源\t区水利局",
    "发布日期 2025-03-05",
    "发稿时间:2025-03-05",
    "更新日期:2025-03-05",
    "最后更新时间:2025-03-05",
    "2025-03-05 发布",
    "日期：2025年3月5日　来源：区水利局　阅读：10",
    "首发时间:2025-03-05",
    "公开发布时间:2025-03-05",
    "归档时间:2026-01-01 发布时间:2025-03-05",
    "时间:2025/03/05 10:12:09",
)
# What stands above a title, also with other days.
ABOVE_A_TITLE = (
    "成文日期:2025-02-28\n发布日期:2025-03-05\n",
    "成文日期 | 2025-02-28 | 发布日期 | 2025-03-05\n",
    "生成日期:2025-03-05\n",
    "失效日期:2030-01-01 发布日期:2025-03-05\n",
    "生效日期:2025-04-01\n公开日期:2025-03-05\n",
    "今天是2025年11月20日 星期四\n发布日期:2025-03-05\n",
    "2025-11-20 星期四\n首页 > 年报\n发布时间:2025-03-05\n",
    "2025-03-05\n",
    "发布日期\n2025-03-05\n来源\n区水利局\n",
    "索引号 | 123/2025-1 | 发布日期 | 2025-03-05\n发布机构 | 区水利局 | 文号 | 无\n",
    "名称:柯桥区水利局2024年法治政府建设情况报告 成文日期:2025-02-28 发布日期:2025-03-05\n",
    "发文日期: 2025-02-27 公开日期: 2025-03-05\n",
    "更新时间:2025-04-01 发布时间:2025-03-05\n",
    "有效期至:2028-01-01\n印发日期:2025-03-05\n",
)
# Addresses with the day of publication.
ADDRESSES = (
    "https://www.kq.gov.cn/art/2025/3/5/art_1.html",
    "https://www.kq.gov.cn/202503/t20250305_1.html",
    "https://www.kq.gov.cn/2025-03/05/content_1.htm",
    "https://www.kq.gov.cn/a/20250305/1.html",
    "https://www.kq.gov.cn/a/20250305101233.html",
    "https://www.kq.gov.cn/202503/20250305101233123.shtml",
    "https://www.kq.gov.cn/a/P020250305367812345678.pdf",
    "https://www.kq.gov.cn/2025/0305/c1a2/page.htm",
    "https://www.kq.gov.cn/2025/03-05/1.html",
    "https://www.kq.gov.cn/202503/05/1.html",
    "https://www.kq.gov.cn/a/2025-03-05/1.html",
    "https://www.kq.gov.cn/a/2025-03-05-1.html",
    "https://www.kq.gov.cn/html/kq/2025/ABCDEFGH_0305/1.html",
    "https://www.kq.gov.cn/doc/2025/03/05/1.shtml",
    "https://www.kq.gov.cn/2025/3-5/1.html",
    "https://www.kq.gov.cn/a/content_20250305.html",
    "https://www.kq.gov.cn/a/2025_03_05_1.html",
    "https://www.kq.gov.cn/a/1.html?date=20250305",
)
# Addresses whose numbers are no day.
ADDRESSES_WITHOUT_A_DAY = (
    "https://www.kq.gov.cn/a/1881268348977160193.html",
    "https://www.kq.gov.cn/a/02025030512345678.html",
    "https://www.kq.gov.cn/2024nd/2025/64/1.html",
    "https://www.kq.gov.cn/col/20259999/1.html",
)
# Meta tags with the day.
TAGS = (
    ("PubDate", "2025-03-05 10:12:11"),
    ("pubdate", "2025-03-05 10:12:11"),
    ("Pubdate", "2025-03-05 10:12:11"),
    ("PUBDATE", "2025-03-05 10:12:11"),
    ("publishdate", "2025-03-05 10:12:11"),
    ("article:published_time", "2025-03-05 10:12:11"),
    ("publishDate", "2025-03-05 10:12:11"),
    ("release_date", "2025-03-05 10:12:11"),
    ("createDate", "2025-03-05 10:12:11"),
    ("DC.date", "2025-03-05 10:12:11"),
    ("PubDate", "20250305101211"),
    ("PubDate", "2025-03-05T02:12:11Z"),
)
# First lines of a page, and the title they give.
TITLES = (
    ("柯桥区水利局关于2024年法治政府建设工作情况的汇报", "柯桥区水利局关于2024年法治政府建设工作情况的汇报"),
    ("柯桥区水利局2024\n年推进法治政府建设情况", "柯桥区水利局2024年推进法治政府建设情况"),
    (
        "柯桥区水利局2024年度推\n进法治政府建设情况年度报告",
        "柯桥区水利局2024年度推进法治政府建设情况年度报告",
    ),
    ("柯桥区人民政府网站\n2024年法治政府建设情况报告", "2024年法治政府建设情况报告"),
    ("发布机构：\n柯桥区水利局\n2024年法治政府建设情况报告", "2024年法治政府建设情况报告"),
    ("以上请示妥否,请批示。\n柯桥区水利局\n2025年1月4日\n柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("法治政府建设\n柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("法治政府建设年度报告\n柯桥区水利局2024年法治政府建设情况报告", TITLE),
    (
        "组配分类:法治政府建设年度报告 发布机构:区水利局\n名称:柯桥区水利局2024年法治政府建设情况报告 文号:无",
        TITLE,
    ),
    ("名 称 | 柯桥区水利局2024年法治政府建设情况报告 | 文 号 | 无", TITLE),
    ("标题:柯桥区水利局2024年法治政府建设情况报告 发布机构:区水利局", TITLE),
    ("标题\n柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("信息名称:柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("文件名称:柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("公文名称:柯桥区水利局2024年法治政府建设情况报告 发文日期:无", TITLE),
    ("内容标题:《柯桥区水利局2024年法治政府建设情况报告》", TITLE),
    ("《柯桥区水利局2024年法治政府建设情况报告》", TITLE),
    ("柯桥区水利局\n2024年法治政府建设情况报告", TITLE),
    ("2024年度柯桥区水利局\n法治政府建设情况报告", "2024年度柯桥区水利局法治政府建设情况报告"),
    ("柯桥区水利局2024年度\n法治政府建设情况报告", "柯桥区水利局2024年度法治政府建设情况报告"),
    (
        "柯桥区水利局关于2024年度推进\n法治政府建设工作情况的报告",
        "柯桥区水利局关于2024年度推进法治政府建设工作情况的报告",
    ),
    ("柯桥区水利局\n关于2024年度法治政府建设情况的\n报告", "柯桥区水利局关于2024年度法治政府建设情况的报告"),
    ("柯桥区水利局\n2024年度\n法治政府建设情况报告", "柯桥区水利局2024年度法治政府建设情况报告"),
    ("柯桥区水利局2024年法治政府建设\n情况报告", TITLE),
    ("柯桥区水利局2024年法治政府建\n设情况报告", TITLE),
    (
        "绍兴市柯桥区水利局2024年法治政府\n建设工作总结及2025年工作计划",
        "绍兴市柯桥区水利局2024年法治政府建设工作总结及2025年工作计划",
    ),
    ("柯 桥 区 水 利 局 2 0 2 4 年 法 治 政 府 建 设 情 况 报 告", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告_法治政府建设年报_柯桥区人民政府", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告 - 柯桥区人民政府网站", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告-柯桥区政府门户网站", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告 | 柯桥区人民政府", TITLE),
    (
        "柯桥区水利局2024年法治政府建设情况报告-法治政府建设-柯桥区人民政府\n柯桥区水利局2024年法治政府建设情况报告",
        TITLE,
    ),
    ("当前位置:首页 > 年报 > 正文\n柯桥区水利局2024年法治政府建设情况报告\n字号:大 中 小", TITLE),
    (
        "您的位置:首页>>年报>>柯桥区水利局2024年法治政府建设情况报告\n柯桥区水利局2024年法治政府建设情况报告",
        TITLE,
    ),
    (
        "关于报送2024年法治政府建设情况报告的函\n区司法局:\n现将有关报告报送你局。\n2025年3月4日\n柯桥区水利局2024年法治政府建设情况报告",
        TITLE,
    ),
    (
        "关于印发《柯桥区水利局2024年法治政府建设情况报告》的通知\n各科室:\n现将报告印发。\n柯桥区水利局2024年法治政府建设情况报告",
        TITLE,
    ),
    (
        "柯桥区水利局关于呈报2024年法治政府建设工作报告的请示\n区政府:\n特此请示。\n柯桥区水利局2024年法治政府建设情况报告",
        TITLE,
    ),
    ("柯桥区水利局2024年法治政府建设情况报告(一)", "柯桥区水利局2024年法治政府建设情况报告(一)"),
    ("柯桥区水利局2024年法治政府建设情况报告(公开版)", "柯桥区水利局2024年法治政府建设情况报告(公开版)"),
    ("[年报]柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("【年度报告】柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("· 柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("● 柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("附件:柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("附件1\n柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告 2025-03-05", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告[2025-03-05]", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告【字体:大 中 小】", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告 打印", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告 发布日期:2025-03-05", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告.pdf", TITLE),
    ("柯桥区水利局2024年法治政府建设情况报告.docx", TITLE),
    ("正文\n柯桥区水利局2024年法治政府建设情况报告", TITLE),
    (
        "柯桥区水利局文件\n柯水〔2025〕3号\n柯桥区水利局关于2024年\n法治政府建设情况的报告\n区政府:",
        "柯桥区水利局关于2024年法治政府建设情况的报告",
    ),
    ("柯桥区水利局2024年度法治政府建设年度报告公告\n柯桥区水利局2024年法治政府建设情况报告", TITLE),
    ("依法行政,全面推进法治柯桥建设\n——柯桥区水利局2024年法治政府建设情况报告", TITLE),
)
# Name of the page, text of the link, meta tags: the title is in one of them.
OUTSIDE_THE_TEXT = (
    ("柯桥区水利局2024年法治政府建设情况报告_柯桥区人民政府", "", {}),
    ("", "· 柯桥区水利局2024年法治政府建设情况报告", {}),
    ("", "", {"ArticleTitle": TITLE}),
    ("柯桥区人民政府", "", {"ArticleTitle": TITLE}),
    ("柯桥区人民政府门户网站 柯桥区水利局2024年法治政府建设情况报告", "", {}),
    ("", "柯桥区水利局2024年法治政府建设情况报告 2025-03-05", {}),
    ("", "1.柯桥区水利局2024年法治政府建设情况报告", {}),
    ("", "[年报] 柯桥区水利局2024年法治政府建设情况报告", {}),
    ("柯桥区水利局2024年法治政府建设情况报告", "柯桥区水利局2024年法治政府建设情况报告...", {}),
    ("柯桥区水利局2024年法治政府建设情况报告 - 柯桥区水利局", "", {}),
    ("柯桥区水利局2024年法治政府建设情况报告|柯桥区|绍兴市", "", {}),
    ("", "《柯桥区水利局2024年法治政府建设情况报告》", {}),
)


@pytest.mark.parametrize("line", UNDER_A_TITLE)
def test_a_day_under_the_title(bundled: Extractor, line: str):
    found = bundled.extract(f"{TITLE}\n{line}\n{BODY}", url=ADDRESS).metadata
    assert (found.title, found.published_date) == (TITLE, DAY)


@pytest.mark.parametrize("lines", ABOVE_A_TITLE)
def test_the_day_of_publication_among_the_lines_above_the_title(bundled: Extractor, lines: str):
    found = bundled.extract(f"{lines}{TITLE}\n{BODY}", url=ADDRESS).metadata
    assert (found.title, found.published_date) == (TITLE, DAY)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_day_in_the_address(bundled: Extractor, address: str):
    found = bundled.extract(f"{TITLE}\n{BODY}", url=address).metadata
    assert found.published_date == DAY
    assert found.evidence["published_date"].place == "url"


@pytest.mark.parametrize("address", ADDRESSES_WITHOUT_A_DAY)
def test_a_number_in_the_address_that_is_no_day(bundled: Extractor, address: str):
    assert bundled.extract(f"{TITLE}\n{BODY}", url=address).metadata.published_date is None


@pytest.mark.parametrize(("name", "value"), TAGS)
def test_a_day_in_a_meta_tag(bundled: Extractor, name: str, value: str):
    found = bundled.extract(f"{TITLE}\n{BODY}", url=ADDRESS, meta={name: value}).metadata
    assert found.published_date == DAY
    assert found.evidence["published_date"].place == "meta"


def test_the_day_of_a_letter_before_the_report_is_not_its_own(bundled: Extractor):
    letter = "以上请示妥否，请批示。\n柯桥区水利局\n2025年1月4日\n"
    assert bundled.extract(f"{letter}{TITLE}\n{BODY}", url=ADDRESS).metadata.published_date is None


@pytest.mark.parametrize(("lines", "title"), TITLES)
def test_a_title_without_what_stands_around_it(bundled: Extractor, lines: str, title: str):
    found = bundled.extract(f"{lines}\n{BODY}", url=ADDRESS).metadata
    assert found.is_report
    assert "".join((found.title or "").split()) == title


@pytest.mark.parametrize(("page", "link", "meta"), OUTSIDE_THE_TEXT)
def test_a_title_that_only_the_page_or_a_link_names(bundled: Extractor, page: str, link: str, meta: dict):
    found = bundled.extract(BODY, url=ADDRESS, page_title=page, link_title=link, meta=meta).metadata
    assert found.is_report
    assert (found.title, found.report_year) == (TITLE, 2024)


def test_the_span_of_a_title_holds_nothing_but_the_title(bundled: Extractor):
    for line in (
        f"名称：{TITLE} 文号：无",
        f"【年度报告】{TITLE}.pdf",
        f"《{TITLE}》",
        f"{TITLE}（2025-03-05）",
    ):
        text = f"{line}\n{BODY}"
        spot = bundled.extract(text, url=ADDRESS).metadata.evidence["title"]
        assert text[spot.start : spot.end] == TITLE


def test_who_published_a_page_is_its_source_where_none_is_named(bundled: Extractor):
    text = f"发布机构：区司法局\n{TITLE}\n{BODY}"
    found = bundled.extract(text, url=ADDRESS).metadata
    assert (found.issuer, found.source) == ("绍兴市柯桥区水利局", "区司法局")
    found = bundled.extract(f"来源：区政府办\n{text}", url=ADDRESS).metadata
    assert found.source == "区政府办"


@pytest.mark.parametrize(
    ("address", "text", "issuer"),
    [
        (
            "https://www.tjhx.gov.cn/a/1.html",
            "我街道2024年度法治政府建设情况报告如下：\n一、主要举措和成效\n河西区友谊路街道执法检查1460次。\n二、存在的不足\n人少。\n",
            "天津市河西区人民政府友谊路街道办事处",
        ),
        (
            "https://www.jinshan.gov.cn/a/1.html",
            "金山卫镇2024年法治政府建设工作报告\n一、主要做法\n学法4次。\n二、存在的不足和原因\n人少。\n",
            "上海市金山区金山卫镇人民政府",
        ),
        (
            "http://www.xincheng-hhht.gov.cn/1.html",
            "新城区人民政府关于2024年法治政府建设情况的报告\n一、主要做法\n学法4次。\n二、存在的不足和原因\n人少。\n",
            "呼和浩特市新城区人民政府",
        ),
        (
            "",
            "2024年，我区依法行政。现将法治政府建设情况报告如下：\n一、主要做法\n学法4次。\n合肥经济技术开发区管委会\n2025年1月8日\n",
            "合肥经济技术开发区管理委员会",
        ),
        (
            "",
            "常州经开区管委会2024年度法治政府建设情况报告\n一、主要做法\n学法4次。\n二、存在的不足和原因\n人少。\n",
            "常州经开区管理委员会",
        ),
    ],
)
def test_issuers_that_are_not_spelled_out(bundled: Extractor, address: str, text: str, issuer: str):
    assert bundled.extract(text, url=address).metadata.issuer == issuer
