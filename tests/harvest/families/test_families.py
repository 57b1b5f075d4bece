"""Every family on small pages: entries, days, the way on, the end, and what is no listing at all."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.harvest.families import FAMILIES, Page
from nianbao.model import Family

SITE = "https://www.qinghe.test"
TITLE = "清河区2024年法治政府建设年度报告"


def html(*paths: str, more: str = "") -> bytes:
    rows = "".join(f'<li><a href="{path}">{TITLE}</a></li>' for path in paths)
    return f"<html><head><meta charset=utf-8></head><body><ul>{rows}</ul>{more}</body></html>".encode()


def records(*paths: str, more: str = "") -> str:
    rows = "".join(f"<record><![CDATA[<li><a href='{p}'>{TITLE}</a></li>]]></record>" for p in paths)
    return f"<datastore>{more}<recordset>{rows}</recordset></datastore>"


def read(family: Family, body: bytes, url: str, **parameters: str):
    return FAMILIES[family].read(Page(url, body), parameters)


def sibling(path: str) -> str:
    """Another article's address of the same shape."""
    stem, _, extension = path.rpartition(".")
    return f"{stem[:-1]}{'2' if stem[-1] == '1' else '1'}.{extension}"


UUID = "0b4c1d2e-1111-4222-8333-0123456789ab"
HEX = "0123456789abcdef0123456789abcdef"
ARTICLES = [
    (Family.TRS, "/fz/202503/t20250317_14411143.html", "2025-03-17"),
    (Family.SHANGHAI_HEX, f"/nw12344/20250318/{HEX}.html", "2025-03-18"),
    (Family.SHANGHAI_HEX, f"/govxxgk/JB0/2025-03-19/{UUID}.html", "2025-03-19"),
    (Family.SHANGHAI_HEX, f"/mh/content/{UUID.upper()}.htm", ""),
    (Family.SHANGHAI_HEX, f"/zw/202503/{HEX}.shtml", ""),
    (Family.DAY_OF_YEAR, "/zhengwu/fz/2025/343/200698.html", "2025-12-09"),
    (Family.DAY_OF_YEAR, "/xxgk/fz/2024/22/71502.html", "2024-01-22"),
    (Family.DAY_OF_YEAR, "/shpt/fz/20230201/1234.html", "2023-02-01"),
    (Family.SNOWFLAKE, "/zw/1887786296572162049.html", ""),
    (Family.CONTENT_ID, "/zw/fz/content_1234567.html", ""),
    (Family.PUBLIC_PLATFORM, "/zwgk/public/182/1234567.html", ""),
    (Family.VSB, "/info/1021/12345.htm", ""),
    (Family.JPAGE, "/art/2025/3/7/art_1229199096_59.html", "2025-03-07"),
    (Family.JPAGE, f"/art/2025/art_{HEX}.html", ""),
    (Family.GENERIC, "/contents/29/1234.html", ""),
]


@pytest.mark.parametrize(("family", "path", "day"), ARTICLES)
def test_articles_are_known_by_their_addresses_which_may_hold_a_day(
    family: Family, path: str, day: str
) -> None:
    page = read(family, html(path), f"{SITE}/fz/index.html")
    assert [(link.url, link.date) for link in page.links] == [(SITE + path, day)]
    assert FAMILIES[family].is_article(SITE + path)
    assert not FAMILIES[family].is_article(f"{SITE}/fz/index.html")


def test_a_month_in_an_address_is_no_day_of_the_year() -> None:
    (link,) = read(Family.GENERIC, html("/fz/2024/12/7788.html"), f"{SITE}/fz/").links
    assert link.date == ""


RECOGNISED = [
    (Family.GKMLPT, b"<script>window._CONFIG={SID:'7',TREE:[{\"id\":1}]}</script>"),
    (Family.JSONP, f'cb({{"num":1,"data":[{{"title":"{TITLE}","puburl":"/a/1.html"}}]}});'.encode()),
    (Family.DETAILS_JSON, json.dumps([{"id": "u1", "title": TITLE}]).encode()),
    (
        Family.TRS_RECORDSET,
        records("/art/2025/3/7/art_1_2.html", more="<nextgroup>x</nextgroup>").encode(),
    ),
    (
        Family.JPAGE,
        (
            "<script>var columnid=12,unitid=34,webid=5;u='/module/web/jpage/dataproxy.jsp'</script>"
            + records("/art/2025/3/7/art_1_2.html", more="<nextgroup>x</nextgroup>")
        ).encode(),
    ),
    *((family, html(path, sibling(path))) for family, path, _ in ARTICLES),
]


@pytest.mark.parametrize(("family", "body"), RECOGNISED)
def test_the_first_family_that_speaks_is_the_right_one(family: Family, body: bytes) -> None:
    page = Page(f"{SITE}/col/col1/index.html", body)
    spoke = [each.name for each in FAMILIES.values() if each.recognise(page)]
    assert spoke[:1] == [family], spoke


def test_trs_goes_on_until_the_script_says_it_ends() -> None:
    script = '<script>createPageHTML("pages", 3, {}, "index", "shtml", "42", "on");</script>'
    at = f"{SITE}/fz/index.shtml"
    for number, onward in ((0, "index_1.shtml"), (1, "index_2.shtml"), (2, None)):
        page = read(Family.TRS, html("./202503/t20250317_1.html", more=script.format(number)), at)
        assert page.next_url == (onward and f"{SITE}/fz/{onward}")
        at = page.next_url or at


def test_jpage_asks_for_the_rows_that_are_not_shown() -> None:
    said = "<script>var columnid=12,unitid=34,webid=5,perpage=2;u='/module/web/jpage/dataproxy.jsp'</script>"
    said += "<totalrecord>9</totalrecord>"
    rows = [f"/art/2025/3/{n}/art_12_{n}.html" for n in range(1, 10)]
    page = read(Family.JPAGE, (said + records(*rows[:2])).encode(), f"{SITE}/col/col12/index.html")
    assert len(page.links) == 2 and page.total == 9 and page.next_url
    asked = {key: value[0] for key, value in parse_qs(urlsplit(page.next_url).query).items()}
    assert (asked["startrecord"], asked["endrecord"], asked["unitid"]) == ("3", "8", "34")
    answer = ("<totalrecord>9</totalrecord>" + records(*rows[2:8])).encode()
    second = read(Family.JPAGE, answer, page.next_url)
    assert len(second.links) == 6 and "startrecord=9" in (second.next_url or "")
    assert read(Family.JPAGE, b"<html>error</html>", page.next_url).links == ()


def test_jpaas_is_asked_for_its_first_page_where_the_column_shows_nothing() -> None:
    body = b"""<html><body><div url="/api-gateway/jpaas-publish-server/front/page/build/unit"
    queryData="{'webId':'96','tplSetId':'abc','pageType':'column','pageId':'77','tagId':'list'}"></div></body></html>"""
    first = read(Family.JPAGE, body, f"{SITE}/col/col77/index.html").next_url or ""
    asked = parse_qs(urlsplit(first).query)
    assert asked["webId"] == ["96"] and json.loads(asked["paramJson"][0])["pageNo"] == 1
    answer = json.dumps({"data": {"html": f"<li><a href='/art/2025/art_{HEX}.html'>{TITLE}</a></li>"}})
    page = read(Family.JPAGE, answer.encode(), first)
    assert [link.text for link in page.links] == [TITLE]
    asked = parse_qs(urlsplit(page.next_url or "").query)
    assert asked["pageNo"] == ["2"] and json.loads(asked["paramJson"][0])["pageNo"] == 2


def test_gkmlpt_finds_its_column_and_ends_with_an_empty_list() -> None:
    tree = [
        {"id": 3, "name": "预算"},
        {"id": 8, "name": "法治", "children": [{"id": 9, "name": "法治政府建设年度报告"}]},
    ]
    shell = f"<script>_CONFIG={{SID:'200',TREE:{json.dumps(tree)}}}</script>".encode()
    index = f"{SITE}/gkmlpt/index"
    first = read(Family.GKMLPT, shell, index).next_url or ""
    assert first == f"{SITE}/gkmlpt/api/all/9?page=1&sid=200"
    for told in ({"category": "3"}, {"listing": f"{index}#3"}):
        assert "/all/3?" in (read(Family.GKMLPT, shell, index, **told).next_url or "")
    # 16:30 on the 31st in UTC is the next day in China.
    article = {
        "id": 5,
        "title": TITLE,
        "img_url": "/x.jpg",
        "url": "/gkmlpt/content/1/2/post_5.html",
        "date": 1711902600,
    }
    page = read(Family.GKMLPT, json.dumps({"articles": [article], "total": 1}).encode(), first)
    (link,) = page.links
    assert (link.url, link.date) == (f"{SITE}/gkmlpt/content/1/2/post_5.html", "2024-04-01")
    assert page.next_url == first.replace("page=1", "page=2")
    assert read(Family.GKMLPT, b'{"articles": []}', first).next_url is None


def test_json_lists_name_articles_by_a_template_and_turn_by_their_address() -> None:
    listing = f"{SITE}/api/list?column=29&page={{page}}"
    told = {"listing": listing, "article": f"{SITE}/api/details?id={{id}}"}
    family = FAMILIES[Family.DETAILS_JSON]
    assert family.start(listing, {**told, "first_page": "0"}).endswith("page=0")
    body = json.dumps(
        {"data": {"rows": [{"infoId": "a/b", "title": f"<b>{TITLE}</b>", "publishTime": "2025-03-01 08:00"}]}}
    )
    page = family.read(Page(family.start(listing, told), body.encode()), told)
    assert [(link.url, link.text, link.date) for link in page.links] == [
        (f"{SITE}/api/details?id=a%2Fb", TITLE, "2025-03-01")
    ]
    assert (page.next_url or "").endswith("page=2")
    assert family.read(Page(listing, b'{"data": {"rows": []}}'), told).next_url is None


def test_a_jsonp_search_goes_on_while_it_has_entries() -> None:
    at = f"{SITE}/govsearch/jsonp/zf_list.jsp?page=1&callback=cb"
    body = f'/**/cb({{"num":30,"data":[{{"title":"{TITLE}","puburl":"http://cc.test/1.html","tip":{{"dates":"2025-02-03"}}}}]}});'
    page = read(Family.JSONP, body.encode(), at)
    assert [(link.url, link.date) for link in page.links] == [("http://cc.test/1.html", "2025-02-03")]
    assert page.total == 30 and "page=2" in (page.next_url or "")
    assert read(Family.JSONP, b'cb({"num":30,"data":[]})', at).next_url is None


NO_LISTING = {
    "an error page": html("/", more="<h1>系统繁忙</h1>"),
    "nothing": b"",
    "an error in JSON": b'{"code": 500, "msg": "no such page", "data": null}',
    "an empty list": b'{"total": 0, "data": []}',
    "JSON that breaks off": b'{"data": [{"title": "a", "url": "/1.ht',
    "a callback of nothing": b"cb()",
    "an empty island": b"<datastore><recordset></recordset></datastore>",
    "a file": b"%PDF-1.7 no page",
}


@pytest.mark.parametrize("body", NO_LISTING.values(), ids=NO_LISTING)
@pytest.mark.parametrize(
    ("family", "further"),
    [
        (Family.TRS, "/fz/index_9.html"),
        (Family.SHANGHAI_HEX, "/fz/index_10.html"),
        (Family.JPAGE, "/module/web/jpage/dataproxy.jsp?startrecord=91&endrecord=135&perpage=15&columnid=1"),
        (Family.JPAGE, "/api-gateway/jpaas-publish-server/front/page/build/unit?pageNo=9"),
        (Family.TRS_RECORDSET, "/col/col1/index.html"),
        (Family.GKMLPT, "/gkmlpt/api/all/1?page=9&sid=2"),
        (Family.DETAILS_JSON, "/api/list?page=9"),
        (Family.JSONP, "/govsearch/jsonp/zf_list.jsp?page=9&callback=cb"),
        (Family.GENERIC, "/fz/list_9.html"),
    ],
)
def test_a_page_too_far_ends_the_listing(family: Family, further: str, body: bytes) -> None:
    listing = f"{SITE}{further.replace('9', '{page}', 1)}" if "page=9" in further else f"{SITE}{further}"
    page = read(family, body, SITE + further, listing=listing, article=f"{SITE}/d?id={{id}}")
    assert page.next_url is None
    assert [link.url for link in page.links if FAMILIES[family].is_article(link.url)] == []


ADDRESSES = [
    f"{SITE}/fz/index.html",
    f"{SITE}/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=9",
    f"{SITE}/api-gateway/jpaas-publish-server/front/page/build/unit?pageNo=1",
    f"{SITE}/gkmlpt/api/all/1?page=1&sid=2",
]
PIECES = [
    "<record><![CDATA[",
    "createPageHTML(",
    "cb(",
    ")",
    "[",
    '{"title":"\\ud800","url":"http://[x",',
    '"',
    "_CONFIG",
    "TREE:[",
]


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from(PIECES), max_size=30).map(lambda found: "".join(found).encode()),
        st.recursive(
            st.integers() | st.text(max_size=9),
            lambda inner: st.dictionaries(
                st.sampled_from(["title", "url", "id", "date", "total", "data", "html"]),
                inner | st.lists(inner, max_size=3),
                max_size=4,
            ),
            max_leaves=12,
        ).map(lambda value: json.dumps([value]).encode()),
    ),
    st.sampled_from(ADDRESSES),
)
def test_whatever_a_page_holds_it_is_read(body: bytes, url: str) -> None:
    page = Page(url, body)
    for family in FAMILIES.values():
        found = family.read(page, {"listing": url, "article": f"{SITE}/d?id={{id}}"})
        family.recognise(page)
        for link in found.links:
            (link.url + link.text).encode()


@pytest.mark.parametrize("piece", PIECES)
def test_pieces_that_never_end_are_read_in_linear_time(piece: str) -> None:
    page = Page(ADDRESSES[0], ("<html><body><script>" + piece * 20_000).encode())
    for family in FAMILIES.values():
        assert family.read(page, {"listing": page.url}).links == ()
