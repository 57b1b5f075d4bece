"""A PostgreSQL server of one's own, from Debian's package."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "s3cret-Pa55"


def binaries():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else Path(shutil.which("initdb") or "/missing/initdb").parent


def as_nobody(command, **options):
    """PostgreSQL refuses to run as root."""
    if os.getuid() == 0:
        options |= {"user": "nobody", "group": "nogroup", "extra_groups": []}
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=120, cwd="/", **options
    )


def stop_postgres(port):
    """Ends the server that listens there at once."""
    (data,) = Path(tempfile.gettempdir()).glob(f"nianbao-postgres-*/data-{port}")
    as_nobody([binaries() / "pg_ctl", "-D", data, "-m", "immediate", "stop"])


@contextmanager
def postgres_server():
    """A PostgreSQL server with a password; yields its address, None where PostgreSQL is not installed."""
    tools = binaries()
    if not (tools / "initdb").exists():
        yield None
        return
    # Not under pytest's folders, which nobody but root may enter.
    with tempfile.TemporaryDirectory(prefix="nianbao-postgres-") as name:
        folder, port = Path(name), _free_port()
        (folder / "password").write_text(PASSWORD)
        if os.getuid() == 0:
            for path in (folder, folder / "password"):
                shutil.chown(path, "nobody", "nogroup")
        data = folder / f"data-{port}"
        made = f"--pgdata={data} --username=prefect --auth=scram-sha-256 --pwfile={folder / 'password'} --no-sync"
        as_nobody([tools / "initdb", *made.split(), "--no-locale", "--encoding=UTF8"])
        listens = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        as_nobody([tools / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", listens, "start"])
        try:
            yield f"postgresql://prefect:{PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            if (data / "postmaster.pid").exists():
                stop_postgres(port)


def start_again(port):
    """Starts a server that stop_postgres has ended."""
    (data,) = Path(tempfile.gettempdir()).glob(f"nianbao-postgres-*/data-{port}")
    listens = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data.parent} -c fsync=off"
    as_nobody([binaries() / "pg_ctl", "-D", data, "-w", "-l", data.parent / "log", "-o", listens, "start"])


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
