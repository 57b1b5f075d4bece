"""What happens in the nights of a soak, and which alerts have to come of it."""

from __future__ import annotations

from dataclasses import dataclass

# A world that stays as it is, and what it is later.
WORLD = ("--districts", "3", "--issuers", "2", "--years", "2022-2024")
LARGER = ("--districts", "4", "--issuers", "2", "--years", "2022-2024")
SECOND = "www.wangshu.gov.test"


@dataclass(frozen=True, slots=True)
class Spell:
    """Something that is so from one night to another (both included, counted from 1).

    what: world (options of `nianbao simulate` in place of the present ones), left (files of sources that are gone), down, blocked or moved (a host), network (all
    hosts gone), lost (rows vanish from the lake, so that the gate refuses), silent (nothing runs), weekly (sources are
    due once a week).
    """

    first: int
    last: int
    what: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planted:
    """An alert that has to be opened in one night and resolved in another, None for never."""

    kind: str
    host: str
    opened: int
    resolved: int | None


NIGHTS = 60
SPELLS = (
    Spell(6, 10, "down", (SECOND,)),  # five nights: told at the third
    Spell(13, 14, "down", (SECOND,)),  # two nights: nobody hears of it
    Spell(17, 20, "blocked", (SECOND,)),
    Spell(23, 23, "network"),
    Spell(26, 60, "world", LARGER),  # a district joins
    Spell(29, 60, "left", ("simulated-990104.yml",)),  # its source leaves the registry, its bodies stay
    Spell(32, 60, "world", (*LARGER, "--later", "edited=2,withdrawn")),
    Spell(36, 36, "lost"),
    Spell(40, 41, "silent"),
    Spell(45, 47, "moved", (SECOND,)),
    Spell(50, 60, "weekly"),
)
PLANTED = (
    Planted("source_down", SECOND, 8, 11),
    Planted("source_blocked", SECOND, 18, 21),
    Planted("refresh_failed", "", 23, 24),
    Planted("refresh_refused", "", 36, 37),
    Planted("no_success", "", 41, 42),
    Planted("source_moved", SECOND, 45, 48),
)
