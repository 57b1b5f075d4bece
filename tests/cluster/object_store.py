"""A real object store on this machine, SeaweedFS with its S3 protocol, and a proxy before it that can break off."""

import http.client
import http.server
import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from clusters import free_port

BUCKET = "nianbao"
LOGIN = {"AWS_ACCESS_KEY_ID": "key-of-tests", "AWS_SECRET_ACCESS_KEY": "s3cret-of-tests"}


@contextmanager
def object_store(folder: Path):
    """Yields the environment by which it is reached."""
    folder.mkdir(parents=True, exist_ok=True)
    identity = {
        "name": "tests",
        "credentials": [
            {"accessKey": LOGIN["AWS_ACCESS_KEY_ID"], "secretKey": LOGIN["AWS_SECRET_ACCESS_KEY"]}
        ],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "data").mkdir()
    s3 = free_port()
    # Each port has a second one beside it for gRPC, 10,000 further.
    ports = {f"-{name}.port={_low_port()}" for name in ("master", "volume", "filer")}
    command = [
        str(Path(sys.executable).with_name("weed")),
        "server",
        f"-dir={folder / 'data'}",
        "-ip=127.0.0.1",
    ]
    command += ["-ip.bind=127.0.0.1", "-filer", "-s3", f"-s3.port={s3}", f"-s3.config={folder / 's3.json'}"]
    command += [
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-volume.max=0",
        "-master.volumeSizeLimitMB=64",
        *sorted(ports),
    ]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    environment = LOGIN | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{s3}"}
    try:
        _until_writable(environment, folder / "log")
        yield environment
    finally:
        server.kill()
        server.wait(30)


def _low_port() -> int:
    while (port := free_port()) > 50_000:
        pass
    return port


def _until_writable(environment, log) -> None:
    """A bucket comes with its first object."""
    import obstore
    from obstore.store import S3Store

    config = {
        "aws_endpoint": environment["AWS_ENDPOINT_URL"],
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
        "aws_region": "us-east-1",
        "aws_virtual_hosted_style_request": "false",
    }
    store = S3Store(BUCKET, config=config, client_options={"allow_http": True})
    end = time.monotonic() + 90
    while True:
        try:
            obstore.put(store, "begun", b"yes")
            return
        except Exception:
            if time.monotonic() > end:
                raise RuntimeError("the object store did not come up: " + log.read_text()[-3_000:]) from None
            time.sleep(0.5)


class Breaking(http.server.BaseHTTPRequestHandler):
    """Passes requests on until so many bytes-writing ones have passed, then breaks every connection off."""

    upstream = ""
    left = 0
    protocol_version = "HTTP/1.1"

    def _pass_on(self):
        kind = type(self)
        if self.command in ("PUT", "POST"):
            kind.left -= 1
        if kind.left < 0:
            self.close_connection = True
            self.connection.close()
            return
        body = self._body()
        connection = http.client.HTTPConnection(kind.upstream, timeout=60)
        # The signature is over the host's name that the client knows: it is passed on as it came.
        headers = {
            k: v for k, v in self.headers.items() if k.lower() not in ("connection", "transfer-encoding")
        }
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        connection.close()

    def _body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass_on

    def log_message(self, *_):
        """Nothing: tests tell."""


@contextmanager
def breaking(environment, writes: int):
    """Yields an environment that leads through a proxy which lets so many writes pass and then nothing."""

    class Handler(Breaking):
        upstream = environment["AWS_ENDPOINT_URL"].removeprefix("http://")
        left = writes

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield environment | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}
    finally:
        server.shutdown()
        server.server_close()
