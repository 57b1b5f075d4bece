"""What can go wrong between a website and its reader, as data: switched on per address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """Closed list of what the server can do wrong on the wire."""

    STATUS = "status"  # answers with `status` and a short page
    REDIRECT = (
        "redirect"  # answers `status` (302 unless it says so) to `location`; {n} in it counts up: endless
    )
    EMPTY = "empty"  # 200 and not one byte
    TRUNCATED = "truncated"  # the first `share` of the body, announced as if it were all
    RELABELLED = "relabelled"  # the body in `encoding`, labelled `charset` (empty: without a label)
    DRIP = "drip"  # the body in small pieces, with `seconds` between them
    RESET = "reset"  # the connection breaks after `share` of the body
    WRONG_LENGTH = "wrong_length"  # announces more bytes than come, then closes
    REPLACED = "replaced"  # 200 and `page` instead of the content
    FILE = "file"  # 200 and the file named `page` (bad_files.py) instead of the content
    COOKIE_GATE = (
        "cookie_gate"  # redirects to itself with a cookie until that cookie comes back, then all is well
    )
    FORCED_GZIP = (
        "forced_gzip"  # the body gzipped, whether the client takes that or not; all is well otherwise
    )
    GZIP_BOMB = "gzip_bomb"  # a small gzipped body that unpacks to `size` bytes
    HUGE = "huge"  # `size` bytes, made while they are sent; announced unless `charset` is "chunked"
    ENDLESS_HEADERS = "endless_headers"  # header lines without end
    BAD_CHUNKING = "bad_chunking"  # a chunked body whose second chunk has no size
    BAD_STATUS_LINE = "bad_status_line"  # an answer that is not HTTP
    CLOSED = "closed"  # the connection ends without an answer
    TLS_ALERT = "tls_alert"  # the answer of a port that wants TLS to a client that speaks plainly


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. status: of STATUS, REPLACED and REDIRECT. page: HTML text that is shown. times: the fault goes away
    after so many requests (0: it stays). size: bytes. headers: added to the answer. The other fields belong to the
    kinds that name them."""

    kind: FaultKind
    status: int = 200
    location: str = ""
    share: float = 0.4
    seconds: float = 0.5
    pieces: int = 600
    charset: str = ""
    encoding: str = "gb18030"
    page: str = ""
    times: int = 0
    size: int = 100_000_000
    headers: tuple[tuple[str, str], ...] = ()


_SUSPENDED = """<html><head><title>网站暂停访问</title></head><body><div class="box"><h1>该网站已暂停服务</h1>
<p>您访问的网站因域名信息核验或资源到期已被暂停，如有疑问请联系网站管理员或主机服务商。</p></div></body></html>"""
_MAINTENANCE = """<html><head><title>系统维护公告</title></head><body><div class="notice"><h2>网站维护中</h2>
<p>尊敬的用户：因系统升级维护，本网站暂停访问，恢复时间另行通知，给您带来不便敬请谅解。</p></div></body></html>"""
NOT_THERE = """<html><head><title>提示信息</title></head><body><div><p>很抱歉，您访问的页面不存在或已被删除！</p>
<p><a href="/">返回首页</a></p></div></body></html>"""
_CHALLENGE = """<html><head><script>var _ts=window['$_ts']||{};_ts.cd="qEqRrAqhc0r0";_ts.cp=17;</script>
<script type="text/javascript" src="/c2F5/4dJ.a1b.js"></script></head><body></body></html>"""
_CLEARANCE = """<script>document.cookie=('_')+('_')+('jsl_clearance')+('=')+('1711')+('|0|')+('aXk')+';max-age=3600;path=/';
location.href=location.pathname+location.search</script>"""
_CIPHER = """<html><script>var arg1='3A1E94B5C9D0E77F01';(function(){var k='acw_sc__v2';function reload(x){
document.cookie=k+'='+x+';expires=Thu, 31-Dec-37 23:55:55 GMT;path=/';document.location.reload();}reload(arg1);})();
</script></html>"""
_PLAIN_ERROR = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr></body></html>"


def error_page(title: str) -> str:
    """The page that web servers show with an error."""
    return _PLAIN_ERROR.format(title)


def named_faults(self_path: str = "/loop", elsewhere: str = "http://www.elsewhere.test/") -> dict[str, Fault]:
    """The faults by name. self_path: where the endless redirect turns; elsewhere: a foreign address."""
    return {
        **_statuses(),
        **_redirects(self_path, elsewhere),
        **_challenges(),
        "empty": Fault(FaultKind.EMPTY),
        "truncated": Fault(FaultKind.TRUNCATED),
        "gb18030_labelled": Fault(FaultKind.RELABELLED, charset="gb18030"),
        "gb18030_unlabelled": Fault(FaultKind.RELABELLED),
        "gb18030_mislabelled": Fault(FaultKind.RELABELLED, charset="utf-8"),
        "gbk_as_gb2312": Fault(FaultKind.RELABELLED, charset="gb2312", encoding="gbk"),
        "utf8_as_gbk": Fault(FaultKind.RELABELLED, charset="gbk", encoding="utf-8"),
        "utf8_unlabelled": Fault(FaultKind.RELABELLED, encoding="utf-8"),
        "drip": Fault(FaultKind.DRIP),
        "reset": Fault(FaultKind.RESET),
        "reset_once": Fault(FaultKind.RESET, times=1),
        "wrong_length": Fault(FaultKind.WRONG_LENGTH),
        "closed": Fault(FaultKind.CLOSED),
        "closed_once": Fault(FaultKind.CLOSED, times=1),
        "endless_headers": Fault(FaultKind.ENDLESS_HEADERS),
        "bad_chunking": Fault(FaultKind.BAD_CHUNKING),
        "bad_status_line": Fault(FaultKind.BAD_STATUS_LINE),
        "tls_alert": Fault(FaultKind.TLS_ALERT),
        "forced_gzip": Fault(FaultKind.FORCED_GZIP),
        "cookie_gate": Fault(FaultKind.COOKIE_GATE),
        "gzip_bomb": Fault(FaultKind.GZIP_BOMB, size=200_000_000),
        "huge": Fault(FaultKind.HUGE),
        "huge_chunked": Fault(FaultKind.HUGE, charset="chunked"),
        "encrypted_pdf": Fault(FaultKind.FILE, page="encrypted.pdf"),
        "zip_bomb_docx": Fault(FaultKind.FILE, page="bomb.docx"),
        "entities_docx": Fault(FaultKind.FILE, page="entities.docx"),
        "suspended": Fault(FaultKind.REPLACED, page=_SUSPENDED),
        "maintenance": Fault(FaultKind.REPLACED, page=_MAINTENANCE),
        "soft_404": Fault(FaultKind.REPLACED, page=NOT_THERE),
    }


def _statuses() -> dict[str, Fault]:
    def answer(status: int, title: str, times: int = 0, **headers: str) -> Fault:
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return Fault(FaultKind.STATUS, status=status, page=error_page(title), times=times, headers=named)

    return {
        "not_found": answer(404, "404 Not Found"),
        "gone": answer(410, "410 Gone"),
        "forbidden": answer(403, "403 Forbidden"),
        "server_error": answer(500, "500 Internal Server Error"),
        "server_error_once": answer(503, "503", times=1),
        "bad_gateway_once": answer(502, "502 Bad Gateway", times=1),
        "throttled": answer(429, "429 Too Many Requests", Retry_After="86400"),
        "throttled_until": answer(503, "503", Retry_After="Thu, 31 Dec 2099 00:00:00 GMT"),
        "throttled_once": answer(429, "429 Too Many Requests", times=1, Retry_After="1"),
        "unavailable_once": answer(503, "503 Service Unavailable", times=1, Retry_After="1"),
    }


def _redirects(self_path: str, elsewhere: str) -> dict[str, Fault]:
    return {
        "redirect_loop": Fault(FaultKind.REDIRECT, location=self_path),
        "redirect_endless": Fault(FaultKind.REDIRECT, location=self_path + "?n={n}"),
        "redirect_away": Fault(FaultKind.REDIRECT, location=elsewhere),
        "moved_away": Fault(FaultKind.REDIRECT, status=301, location=elsewhere),
    }


def _challenges() -> dict[str, Fault]:
    def challenge(status: int, page: str, cookie: str) -> Fault:
        headers = (("Set-Cookie", f"{cookie}; Path=/; HttpOnly"), ("Cache-Control", "no-store"))
        return Fault(FaultKind.STATUS, status=status, page=page, headers=headers)

    return {
        "challenge": challenge(412, _CHALLENGE, "NOSESSION=5U3kA"),
        "challenge_202": challenge(202, _CHALLENGE, "FSSBBIl1UgzbN7N80S=60Z1"),
        "challenge_521": challenge(521, _CLEARANCE, "__jsluid_h=4f0c2a"),
        "challenge_200": challenge(200, _CIPHER, "acw_tc=76b20f"),
    }
