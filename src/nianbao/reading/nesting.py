"""Tells markup that is nested as no page is: the parser's time grows with the square of the depth."""

from __future__ import annotations

import re

# Shorter texts cannot be deep enough to matter.
_SHORTEST = 100_000
_DEEPEST = 20_000
# Elements that hold nothing, and those that end where the next one begins, make nothing deep.
_FLAT = "br|img|hr|input|meta|link|area|base|col|wbr|param|source|p|li|td|tr|th|dt|dd|option"
_TAG = re.compile(rf"<(/?)(?!(?:{_FLAT})\b)[a-z]", re.IGNORECASE)


def too_deep(markup: str) -> bool:
    """True if more elements are open at one place than a parser should be given."""
    if len(markup) < _SHORTEST:
        return False
    depth = deepest = 0
    for tag in _TAG.finditer(markup):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > deepest:
            deepest = depth
            if deepest > _DEEPEST:
                return True
    return False
