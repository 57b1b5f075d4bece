"""The side of `nianbao serve` that is Prefect's: its server, the runner of the deployments, and whether both are at work."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from typing import TextIO

from nianbao.commands.children import Child, redacted
from nianbao.commands.serve_places import Places, ServeError
from nianbao.commands.serve_web import listening
from nianbao.settings import Settings

_START_SECONDS = 180.0
_REMOTE_SECONDS = 60.0
# The runner and the server outlive a database that is merely started again.
_ASK_SECONDS, _UNREADY_SECONDS = 5.0, 30.0
# Together below the ten seconds after which a service manager or a person loses patience.
_RUNS_STOP, _RUNNER_STOPS, _SERVER_STOPS = 4.5, 1.0, 2.0
_DATABASE_NAMES = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL")


class PrefectSide:
    """What runs of Prefect. ui: the address of its pages; environment: to ask it in."""

    def __init__(
        self, children: list[Child], api: str, environment: dict[str, str], stop: threading.Event
    ) -> None:
        self.ui = redacted(api).replace("…@", "").removesuffix("/api")
        self.environment = environment
        self._children = children
        self._api = api
        self._stop = stop
        self._unready = ""
        # It may wait long for an answer, and the command has to end at once when it is told to.
        threading.Thread(target=self._ask, name="readiness", daemon=True).start()

    def check(self) -> None:
        """Raises ServeError if a process that has to run has ended, or the server has been unable to work for a while."""
        for child in self._children:
            _running(child)
        if self._unready:
            raise ServeError(
                f"the Prefect server at {self.ui} has not been ready for {_UNREADY_SECONDS:.0f} s ({self._unready}), so all is"
                " ended; see to it and to its database, and start it again"
            )

    def _ask(self) -> None:
        ready_at = time.monotonic()
        while not self._stop.wait(_ASK_SECONDS):
            trouble = _trouble(f"{self._api.rstrip('/')}/ready")
            if not trouble:
                ready_at = time.monotonic()
            elif time.monotonic() - ready_at > _UNREADY_SECONDS:
                self._unready = trouble


def _trouble(url: str) -> str:
    """Why a server is not ready, '' if it is."""
    try:
        with _opener().open(url, timeout=_ASK_SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        if error.code == 503:
            return "its database is not available"
        return f"it answers {error.code}" if error.code >= 500 else ""
    except (OSError, ValueError, http.client.HTTPException) as error:
        return redacted(str(error))


def _opener() -> urllib.request.OpenerDirector:
    """Asks without any proxy."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def start_prefect(settings: Settings, places: Places, parts: ExitStack, stop: threading.Event) -> PrefectSide:
    """Starts the server, unless PREFECT_API_URL names one, and the runner."""
    environment = dict(os.environ)
    named = environment.get("PREFECT_API_URL")
    children = []
    if named:
        _until_healthy(
            named,
            _REMOTE_SECONDS,
            stop,
            lambda: None,
            f"the Prefect server that PREFECT_API_URL names, {named}, does not answer; start it, or unset the variable",
        )
    else:
        listening(places.host, places.port, "--port").close()
        named = f"http://{places.near}:{places.port}/api"
        server = Child(
            "Prefect server",
            ["-m", "prefect", "server", "start", "--host", places.host, "--port", str(places.port)],
            _server_environment(settings, environment, places),
            settings.logs / "prefect-server.log",
        )
        parts.callback(server.stop, _SERVER_STOPS)
        children.append(server)
        _until_healthy(
            named,
            _START_SECONDS,
            stop,
            lambda: _running(server),
            f"the Prefect server did not come up in {_START_SECONDS:.0f} s; {server.log_path} says why",
        )
    asking = _runner_environment(environment, named)
    if not stop.is_set():
        arguments = ["-m", "flows.deployments"]
        runner = Child("runner of the deployments", arguments, asking, settings.logs / "runner.log")
        # The runner would kill the runs at once: they end first, so that the ledger says what became of them.
        parts.callback(runner.stop, _RUNNER_STOPS, children_first=_RUNS_STOP)
        children.append(runner)
    return PrefectSide(children, named, asking, stop)


def _server_environment(settings: Settings, environment: dict[str, str], places: Places) -> dict[str, str]:
    """What the server is told: its database, and that only its own pages may talk to it from a browser."""
    told = dict(environment)
    if settings.prefect_database is not None:
        for name in _DATABASE_NAMES:
            told.pop(name, None)
        told[_DATABASE_NAMES[0]] = settings.prefect_database.get_secret_value()
    for name in _DATABASE_NAMES:
        scheme, found, rest = told.get(name, "").partition("://")
        if found and scheme in ("postgresql", "postgres"):
            told[name] = f"postgresql+asyncpg://{rest}"
    origins = {f"http://{name}:{places.port}" for name in (places.near, "localhost", "127.0.0.1")}
    told.setdefault("PREFECT_SERVER_CORS_ALLOWED_ORIGINS", ",".join(sorted(origins)))
    # The pages are copied there at each start: an installation may belong to another user.
    told.setdefault("PREFECT_UI_STATIC_DIRECTORY", str(settings.home / "prefect" / "ui"))
    return told


def _runner_environment(environment: dict[str, str], api: str) -> dict[str, str]:
    """What reads documents from elsewhere needs no database password."""
    secret = {"NIANBAO_PREFECT_DATABASE", *_DATABASE_NAMES}
    told = {name: value for name, value in environment.items() if name not in secret}
    told["PREFECT_API_URL"] = api
    if "PREFECT_SERVER_API_AUTH_STRING" in told:
        told.setdefault("PREFECT_API_AUTH_STRING", told["PREFECT_SERVER_API_AUTH_STRING"])
    return told


def _until_healthy(
    api: str, seconds: float, stop: threading.Event, check: Callable[[], None], complaint: str
) -> None:
    """Returns once the server answers, or when the service is asked to end. Raises ServeError with the complaint."""
    opener = _opener()
    deadline = time.monotonic() + seconds
    while not stop.is_set():
        check()
        try:
            with opener.open(f"{api.rstrip('/')}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError, ValueError):
            if time.monotonic() > deadline:
                raise ServeError(complaint) from None
        stop.wait(0.2)


def _running(child: Child) -> None:
    """Raises ServeError if a process that has to run has ended."""
    if child.exit_code is not None:
        raise ServeError(
            f"the {child.name} ended with exit code {child.exit_code}, so all is ended; start it again. Its log is"
            f" {child.log_path}; the last lines:\n{child.last_words()}"
        )


def tell_next(
    settings: Settings, prefect: PrefectSide, stop: threading.Event, out: TextIO, err: TextIO
) -> None:
    """Says when the next refresh is; a server that makes no runs out of schedules would look well otherwise."""
    asked = subprocess.Popen(
        [sys.executable, "-m", "flows.next_run"],
        env=prefect.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    while asked.poll() is None and not stop.wait(0.1):
        pass
    if stop.is_set():
        asked.kill()
    said = asked.communicate()[0].strip()
    if said:
        print(f"Next       {said}", file=out, flush=True)
    elif not stop.is_set():
        print(
            "WARNING: the Prefect server has made no run out of the nightly schedule. Either the schedule is paused"
            " there, or its scheduler is broken (a sqlalchemy outside the bounds of pyproject.toml does that: `pip"
            f" check`); {settings.logs / 'prefect-server.log'} says more",
            file=err,
            flush=True,
        )
