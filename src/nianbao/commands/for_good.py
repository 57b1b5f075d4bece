"""Imports that stay for the life of the process."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def for_good(module: str) -> Iterator[None]:
    """While a large module is imported no garbage is looked for, and never again among what came with it.

    There is none, and looking for it costs a short run as much as its orchestration does. Nothing is done for a module
    that is there already: what a process that runs refresh after refresh has made since may be garbage.
    """
    if module in sys.modules:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
