"""`nianbao serve` on PostgreSQL: the schedule runs there, and the password is written nowhere."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from served import Serve, free_port

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


@pytest.fixture
def postgres(tmp_path_factory):
    """A PostgreSQL server with a password; yields its address."""
    tools = binaries()
    if not (tools / "initdb").exists():
        pytest.skip("PostgreSQL is not installed")
    folder = tmp_path_factory.mktemp("postgres")
    for each in (folder, folder.parent):
        each.chmod(0o755)
    (folder / "password").write_text(PASSWORD)
    data = folder / "data"
    data.mkdir()
    if os.getuid() == 0:
        for path in (folder, data, folder / "password"):
            shutil.chown(path, "nobody", "nogroup")
    port = free_port()
    made = f"--pgdata={data} --username=prefect --auth=scram-sha-256 --pwfile={folder / 'password'} --no-sync"
    as_nobody([tools / "initdb", *made.split(), "--no-locale", "--encoding=UTF8"])
    listens = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    as_nobody([tools / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", listens, "start"])
    try:
        yield f"postgresql://prefect:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        as_nobody([tools / "pg_ctl", "-D", data, "-m", "immediate", "stop"])


def test_the_schedule_is_kept_in_postgres_and_the_password_is_told_nowhere(postgres, tmp_path):
    serve = Serve(tmp_path / "home", NIANBAO_PREFECT_DATABASE=postgres)
    try:
        serve.until(lambda: "Next " in serve.out)
        assert "02:00 (Asia/Shanghai)" in serve.out
    finally:
        code, seconds, left = serve.stop()
    assert (code, left) == (0, set()), serve.err
    assert seconds < 10
    assert not list((tmp_path / "home").rglob("prefect.db*")), "a SQLite database was made besides"
    told = [path for path in tmp_path.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert told == []


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path):
    url = f"postgresql://prefect:{PASSWORD}@127.0.0.1:{free_port()}/prefect"
    serve = Serve(tmp_path / "home", PREFECT_SERVER_DATABASE_CONNECTION_URL=url)
    assert serve.process.wait(120) == 1
    assert "the Prefect server ended" in serve.err
    assert PASSWORD not in serve.out + serve.err + serve.logs


def test_an_address_that_is_none_is_told_without_what_it_holds(tmp_path):
    serve = Serve(tmp_path / "home", NIANBAO_PREFECT_DATABASE=f"mysql://prefect:{PASSWORD}@localhost/x")
    assert serve.process.wait(60) == 2
    assert "NIANBAO_PREFECT_DATABASE" in serve.err
    assert PASSWORD not in serve.err
