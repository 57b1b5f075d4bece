"""The web side as a part of `nianbao serve`: uvicorn in a thread, on a socket that was opened before."""

from __future__ import annotations

import socket
import threading

import uvicorn

from nianbao.settings import Settings
from nianbao.web import make_app


class PortTakenError(Exception):
    """Nothing can listen there; the message says what to do."""


def listening(host: str, port: int, option: str) -> socket.socket:
    """A socket bound to a port. Raises PortTakenError, naming the option that chooses another one."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen(128)
        except OSError:
            bound.close()
            raise
    except OSError as error:
        raise PortTakenError(
            f"port {port} on {host} cannot be listened on ({error.strerror}); choose another with {option}, or stop what"
            f" has it (`ss -ltnp 'sport = :{port}'` shows it)"
        ) from error
    return bound


class WebSide:
    """The web side of a home, answering from the moment it is made."""

    def __init__(self, settings: Settings, bound: socket.socket, *, prefect_ui: str, host: str) -> None:
        config = uvicorn.Config(
            make_app(settings, prefect_ui=prefect_ui, hosts=(host,)),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [bound]}, name="web side", daemon=True
        )
        self._thread.start()

    @property
    def alive(self) -> bool:
        """False once it no longer answers."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ends it; answers that take longer than a second are cut off."""
        self._server.should_exit = True
        self._thread.join(1.5)
