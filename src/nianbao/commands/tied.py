"""Runs Python with other arguments, as a process that is asked to end when its parent ends, also when that is killed.

    python -m nianbao.commands.tied -m prefect server start

Only Linux can do that; elsewhere what a killed parent left has to be ended by hand.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ties this process to its parent, and becomes what the arguments say."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])  # noqa: S606


if __name__ == "__main__":
    main()
