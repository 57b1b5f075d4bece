"""What one figure has to do with the others of its text, and the units that measure a change or a share."""

from __future__ import annotations

from dataclasses import dataclass

CHANGE_UNITS = frozenset({"%", "百分点", "倍", "‰"})


@dataclass(slots=True)
class Link:
    """Indices into the same list of figures. change: the figure says by how much, not how many.

    from_value: the level before a change (由12天 缩短至4.5天). earlier: a level of the year before, named beside
    the present one (上年同期50件).
    """

    direction: str | None = None
    parent: int | None = None
    yoy_of: int | None = None
    rate_of: int | None = None
    change: bool = False
    from_value: bool = False
    earlier: bool = False
