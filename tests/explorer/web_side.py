"""The web side of a home as a server of its own, within the test."""

import threading
import time
from contextlib import contextmanager

import uvicorn

from nianbao.commands.serve_web import listening
from nianbao.settings import Settings
from nianbao.web import make_app


@contextmanager
def answering(home):
    """The web side of a home on a port of its own; gives its address."""
    bound = listening("127.0.0.1", 0, "--port")
    server = uvicorn.Server(
        uvicorn.Config(make_app(Settings(home=home)), log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
