"""One address per page, whatever a link spells it like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.harvest.addresses import canonical, places_of

PLACES = places_of(
    ["https://www.shpt.gov.cn/zhengwu/", "http://zwgk.b.gov.cn:8080/list"],
    ["183.194.252.110", "old.shpt.gov.cn"],
)


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("HTTPS://WWW.A.gov.CN:443", "https://www.a.gov.cn/"),
        ("http://www.a.gov.cn:80/x", "http://www.a.gov.cn/x"),
        ("http://www.a.gov.cn:443/x", "https://www.a.gov.cn/x"),
        ("http://www.a.gov.cn:8080/x", "http://www.a.gov.cn:8080/x"),
        ("http://www.a.gov.cn./x", "http://www.a.gov.cn/x"),
        ("http://a.gov.cn/a/./b/../c/..?", "http://a.gov.cn/a/"),
        ("http://a.gov.cn/../../x", "http://a.gov.cn/x"),
        ("http://a.gov.cn/%7eb/%c4%ea%b1%a8.html", "http://a.gov.cn/~b/%C4%EA%B1%A8.html"),
        ("http://a.gov.cn/年 报.html", "http://a.gov.cn/%E5%B9%B4%20%E6%8A%A5.html"),
        ("http://a.gov.cn/100%.html", "http://a.gov.cn/100%25.html"),
        ("http://a.gov.cn/x;jsessionid=0A1B?id=3#top", "http://a.gov.cn/x?id=3"),
        ("http://a.gov.cn/(S(abc123))/x", "http://a.gov.cn/x"),
        ("http://a.gov.cn/x?PHPSESSID=1&infoid=5&ASPSESSIONIDAB=2", "http://a.gov.cn/x?infoid=5"),
        (
            "http://a.gov.cn/x?_t=17&utm_source=a&page=2&sid=9&_=4&timestamp=1",
            "http://a.gov.cn/x?page=2&sid=9",
        ),
        ("http://政府.cn/x", "http://xn--mxtq1m.cn/x"),
        (
            "http://www.beijing.gov.cn/gate/big5/www.beijing.gov.cn/a/t1.html",
            "http://www.beijing.gov.cn/a/t1.html",
        ),
        ("http://a.gov.cn/gate/big5/a.gov.cn/gate/big5/b.gov.cn", "http://b.gov.cn/"),
        ("http://183.194.252.110/zhengwu/1.html", "https://www.shpt.gov.cn/zhengwu/1.html"),
        ("http://old.shpt.gov.cn:443/1", "https://www.shpt.gov.cn/1"),
        ("http://www.shpt.gov.cn/1", "https://www.shpt.gov.cn/1"),
        ("http://zwgk.b.gov.cn/1", "http://zwgk.b.gov.cn/1"),
        ("javascript:void(0)", "javascript:void(0)"),
        ("http://[bad/x", "http://[bad/x"),
    ],
)
def test_a_page_has_one_address(spelled, meant):
    assert canonical(spelled, PLACES) == meant


PIECES = st.sampled_from(
    [
        *"/.%;?&#=:@ \\年(S)", "..", "%2e", "%25", "%41", "%b1", ";jsessionid=1", "?_t=3", "(S(a1))", "/gate/big5/",
        "www.shpt.gov.cn", "183.194.252.110", ":443", ":80", "http://", "utm_x=1", "a", "id=1",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(["http", "https"]))
def test_the_address_of_an_address_is_itself(rest, scheme):
    once = canonical(f"{scheme}://www.a.gov.cn/{rest}", PLACES)
    assert canonical(once, PLACES) == once


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    for url in (text, f"http://{text}"):
        assert canonical(canonical(url, PLACES), PLACES) == canonical(url, PLACES)
