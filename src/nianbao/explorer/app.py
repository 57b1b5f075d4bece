"""The addresses of the explorer, and how each is answered: one release per page, troubles as sentences, unchanged pages once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nianbao import __version__
from nianbao.explorer.asked import Asked
from nianbao.explorer.opened import NoReleaseError, OldReleaseError, OpenReleases
from nianbao.explorer.page import page
from nianbao.explorer.script import chart_script
from nianbao.explorer.views.answer import NotThereError, View
from nianbao.explorer.views.issuers import Issuer, Issuers
from nianbao.explorer.views.overview import Overview
from nianbao.settings import Settings

_AN_HOUR = {"Cache-Control": "private, max-age=3600"}
Make = Callable[[Request], View]


def explorer_routes(settings: Settings) -> list[Route]:
    """The routes of all views and of what their pages load, which read releases of one home."""
    releases = OpenReleases(settings)

    def route(path: str, make: Make) -> Route:
        return Route(path, lambda request: _answer(releases, make, request))

    return [
        Route("/assets/vega.js", lambda _: _script(chart_script(settings.cache))),
        Route("/assets/charts.js", lambda _: _script(_asset("charts.js"))),
        Route("/assets/style.css", lambda _: Response(_asset("style.css"), media_type="text/css", headers=_AN_HOUR)),
        route("/", lambda _: Overview()),
        route("/issuers", lambda _: Issuers()),
        route("/issuers/{issuer_id}", lambda asked: Issuer(asked.path_params["issuer_id"])),
    ]


def _asset(name: str) -> bytes:
    return (files("nianbao.explorer") / "assets" / name).read_bytes()


def _script(content: bytes) -> Response:
    return Response(content, media_type="text/javascript", headers=_AN_HOUR)


def _answer(releases: OpenReleases, make: Make, request: Request) -> Response:
    asked = Asked.of(request)
    try:
        with releases.lend(asked.release) as opened:
            tag = _tag(opened.release.release_id, asked)
            if request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers={"ETag": tag})
            answer = make(request).answer(asked, opened)
            answer.headers["ETag"] = tag
            return answer
    except NoReleaseError as error:
        return _trouble(asked, 404, asked.say("没有可看的发布"), str(error))
    except NotThereError as error:
        return _trouble(asked, 404, asked.say("没有这一页"), str(error))
    except OldReleaseError as error:
        return _trouble(asked, 404, asked.say("这一发布太旧，没有本页所需的数据"), str(error))


def _trouble(asked: Asked, status: int, heading: str, sentence: str) -> Response:
    return page("trouble.html", asked, status=status, heading=heading, sentence=sentence)


def _tag(release_id: str, asked: Asked) -> str:
    """A page is the same as long as release, address and program are."""
    told = repr((release_id, __version__, asked.path, sorted(asked.parameters.items())))
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:24]}"'
