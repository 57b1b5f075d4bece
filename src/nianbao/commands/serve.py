"""`nianbao serve`: Prefect's server, the deployments, the web side and the watch over alerts, as one thing that ends whole.

The server and the runner of the deployments are processes of their own. If one of them ends, all ends with exit code 1:
whatever started the command starts it again, and nothing goes on half.
"""

from __future__ import annotations

import ipaddress
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TextIO

from nianbao.commands.children import Child, redacted
from nianbao.commands.serve_web import PortTakenError, WebSide, listening
from nianbao.commands.watch import watch
from nianbao.settings import Settings, library_environment

_START_SECONDS = 180.0
_REMOTE_SECONDS = 60.0
# Together below the ten seconds after which a service manager or a person loses patience.
_RUNS_STOP, _RUNNER_STOPS, _SERVER_STOPS = 4.5, 1.0, 2.0
_DATABASE_NAMES = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL")


class ServeError(Exception):
    """Something that belongs to the service cannot start or has ended; the message says what to do."""


@dataclass(frozen=True, slots=True)
class _Prefect:
    """What runs of Prefect: processes, where its pages are, and the environment to ask it in."""

    children: list[Child]
    ui: str
    environment: dict[str, str]


@dataclass(frozen=True, slots=True)
class Places:
    """Where to listen: an address, the port of the Prefect server, the port of the web side."""

    host: str
    port: int
    web_port: int

    @property
    def near(self) -> str:
        """The address by which this machine reaches what listens there, as it stands in a URL."""
        address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"[{address}]" if ":" in address else address

    @property
    def loopback(self) -> bool:
        """True if nobody from elsewhere can connect."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def run(settings: Settings, places: Places, schedule: bool, out: TextIO, err: TextIO) -> int:
    """Serves until SIGTERM or Ctrl-C, and returns 0; 1 if a part of it cannot start or has ended."""
    stop = threading.Event()
    try:
        with _signals(stop), ExitStack() as parts:
            _prepare(settings)
            web_socket = listening(places.host, places.web_port, "--web-port")
            prefect = _start_prefect(settings, places, parts, stop) if schedule else None
            ui = prefect.ui if prefect else ""
            web = WebSide(settings, web_socket, prefect_ui=ui, host=places.host)
            parts.callback(web.stop)
            watcher = threading.Thread(target=watch, args=(settings, stop), name="watch", daemon=True)
            watcher.start()
            if not stop.is_set():
                _tell(settings, places, ui, out, err)
            if prefect:
                _tell_next(settings, prefect, stop, out, err)
            _wait(prefect.children if prefect else [], web, stop)
            print("Ending", file=out, flush=True)
    except (ServeError, PortTakenError) as error:
        print(redacted(str(error)), file=err)
        return 1
    return 0


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and Ctrl-C set the event, once and again."""
    former = {name: signal.signal(name, lambda *_: stop.set()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in former.items():
            signal.signal(name, handler)


def _prepare(settings: Settings) -> None:
    try:
        settings.logs.mkdir(parents=True, exist_ok=True)
        (settings.home / "prefect").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServeError(
            f"{settings.home} cannot be written ({error.strerror}); name another folder in NIANBAO_HOME"
        ) from error
    library_environment(settings)


def _start_prefect(settings: Settings, places: Places, parts: ExitStack, stop: threading.Event) -> _Prefect:
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
            lambda: _ended(server),
            f"the Prefect server did not come up in {_START_SECONDS:.0f} s; {server.log_path} says why",
        )
    asking = _runner_environment(environment, named)
    if not stop.is_set():
        arguments = ["-m", "flows.deployments"]
        runner = Child("runner of the deployments", arguments, asking, settings.logs / "runner.log")
        # The runner would kill the runs at once: they end first, so that the ledger says what became of them.
        parts.callback(runner.stop, _RUNNER_STOPS, children_first=_RUNS_STOP)
        children.append(runner)
    return _Prefect(children, redacted(named).replace("…@", "").removesuffix("/api"), asking)


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
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
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


def _ended(child: Child) -> None:
    """Raises ServeError if a process that has to run has ended."""
    if child.exit_code is not None:
        raise ServeError(
            f"the {child.name} ended with exit code {child.exit_code}, so all is ended; start it again. Its log is"
            f" {child.log_path}; the last lines:\n{child.last_words()}"
        )


def _wait(children: list[Child], web: WebSide, stop: threading.Event) -> None:
    while not stop.wait(0.5):
        for child in children:
            _ended(child)
        if not web.alive:
            raise ServeError(
                "the web side ended, so all is ended; start it again. What it wrote stands above"
            )


def _tell(settings: Settings, places: Places, ui: str, out: TextIO, err: TextIO) -> None:
    lines = [f"Home       {settings.home}"]
    if ui:
        lines.append(f"Prefect    {ui}   flow runs and schedules; logs in {settings.logs}")
    lines.append(f"Web side   http://{places.near}:{places.web_port}   releases, status, metrics")
    lines.append("Nobody is asked who they are: docs/deployment.md shows how to put authentication in front.")
    lines.append("Ctrl-C ends it.")
    print("\n".join(lines), file=out, flush=True)
    if not places.loopback:
        print(
            f"WARNING: both sides listen on {places.host}, without any authentication: who can reach them can start"
            " and delete runs. docs/deployment.md shows how to put authentication in front",
            file=err,
            flush=True,
        )


def _tell_next(
    settings: Settings, prefect: _Prefect, stop: threading.Event, out: TextIO, err: TextIO
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
