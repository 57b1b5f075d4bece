"""The wheel carries all it needs: installed elsewhere, a refresh runs from any working directory."""

import os
import subprocess
import sys

import pytest
from support import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel, built from the checkout and installed into an empty folder."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("nianbao-*.whl")
    target = folder / "site"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        target,
        wheel,
    ]
    subprocess.run(command, check=True, capture_output=True)
    return target


def test_a_refresh_runs_from_the_wheel_in_any_folder(installed, tmp_path, prefect_api):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("NIANBAO_", "PREFECT_"))} | {
        "PYTHONPATH": str(installed),
        "PREFECT_API_URL": prefect_api,
        "XDG_DATA_HOME": str(tmp_path / "share"),
    }
    nianbao = [sys.executable, "-m", "nianbao.cli"]
    done = subprocess.run(
        [*nianbao, "simulate", "--", *nianbao, "refresh"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PUBLISHED" in done.stdout
    assert (tmp_path / "share" / "nianbao" / "current" / "nianbao.duckdb").is_file()
    where = subprocess.run(
        [sys.executable, "-c", "import nianbao, flows; print(nianbao.__file__, flows.__file__)"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(installed) in where.stdout
    assert str(ROOT) not in where.stdout
