"""The bundled districts: they load, agree with what is known of their hosts, and their families with real addresses."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from nianbao.extraction.metadata.addresses import AddressIndex
from nianbao.extraction.metadata.regions import RegionIndex
from nianbao.model import Family, Registry, Source
from nianbao.registry import load_registry

from .districts import DOCS, documented, table

DATA = Path(__file__).resolve().parents[2] / "data"
UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"

# How articles of a family look, as far as an address tells; what looks like none of them is generic.
ARTICLES = {
    Family.TRS: r"/\d{6}/t\d{8}_\d+\.s?html?$",
    Family.JPAGE: r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html$",
    Family.GKMLPT: r"/gkmlpt/content/\d+/\d+/post_\d+\.html$",
    Family.SHANGHAI_HEX: rf"/\d{{8}}/[0-9a-f]{{32}}\.html$|/govxxgk/\w+/\d{{4}}-\d\d-\d\d/{UUID}\.html$",
    Family.DAY_OF_YEAR: r"/\d{4}/\d{1,3}/\d+\.html$",
    Family.DETAILS_JSON: rf"\?(?:info)?id={UUID}$",
    Family.SNOWFLAKE: r"/\d{19}\.html$",
}
# What a listing's own path must look like for some families; / where only the site is known.
LISTINGS = {
    Family.JPAGE: r"/col/col\d+/index\.html|/",
    Family.GKMLPT: r"/gkmlpt/index",
    Family.SHANGHAI_HEX: r"/nw\d+/|/govxxgk/\w+/|/\w+/",
}
# Reports that have been seen: whose source, and where.
SEEN = """
beijing-changping-district https://www.beijing.gov.cn/gongkai/fzzfjsbg/qzf/cpq/202503/t20250319_4038586.html
beijing-city-management https://www.beijing.gov.cn/gongkai/fzzfjsbg/sjbm/scsglw/202203/t20220328_2641092.html
beijing-miyun-district https://www.beijing.gov.cn/gongkai/fzzfjsbg/qzf/myq/202503/t20250319_4038736.html
beijing-tiananmen-area https://tamgw.beijing.gov.cn/zhengwugongkai/zdlyzfxxgk/202203/t20220331_2645291.html
chongqing-city https://cq.gov.cn/zwgk/zfxxgkml/fzzfjs/szf_324381/202503/t20250317_14411143.html
chongqing-development-and-reform https://fzggw.cq.gov.cn/zwgk/zfxxgkml/fzzfjsndbg/202403/t20240311_13022013.html
fushun-city https://fushun.gov.cn/zwgk/002014/20250314/27c9125b-45f2-49db-bafe-87ef67e85996.html
fuzhou-minqing-district http://www.fzmq.gov.cn/xjwz/zwgk/gggs/202412/t20241225_4951374.htm
guangzhou-baiyun-district https://www.by.gov.cn/zwgk/fzzfjs/qfzzfjsbg/content/post_10087083.html
guangzhou-education https://jyj.gz.gov.cn/zt/fzzfjs/content/post_8468248.html
guangzhou-general-office https://www.gz.gov.cn/gkmlpt/content/10/10094/post_10094886.html
guangzhou-huadu-departments https://www.huadu.gov.cn/xxgk/fzzfjs/bmfzzfjsbg/content/post_8757634.html
guangzhou-tianhe-district http://www.thnet.gov.cn/zfxxgkml/content/post_9449488.html
hangzhou-binjiang-townships http://www.hhtz.gov.cn/art/2025/1/20/art_1229246130_4328635.html
hangzhou-shangcheng-townships https://www.hzsc.gov.cn/art/2025/1/3/art_1229296313_4324539.html
hangzhou-tonglu-district http://www.tonglu.gov.cn/art/2024/2/5/art_1228970361_59021467.html
jiaxing-city https://www.jiaxing.gov.cn/art/2023/3/28/art_1228936332_59573550.html
jincheng-gaoping-beichengjie http://xxgk.sxgp.gov.cn/xzjd/gpbcb/fdzdgknr/gzdt/202602/t20260203_2317052.shtml
jincheng-lingchuan-departments http://www.lczf.gov.cn/zxzx_2/ztzl_15/fzzfjszl/202601/t20260119_2310225.shtml
jinhua-panan-district https://www.panan.gov.cn/art/2024/3/14/art_1229482326_59354140.html
lishui-yunhe-townships https://www.yunhe.gov.cn/art/2025/2/26/art_1229472530_5463376.html
qingdao-xihaian https://www.xihaian.gov.cn/ywdt/tzgg/202502/t20250211_8937131.shtml
shaanxi-yangling https://yangling.gov.cn/zwgk/fdzdgknr/gkwj/ygz/1904462890100600833.html
shanghai-baoshan-district https://xxgk.shbsq.gov.cn/article.html?infoid=433caefc-109c-47ac-8ef6-0533bc7b0d8e
shanghai-changning-district https://zwgk.shcn.gov.cn/xxgk/qzf-fzzfjs/2025/21/76037.html
shanghai-changning-hongqiao https://zwgk.shcn.gov.cn/xxgk/jhzj-hqjdzdgz/2022/306/64511.html
shanghai-city https://www.shanghai.gov.cn/nw12344/20250321/00afa2a805524f67aa49572a3b042ce6.html
shanghai-justice https://sfj.sh.gov.cn/jggk_fzfjsqkbg/20250326/a25c34df439e498faaf0e28486d13d74.html
shanghai-putuo-townships-2025 https://www.shpt.gov.cn/zhengwu/2025nd-jdzfzzfjsqkbg/2025/343/200698.html
shanghai-qingpu-townships https://www.shqp.gov.cn/shqp/zwgk/fzjs/jz/20260305/1353403.html
tianjin-ninghe-development-zone https://www.tjnh.gov.cn/zwgk/pcjgjg/jjkfqgwh/FDZDGKNR151037/QBGSWJ151222/202502/t20250228_6870775.html
tianjin-teda https://www.teda.gov.cn/contents/29/100812.html
xiamen-government-offices https://glj.xm.gov.cn/xwdt/tzgg/202602/t20260213_2981946.htm
xiamen-siming-district http://www.siming.gov.cn/xxgk/zwgkzdgz/fzzfjs/ndqkbg/qzf/202503/t20250314_1093007.htm
xian-gaoling-district http://www.gaoling.gov.cn/ztzl/rdzt/fzzfjs/fzzfjs/1891755234011127809.html
xian-yanliang-district http://www.yanliang.gov.cn/xxgk/jcgk/ghjh/ndjhzj/1887786296572162049.html
xian-yanta-district http://www.yanta.gov.cn/xxgk/zdxxgk/fzzfjs/fzjs/2011626652839731201.html
yunnan-province https://sft.yn.gov.cn/fzdyydc/394705.jhtml
zhoushan-education http://xxgk.zhoushan.gov.cn/art/2022/3/16/art_1229298164_3684248.html
"""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(DATA)


def family_of(address: str) -> Family:
    return next((family for family, shape in ARTICLES.items() if re.search(shape, address)), Family.GENERIC)


def lies_below(source: Source, article: str) -> bool:
    """True where the article's address says that it belongs to the source's column, as far as its family says so."""
    place = urlsplit(article)
    for listing in source.listings:
        column = urlsplit(listing)
        if (column.scheme, column.hostname) != (place.scheme, place.hostname):
            continue
        number = re.search(r"/col(\d+)/", column.path)
        if number:
            return f"/art_{number[1]}_" in place.path
        return place.path.startswith(column.path.removesuffix("index"))
    return False


@pytest.mark.parametrize(
    ("source_id", "article"),
    [line.split() for line in SEEN.split("\n") if line],
    ids=lambda value: value[-24:],
)
def test_reports_that_were_seen_fit_the_family_and_column_of_their_source(
    registry: Registry, source_id: str, article: str
) -> None:
    source = next(source for source in registry.sources if source.source_id == source_id)
    assert (family_of(article), lies_below(source, article)) == (source.family, True)


def test_listings_look_like_their_family(registry: Registry) -> None:
    for source in registry.sources:
        for listing in source.listings:
            path = urlsplit(listing).path
            shape = LISTINGS.get(source.family)
            assert re.fullmatch(shape, path) if shape else not re.search(r"/col/col\d|/gkmlpt/", path), (
                listing
            )


def test_every_listing_lies_on_a_host_that_is_known_to_be_its_regions(registry: Registry) -> None:
    index = AddressIndex(registry.hosts, registry.departments, RegionIndex(registry.regions))
    bodies = {issuer.issuer_id: issuer.name for issuer in registry.issuers}
    for source in registry.sources:
        for listing in source.listings:
            address = index.read(listing)
            assert address.region is not None and address.region.code == source.region_code, source.source_id
            if address.body and source.issuer_id:
                assert address.body == bodies[source.issuer_id]


def test_every_source_says_what_was_seen_and_none_claims_to_be_verified(registry: Registry) -> None:
    for source in registry.sources:
        assert source.seen and source.verified is None and not source.simulated
        assert source.issuer_id or source.expected_issuers or source.notes, source.source_id
        if source.expected_since:
            assert str(source.expected_since) in source.seen, source.source_id


def test_all_of_beijing_and_the_named_districts_are_there(registry: Registry) -> None:
    due = Counter(
        each
        for source in registry.sources
        for each in {source.issuer_id or "", *source.expected_issuers} - {""}
    )
    districts = [
        i
        for i in registry.issuers
        if re.fullmatch(r"1101\d\d", i.region_code) and i.name.endswith("区人民政府")
    ]
    assert len(districts) == 16 and all(due[issuer.issuer_id] for issuer in districts)
    named = {source.region_code for source in registry.sources}
    shanghai = {
        "310107",
        "310112",
        "310105",
        "310110",
        "310106",
        "310117",
        "310114",
        "310118",
        "310113",
        "310000",
    }
    tianjin = {"120118", "120112", "120117", "120000", "120116"}
    elsewhere = {
        "330400",
        "330421",
        "330900",
        "330903",
        "330212",
        "330211",
        "440100",
        "440111",
        "440103",
        "440114",
    }
    assert (
        shanghai | tianjin | elsewhere | {"440300", "500000", "500103", "500151", "350200", "350203"} <= named
    )


def test_names_that_are_one_sites_are_in_no_other_sources_listing(registry: Registry) -> None:
    aliases = {alias: source.listings[0] for source in registry.sources for alias in source.aliases}
    assert aliases["183.194.252.110"].startswith("https://www.shpt.gov.cn/")
    assert aliases["101.230.193.164"].startswith("https://xxgk.shbsq.gov.cn/")


def test_the_table_of_districts_agrees_with_the_data(registry: Registry) -> None:
    assert documented(DOCS.read_text(encoding="utf-8")) == table(registry), (
        "docs/registry.md has another table than data/ gives; run python tests/registry/districts.py"
    )
