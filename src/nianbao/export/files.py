"""Files that people asked for: they appear whole or not at all, and none is replaced unasked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nianbao.export.excel import TableError


@contextmanager
def new_file(path: Path, force: bool) -> Iterator[BinaryIO]:
    """Opens a file beside `path` for writing and gives it that name at the end; on an error nothing is left of it.

    Raises TableError if something has the name and force is not given, or its folder cannot be written to.
    """
    refuse_taken(path, force)
    partial = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with partial.open("w+b") as file:
            yield file
        partial.replace(path)
    except OSError as error:
        raise TableError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)


def refuse_taken(path: Path, force: bool) -> None:
    """Raises TableError if a path is taken and may not be replaced."""
    if path.is_dir():
        raise TableError(f"{path} is a folder; name a file")
    if path.exists() and not force:
        raise TableError(f"{path} exists; choose another name, or --force to replace it")
