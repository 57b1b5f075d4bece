"""`nianbao serve` on PostgreSQL: the schedule runs there, and the password is written nowhere."""

import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from postgres import PASSWORD, postgres_server, stop_postgres
from served import Serve, alive, free_port, request


@pytest.fixture
def postgres():
    """A PostgreSQL server with a password; yields its address."""
    with postgres_server() as address:
        if address is None:
            pytest.skip("PostgreSQL is not installed")
        yield address


def test_the_schedule_is_kept_in_postgres_and_passwords_are_told_nowhere(postgres, tmp_path):
    login = {"PREFECT_SERVER_API_AUTH_STRING": f"admin:{PASSWORD}"}
    serve = Serve(tmp_path / "home", NIANBAO_PREFECT_DATABASE=postgres, **login)
    serve.until(lambda: "Next " in serve.out)
    family = serve.family()
    assert "02:00 (Asia/Shanghai)" in serve.out
    assert request(f"{serve.api}/flow_runs/filter", {})[0] == 401
    assert not list((tmp_path / "home").rglob("prefect.db*")), "a SQLite database was made besides"
    commands = b"".join(Path(f"/proc/{pid}/cmdline").read_bytes() for pid in family)
    told = [path for path in tmp_path.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert (PASSWORD.encode() in commands, told) == (False, [])
    runner = next(pid for pid in family if b"flows.deployments" in Path(f"/proc/{pid}/cmdline").read_bytes())
    assert b"postgresql" not in Path(f"/proc/{runner}/environ").read_bytes()
    # Killed, it cannot end its children in order; they end all the same.
    serve.process.kill()
    serve.process.wait(10)
    deadline = time.monotonic() + 20
    while left := {pid for pid in family if alive(pid)}:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def test_a_database_that_goes_away_later_ends_all_with_a_sentence(postgres, tmp_path):
    serve = Serve(tmp_path / "home", NIANBAO_PREFECT_DATABASE=postgres)
    serve.until(lambda: "Next " in serve.out)
    family = serve.family()
    stop_postgres(urlsplit(postgres).port)
    assert serve.process.wait(90) == 1
    # Whichever notices first says so: serve that the server is not ready, or the runner that it cannot ask it.
    assert "has not been ready" in serve.err or "the runner of the deployments ended" in serve.err
    assert PASSWORD not in serve.out + serve.err
    assert [pid for pid in family if alive(pid)] == []


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
