"""The first eleven nights of the soak, in which a host is down for five: flat, and told as planted."""

import os
import subprocess
import sys

from support import ROOT


def test_nights_in_a_row_leave_nothing_behind_and_tell_what_was_planted():
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("NIANBAO_", "PREFECT_"))
    }
    path = os.pathsep.join([str(ROOT / "tests"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "soak.run", "--nights", "11"],
        env=environment | {"PYTHONPATH": path},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 alerts told in 2 messages; planted: 1" in done.stdout
