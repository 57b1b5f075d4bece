"""The addresses of the explorer, and how each is answered: one release per page, troubles as sentences, unchanged pages once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nianbao import __version__
from nianbao.explorer.asked import Asked
from nianbao.explorer.captures import capture_download
from nianbao.explorer.kept import KeptPages
from nianbao.explorer.opened import NoReleaseError, OldReleaseError, Opened, OpenReleases, UnknownReleaseError
from nianbao.explorer.page import page
from nianbao.explorer.script import chart_script
from nianbao.explorer.taken import NotTakenError
from nianbao.explorer.views.answer import NotThereError, View
from nianbao.explorer.views.cite import Cite
from nianbao.explorer.views.compare import Compare
from nianbao.explorer.views.indicators import Indicators, IndicatorView
from nianbao.explorer.views.issuers import Issuer, Issuers
from nianbao.explorer.views.overview import Overview
from nianbao.explorer.views.quality import Quality, Sources
from nianbao.explorer.views.report import FigureLink, ReportView
from nianbao.explorer.views.search import Search
from nianbao.settings import Settings
from nianbao.warehouse.release import Release

_AN_HOUR = {"Cache-Control": "private, max-age=3600"}
Give = Callable[[Asked, Opened, Mapping[str, str]], Response]


def explorer_routes(settings: Settings) -> list[Route]:
    """The routes of all views and of what their pages load, which read releases of one home."""
    releases, kept = OpenReleases(settings), KeptPages()

    def answer(path: str, give: Give) -> Route:
        return Route(path, lambda request: _answer(releases, give, request))

    def view(path: str, make: Callable[[Mapping[str, str]], View]) -> Route:
        def give(asked: Asked, opened: Opened, parts: Mapping[str, str]) -> Response:
            return kept.page(_tag(opened.release, asked), lambda: make(parts).answer(asked, opened))

        return answer(path, give)

    return [
        Route("/assets/vega.js", lambda _: _script(chart_script(settings.cache))),
        Route("/assets/charts.js", lambda _: _script(_asset("charts.js"))),
        Route(
            "/assets/style.css",
            lambda _: Response(_asset("style.css"), media_type="text/css", headers=_AN_HOUR),
        ),
        view("/", lambda _: Overview()),
        view("/issuers", lambda _: Issuers()),
        view("/issuers/{id}", lambda parts: Issuer(parts["id"])),
        view("/indicators", lambda _: Indicators()),
        view("/indicators/{id}", lambda parts: IndicatorView(parts["id"])),
        view("/reports/{id:path}", lambda parts: ReportView(parts["id"])),
        view("/figures/{id}", lambda parts: FigureLink(parts["id"])),
        view("/compare", lambda _: Compare()),
        view("/search", lambda _: Search()),
        view("/cite", lambda _: Cite()),
        view("/quality", lambda _: Quality()),
        view("/sources", lambda _: Sources()),
        answer(
            "/captures/{id}",
            lambda asked, opened, parts: capture_download(settings, asked, opened, parts["id"]),
        ),
    ]


def _asset(name: str) -> bytes:
    return (files("nianbao.explorer") / "assets" / name).read_bytes()


def _script(content: bytes) -> Response:
    return Response(content, media_type="text/javascript", headers=_AN_HOUR)


def _answer(releases: OpenReleases, give: Give, request: Request) -> Response:
    asked = Asked.of(request)
    try:
        with releases.lend(asked.release) as opened:
            tag = _tag(opened.release, asked)
            if request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers={"ETag": tag})
            answer = give(asked, opened, request.path_params)
            answer.headers["ETag"] = tag
            return answer
    except UnknownReleaseError as error:
        sentence = asked.say("没有发布 {name}，它从未有过或已删去；“所有发布”列出现有的。", name=str(error))
        return _trouble(asked, 404, asked.say("没有可看的发布"), sentence)
    except NoReleaseError as error:
        return _trouble(asked, 404, asked.say("没有可看的发布"), str(error))
    except NotThereError as error:
        return _trouble(asked, 404, asked.say("没有这一页"), str(error))
    except NotTakenError as error:
        return _trouble(asked, 400, asked.say("取不走这张表"), str(error))
    except OldReleaseError as error:
        return _trouble(asked, 404, asked.say("这一发布太旧，没有本页所需的数据"), str(error))


def _trouble(asked: Asked, status: int, heading: str, sentence: str) -> Response:
    return page("trouble.html", asked, status=status, heading=heading, sentence=sentence)


def _tag(release: Release, asked: Asked) -> str:
    """A page is the same as long as release, address and program are, and the other releases, which some pages list."""
    others = sorted(each.name for each in release.folder.parent.iterdir())
    told = repr((release.release_id, others, __version__, asked.path, sorted(asked.parameters.items())))
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:24]}"'
