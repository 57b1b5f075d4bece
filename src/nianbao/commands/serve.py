"""`nianbao serve`: Prefect's server, the deployments, the web side and the watch over alerts, as one thing that ends whole.

The server and the runner of the deployments are processes of their own. If one of them ends, all ends with exit code 1:
whatever started the command starts it again, and nothing goes on half.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

from nianbao.commands.children import redacted
from nianbao.commands.serve_places import Places, ServeError
from nianbao.commands.serve_prefect import PrefectSide, start_prefect, tell_next
from nianbao.commands.serve_web import PortTakenError, WebSide, listening
from nianbao.commands.watch import watch
from nianbao.settings import Settings, library_environment


def run(settings: Settings, places: Places, schedule: bool, out: TextIO, err: TextIO) -> int:
    """Serves until SIGTERM or Ctrl-C, and returns 0; 1 if a part of it cannot start or has ended."""
    stop = threading.Event()
    try:
        with _signals(stop), ExitStack() as parts:
            _prepare(settings)
            web_socket = listening(places.host, places.web_port, "--web-port")
            prefect = start_prefect(settings, places, parts, stop) if schedule else None
            ui = prefect.ui if prefect else ""
            web = WebSide(settings, web_socket, prefect_ui=ui, host=places.host)
            parts.callback(web.stop)
            watcher = threading.Thread(target=watch, args=(settings, stop), name="watch", daemon=True)
            watcher.start()
            if not stop.is_set():
                _tell(settings, places, ui, out, err)
            if prefect:
                tell_next(settings, prefect, stop, out, err)
            _wait(prefect, web, stop)
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


def _wait(prefect: PrefectSide | None, web: WebSide, stop: threading.Event) -> None:
    while not stop.wait(0.5):
        if prefect:
            prefect.check()
        if not web.alive:
            raise ServeError(
                "the web side ended, so all is ended; start it again. What it wrote stands above"
            )


def _tell(settings: Settings, places: Places, ui: str, out: TextIO, err: TextIO) -> None:
    lines = [f"Home       {settings.home}"]
    if ui:
        lines.append(f"Prefect    {ui}   flow runs and schedules; logs in {settings.logs}")
    lines.append(
        f"Web side   http://{places.near}:{places.web_port}   the analysts' pages, releases, status, metrics"
    )
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
