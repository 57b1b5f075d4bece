"""The addresses of the web side and what each answers: the explorer's pages, files of releases, status and metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from nianbao.explorer import Asked, explorer_routes
from nianbao.explorer.page import page
from nianbao.registry import RegistryError
from nianbao.settings import Settings
from nianbao.warehouse.release import Release, list_releases
from nianbao.warehouse.release.find import newest, published
from nianbao.web.guard import Guard
from nianbao.web.pages import changes_page, contents_page, operation_page, releases_page
from nianbao.web.published import file_of, files_of, media_type
from nianbao.web.state import State

# A release never changes; but it may be behind a login, so only the reader's own browser keeps it.
_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def make_app(settings: Settings, *, prefect_ui: str = "", hosts: Iterable[str] = ()) -> ASGIApp:
    """The web side of one home, as an ASGI application.

    prefect_ui: where Prefect's pages are, for a link; '' if nobody knows. hosts: names that requests may come for,
    besides those in the settings and of the loopback.
    """
    app = Starlette(
        routes=[
            *explorer_routes(settings),
            Route("/health", _health),
            Route("/operation", _operation),
            Route("/status.json", _status),
            Route("/metrics", _metrics),
            Route("/current", _current),
            Route("/current/{name:path}", _current),
            Route("/releases", _releases),
            Route("/releases/", _releases),
            Route("/changes/{release_id}", _changes),
            Route("/releases/{release_id}", _contents),
            Route("/releases/{release_id}/", _contents),
            Route("/releases/{release_id}/{name:path}", _file),
        ],
        exception_handlers={HTTPException: _told, Exception: _broken},
    )
    app.state.settings = settings
    app.state.prefect_ui = prefect_ui
    app.state.home_state = State(settings)
    # Outermost, so that also what breaks is answered under its headers.
    return Guard(app, (*settings.web_host_names, *hosts))


def _operation(request: Request) -> Response:
    return operation_page(Asked.of(request), _settings(request), request.app.state.prefect_ui)


def _health(request: Request) -> Response:
    """For load balancers: that the web side answers, not that the data is well; /status.json says that."""
    return PlainTextResponse("ok\n")


def _status(request: Request) -> Response:
    return Response(_state(request, State.as_json), media_type="application/json")


def _metrics(request: Request) -> Response:
    return Response(_state(request, State.as_metrics), media_type=_PROMETHEUS)


def _current(request: Request) -> Response:
    """Leads to the release that is current now: whoever follows reads one release, also when another is published."""
    release, why = newest(_settings(request))
    if release is None:
        raise HTTPException(404, why)
    name = request.path_params.get("name", "")
    if name:
        _file_or_404(release, name)
    path = request.url_for("_file", release_id=release.release_id, name=name).path
    return RedirectResponse(f"{path}?{request.url.query}" if request.url.query else path)


def _releases(request: Request) -> Response:
    settings = _settings(request)
    current, _ = newest(settings)
    return releases_page(Asked.of(request), list_releases(settings.releases), current)


def _contents(request: Request) -> Response:
    release = _release_or_404(request)
    return contents_page(Asked.of(request), release, files_of(release))


def _changes(request: Request) -> Response:
    return changes_page(Asked.of(request), _settings(request), _release_or_404(request))


def _file(request: Request) -> Response:
    release = _release_or_404(request)
    path = _file_or_404(release, request.path_params["name"])
    return FileResponse(path, media_type=media_type(path), headers=_FOREVER)


def _release_or_404(request: Request) -> Release:
    release_id = request.path_params["release_id"]
    release = published(_settings(request), release_id)
    if release is None:
        raise HTTPException(404, f"there is no release '{release_id}'; /releases/ lists those there are")
    return release


def _file_or_404(release: Release, name: str) -> Any:
    path = file_of(release, name)
    if path is None:
        raise HTTPException(
            404,
            f"release {release.release_id} holds no file '{name}'; /releases/{release.release_id}/ lists what it holds",
        )
    return path


def _told(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    said = error.detail if isinstance(error, HTTPException) else ""
    asked = Asked.of(request)
    if status == 404 and said == "Not Found":
        said = asked.say("没有 {path} 这一页；首页通往所有页面", path=request.url.path)
    if "text/html" not in request.headers.get("accept", ""):  # a program
        return PlainTextResponse(f"{said}\n", status_code=status)
    heading = asked.say("没有这一页") if status == 404 else asked.say("出了问题")
    return page("trouble.html", asked, status=status, heading=heading, sentence=said)


def _broken(request: Request, error: Exception) -> Response:
    """What nobody foresaw: the log has the story, the asker learns nothing of the machine."""
    return PlainTextResponse(
        "this page could not be made; the log of `nianbao serve` says why\n", status_code=500
    )


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _state(request: Request, told: Callable[[State], str]) -> str:
    try:
        return told(request.app.state.home_state)
    except RegistryError:
        raise HTTPException(503, "the registry cannot be read; `nianbao status` says why") from None
