"""Runs `nianbao` with trouble at a chosen point: driver.py PLAN ARGUMENT…

PLAN is JSON: {"calls": "module:name", "number": 2, "do": "kill"}. At the given call of the function, which is a method
where the name has a dot, the process
- kill: dies as SIGKILL does;
- half: does half of it first, which a function that writes bytes has to be able to;
- wait: makes the file `at` and goes on once `go` is there, so that others can make trouble at just that point.
`after`: seconds from the call to what is done, in a thread of its own. Without `calls` it counts from the start.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from points import owner_of

from nianbao.cli import main


def act(plan):
    if plan["do"] == "wait":
        Path(plan["at"]).touch()
        while not Path(plan["go"]).exists():
            time.sleep(0.01)
    else:
        os.kill(os.getpid(), signal.SIGKILL)


def later(plan):
    def wait_and_act():
        time.sleep(plan["after"])
        act(plan)

    threading.Thread(target=wait_and_act, daemon=True).start()


def arm(plan):
    """Puts what the plan says in the way of the function it names."""
    owner, name = owner_of(plan["calls"])
    original, lock, calls = getattr(owner, name), threading.Lock(), []

    def counted(*arguments, **keywords):
        with lock:
            calls.append(name)
            reached = len(calls) == plan["number"]
        if reached and plan["do"] == "half":
            *others, content = arguments
            original(*others, content[: len(content) // 2])
        if reached and "after" in plan:
            later(plan)
        elif reached:
            act(plan)
        return original(*arguments, **keywords)

    setattr(owner, name, counted)


if __name__ == "__main__":
    plan = json.loads(sys.argv[1])
    if "calls" in plan:
        arm(plan)
    else:
        later(plan)
    main(sys.argv[2:])
