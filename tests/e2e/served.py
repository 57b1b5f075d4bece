"""`nianbao serve` as its user runs it: a process with a fresh home on free ports, asked over HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.client import SERVICE_UNAVAILABLE
from pathlib import Path

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def environment(home, **settings):
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("NIANBAO_", "PREFECT_"))}
    return inherited | {"NIANBAO_HOME": str(home), "NIANBAO_RETRY_WAIT": "0"} | settings


class Serve:
    """One running `nianbao serve`."""

    def __init__(self, home, *options, port=None, web_port=None, **settings):
        self.home = home
        self.port, self.web_port = port or free_port(), web_port or free_port()
        self.api = settings.get("PREFECT_API_URL") or f"http://127.0.0.1:{self.port}/api"
        home.parent.mkdir(parents=True, exist_ok=True)
        self._out, self._err = home.parent / "serve.out", home.parent / "serve.err"
        nianbao = [sys.executable, "-m", "nianbao.cli", "serve"]
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                [*nianbao, "--port", str(self.port), "--web-port", str(self.web_port), *options],
                stdout=out,
                stderr=err,
                env=environment(home, **settings),
                cwd=home.parent,
            )

    @property
    def out(self):
        return self._out.read_text()

    @property
    def err(self):
        return self._err.read_text()

    def until(self, condition, seconds=120):
        """Waits for what has to come about; fails with what was said."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert self.process.poll() is None, f"ended: {self.out}\n{self.err}"
            assert time.monotonic() < deadline, f"waited {seconds} s\n{self.out}\n{self.err}\n{self.logs}"
            time.sleep(0.1)
        return found

    @property
    def logs(self):
        return "\n".join(path.read_text() for path in sorted((self.home / "logs").glob("*.log")))

    def prefect(self, path, body=None):
        """An answer of Prefect's API, which is asked again, as Prefect's own client does, while its database is busy."""

        def asked():
            status, answer, _ = request(f"{self.api}/{path}", body)
            return None if status == SERVICE_UNAVAILABLE else (status, answer)

        status, answer = self.until(asked, 60)
        assert status < 300, (status, path, answer, self.logs)
        return json.loads(answer)

    def web(self, path, headers=None, method="GET"):
        """(status, body, headers) of the web side."""
        return request(f"http://127.0.0.1:{self.web_port}{path}", headers=headers or {}, method=method)

    def family(self):
        """Ids of all processes that descend from it."""
        return descendants(self.process.pid)

    def stop(self, name=signal.SIGTERM):
        """Sends a signal; returns (exit code, seconds until all was gone, ids that are still there)."""
        family, began = self.family(), time.monotonic()
        self.process.send_signal(name)
        code = self.process.wait(30)
        return code, time.monotonic() - began, {pid for pid in family if alive(pid)}


def request(url, body=None, headers=None, method=None):
    content = json.dumps(body).encode() if body is not None else None
    asked = urllib.request.Request(url, content, headers or {}, method=method)
    if content:
        asked.add_header("Content-Type", "application/json")
    try:
        with _DIRECT.open(asked, timeout=20) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


def descendants(ancestor):
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, fresh = set(), {ancestor}
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
