"""Pages that were made lately: a release never changes, so neither does a page of it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cachetools import LRUCache
from starlette.responses import HTMLResponse, Response

_BYTES = 16_000_000


class KeptPages:
    """The pages asked for last, by their tags. May be asked from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._pages: LRUCache[str, HTMLResponse] = LRUCache(_BYTES, getsizeof=lambda page: len(page.body))

    def page(self, tag: str, make: Callable[[], Response]) -> Response:
        """The page with a tag, made if it is not kept. What is no whole page (a table to take away, a way elsewhere) is
        made each time."""
        with self._guard:
            kept = self._pages.get(tag)
        if kept is not None:
            return kept
        made = make()
        if isinstance(made, HTMLResponse) and made.status_code == 200 and len(made.body) <= _BYTES:
            with self._guard:
                self._pages[tag] = made
        return made
