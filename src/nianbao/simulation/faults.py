"""What can go wrong between a website and its reader, as data: switched on per address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """Closed list of what the server can do wrong on the wire."""

    STATUS = "status"  # answers with `status` and a short page
    REDIRECT = "redirect"  # answers 302 to `location`; {n} in it counts up: an endless redirect
    EMPTY = "empty"  # 200 and not one byte
    TRUNCATED = "truncated"  # the first `share` of the body, announced as if it were all
    RELABELLED = "relabelled"  # the body in `encoding`, labelled `charset` (empty: without a label)
    DRIP = "drip"  # the body in small pieces, with `seconds` between them
    RESET = "reset"  # the connection breaks after `share` of the body
    WRONG_LENGTH = "wrong_length"  # announces more bytes than come, then closes
    REPLACED = "replaced"  # 200 and `page` instead of the content


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. status: of STATUS and REPLACED. page: HTML text that is shown. times: the fault goes away after so
    many requests (0: it stays). headers: added to the answer. The other fields belong to the kinds that name them."""

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
    headers: tuple[tuple[str, str], ...] = ()


_SUSPENDED = """<html><head><title>网站暂停访问</title></head><body><div class="box"><h1>该网站已暂停服务</h1>
<p>您访问的网站因域名信息核验或资源到期已被暂停，如有疑问请联系网站管理员或主机服务商。</p></div></body></html>"""
_NOT_THERE = """<html><head><title>提示信息</title></head><body><div><p>很抱歉，您访问的页面不存在或已被删除！</p>
<p><a href="/">返回首页</a></p></div></body></html>"""
_CHALLENGE = """<html><head><script>var _ts=window['$_ts']||{};_ts.cd="qEqRrAqhc0r0";_ts.cp=17;</script>
<script type="text/javascript" src="/c2F5/4dJ.a1b.js"></script></head><body></body></html>"""
_PLAIN_ERROR = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr></body></html>"


def named_faults(self_path: str = "/loop", elsewhere: str = "http://www.elsewhere.test/") -> dict[str, Fault]:
    """The faults by name. self_path: where the endless redirect turns; elsewhere: a foreign address."""
    return {
        "not_found": Fault(FaultKind.STATUS, status=404, page=_PLAIN_ERROR.format("404 Not Found")),
        "forbidden": Fault(FaultKind.STATUS, status=403, page=_PLAIN_ERROR.format("403 Forbidden")),
        "server_error": Fault(FaultKind.STATUS, status=500, page=_PLAIN_ERROR.format("500 Internal Server Error")),
        "server_error_once": Fault(FaultKind.STATUS, status=503, page=_PLAIN_ERROR.format("503"), times=1),
        "redirect_loop": Fault(FaultKind.REDIRECT, location=self_path),
        "redirect_endless": Fault(FaultKind.REDIRECT, location=self_path + "?n={n}"),
        "redirect_away": Fault(FaultKind.REDIRECT, location=elsewhere),
        "empty": Fault(FaultKind.EMPTY),
        "truncated": Fault(FaultKind.TRUNCATED),
        "gb18030_labelled": Fault(FaultKind.RELABELLED, charset="gb18030"),
        "gb18030_unlabelled": Fault(FaultKind.RELABELLED),
        "gb18030_mislabelled": Fault(FaultKind.RELABELLED, charset="utf-8"),
        "drip": Fault(FaultKind.DRIP),
        "reset": Fault(FaultKind.RESET),
        "wrong_length": Fault(FaultKind.WRONG_LENGTH),
        "suspended": Fault(FaultKind.REPLACED, page=_SUSPENDED),
        "soft_404": Fault(FaultKind.REPLACED, page=_NOT_THERE),
        "challenge": Fault(
            FaultKind.STATUS, status=412, page=_CHALLENGE,
            headers=(("Set-Cookie", "NOSESSION=5U3kA; Path=/; HttpOnly"), ("Cache-Control", "no-store")),
        ),
    }  # fmt: skip
