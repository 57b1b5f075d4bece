"""Stops Prefect servers that a killed refresh left running.

Without PREFECT_API_URL, Prefect starts a server process per run and stops it at exit; SIGKILL leaves it behind, with
its hands on the home's Prefect database.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

SERVER_MARK = b"prefect.server.api.server:create_app"


def stop_orphaned_servers(prefect_home: Path) -> int:
    """Terminates parentless ephemeral servers of this Prefect home; returns how many. Does nothing without /proc."""
    stopped = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            if SERVER_MARK not in command:
                continue
            environment = (process / "environ").read_bytes().split(b"\0")
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue  # ended meanwhile, or not ours to look at
        ours = f"PREFECT_HOME={prefect_home}".encode() in environment
        if ours and b"PREFECT__SERVER_EPHEMERAL=1" in environment and parent == 1:
            os.kill(int(process.name), signal.SIGTERM)
            stopped += 1
    return stopped
