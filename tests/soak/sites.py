"""The websites of a soak: simulated districts in a process of their own, and hosts that fail."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from pathlib import Path

_DAILY = "- {report_kind: rule_of_law, months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], every_days: 1}\n"


_ACCEPTED = """
- check: coverage_not_smaller
  value: 24
  reason: the source of a district has left the registry
  expires: 2025-08-31
"""


class Districts:
    """`nianbao simulate` as a process; another world takes the place of the one before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._options: tuple[str, ...] = ()
        self.addresses: dict[str, str] = {}
        self.registry = Path()

    def serve(self, options: tuple[str, ...]) -> None:
        """Serves the world that the options describe, with a registry that has all its sources."""
        if options == self._options:
            return
        self.close()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nianbao.cli", "simulate", *options],
            env=os.environ | {"NIANBAO_HOME": str(self._folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        told = {}
        for line in self._process.stdout:
            name, _, value = line.removeprefix("export ").strip().partition("=")
            told[name] = value.strip("'")
            if {"NIANBAO_RESOLVE", "NIANBAO_DATA"} <= told.keys():
                break
        self.addresses = dict(pair.split("=") for pair in told["NIANBAO_RESOLVE"].split(","))
        self.registry, self._options = Path(told["NIANBAO_DATA"]), options

    def visit(self, *, daily: bool) -> None:
        """Whether sources are due every night, or as the project's own visits.yml says."""
        own = self.registry / "visits.yml"
        if daily:
            own.write_text(_DAILY, encoding="utf-8")
        else:
            own.write_text(_DAILY.replace("every_days: 1", "every_days: 7"), encoding="utf-8")

    def leave_out(self, files: tuple[str, ...]) -> None:
        """Takes files of sources out of the registry, and accepts that fewer reports are expected then, as the runbook says."""
        for name in files:
            (self.registry / "sources" / name).unlink(missing_ok=True)
        if files:
            (self.registry / "exceptions.yml").write_text(_ACCEPTED, encoding="utf-8")

    def close(self) -> None:
        """Ends the process."""
        if self._process:
            self._process.terminate()
            self._process.wait(30)
            self._process.stdout.close()


class Answering:
    """A host that gives every question the same answer."""

    def __init__(self, status: int, location: str = "") -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                robots = self.path == "/robots.txt"
                self.send_response(404 if robots else status)
                if location and not robots:
                    self.send_header("Location", location + self.path)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()
