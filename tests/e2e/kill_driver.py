"""Runs a refresh that kills itself, as SIGKILL does, in the middle of one stage: kill_driver.py STAGE."""

import os
import signal
import sys
import threading
import time

import flows.context
import nianbao.warehouse.lake
import nianbao.warehouse.load
import nianbao.warehouse.release.publication
import nianbao.warehouse.transform
from nianbao.cli import main


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


def on_call(module, name, number):
    """Dies in place of the given call of a function."""
    original, calls = getattr(module, name), []

    def counted(*arguments, **keywords):
        calls.append(name)
        if len(calls) == number:
            die()
        return original(*arguments, **keywords)

    setattr(module, name, counted)


def soon_after(module, name, seconds):
    """Dies some time after a function began."""
    original = getattr(module, name)

    def started(*arguments, **keywords):
        threading.Thread(target=lambda: (time.sleep(seconds), die()), daemon=True).start()
        return original(*arguments, **keywords)

    setattr(module, name, started)


STAGES = {
    "ingest": lambda: on_call(nianbao.warehouse.lake.pq, "write_table", 2),
    "load": lambda: on_call(nianbao.warehouse.load, "_create", 9),
    "build": lambda: soon_after(nianbao.warehouse.transform.Dbt, "results", 0.7),
    "validate": lambda: on_call(flows.context, "write_verdicts", 1),
    "release, while hashing": lambda: on_call(nianbao.warehouse.release.publication, "sha256_of", 3),
    "release, before the link moves": lambda: on_call(
        nianbao.warehouse.release.publication, "point_current", 1
    ),
}

if __name__ == "__main__":
    STAGES[sys.argv[1]]()
    main(["refresh"])
