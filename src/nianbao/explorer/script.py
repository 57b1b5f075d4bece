"""The script that draws charts: Vega-Lite with what it needs, bundled by vl-convert and served by ourselves.

The bundle is made in a process of its own, once per version of vl-convert, and kept under the home's cache, so that the
server never holds the engine that makes it.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from importlib.metadata import version
from pathlib import Path

_GUARD = threading.Lock()
_MAKE = "import sys, vl_convert; sys.stdout.write(vl_convert.javascript_bundle())"
_SECONDS = 120


def chart_script(cache: Path) -> bytes:
    """The script, from the cache or made now. Raises OSError if it can neither be made nor kept."""
    path = cache / f"vega-{version('vl-convert-python')}.js"
    with _GUARD:
        if not path.is_file():
            try:
                made = subprocess.run(
                    [sys.executable, "-c", _MAKE], check=True, capture_output=True, timeout=_SECONDS
                )
            except subprocess.SubprocessError as error:
                raise OSError(f"the script for charts could not be made: {error}") from error
            cache.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".part")
            fresh.write_bytes(made.stdout)
            fresh.replace(path)
        return path.read_bytes()
