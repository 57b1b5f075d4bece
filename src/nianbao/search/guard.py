"""What tantivy says of damaged files, as one kind of error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nianbao.search.found import SearchError

_DAMAGE = (ValueError, OSError, LookupError, TypeError)
# What Rust code ends with that did not expect what it met; it is no Exception, and cannot be imported.
_PANIC = "PanicException"


@contextmanager
def damage_told(sentence: str) -> Iterator[None]:
    """Raises SearchError with a sentence for whatever a damaged file leads to. What was said of it follows."""
    try:
        yield
    except _DAMAGE as error:
        raise SearchError(f"{sentence}: {error}") from error
    except BaseException as error:
        if type(error).__name__ == _PANIC:
            raise SearchError(f"{sentence}: {error}") from error
        raise
