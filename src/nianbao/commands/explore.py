"""`nianbao explore`: the analysts' web pages of a home, without schedule, server of runs or alerts."""

from __future__ import annotations

import signal
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from nianbao.commands.serve_web import PortTakenError, WebSide, listening
from nianbao.settings import Settings
from nianbao.warehouse.release.find import newest


def run(settings: Settings, host: str, port: int, show: bool, out: TextIO, err: TextIO) -> int:
    """Serves until Ctrl-C or SIGTERM, and returns 0; 1 if the port is taken or the pages end by themselves.

    show: also opens the first page in the reader's browser.
    """
    stop = threading.Event()
    try:
        bound = listening(host, port, "--port")
    except PortTakenError as error:
        print(error, file=err)
        return 1
    with _signals(stop):
        web = WebSide(settings, bound, prefect_ui="", host=host)
        near = f"[{host}]" if ":" in host else host
        address = f"http://{near}:{port}/"
        release, why = newest(settings)
        print(f"Release    {release.release_id if release else why}", file=out)
        print(f"Pages      {address}\nCtrl-C ends it.", file=out, flush=True)
        if show:
            webbrowser.open(address)
        while not stop.wait(0.5):
            if not web.alive:
                print("the pages ended; what was written above says why", file=err)
                return 1
        web.stop()
    return 0


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    former = {name: signal.signal(name, lambda *_: stop.set()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in former.items():
            signal.signal(name, handler)
