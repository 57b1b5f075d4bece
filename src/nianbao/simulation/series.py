"""The figures behind the texts: one series per measure, moving plausibly from year to year.

The catalogue (texts/series.yml) says how large a measure is, how it moves and which canonical indicator it is.
Series keys are the simulation's own; the templates name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from .dice import Dice
from .texts import load
from .wording import sayable

_ORIGIN = 2016


@dataclass(frozen=True, slots=True)
class Series:
    """How one measure behaves.

    base: smallest and largest first value of a district government (for rates: the band it stays in).
    drift: largest relative change in one year. shared: the whole district states the same value.
    decimals: of rates. parts: series it is the sum of. ratio: (part, whole) for a share in percent.
    share: (whole, smallest, largest part of it) for a count that is always a part of another.
    """

    key: str
    label: str
    unit: str
    indicator: str | None
    base: tuple[Decimal, Decimal]
    drift: float = 0.15
    shared: bool = False
    decimals: int = 0
    rate: bool = False
    parts: tuple[str, ...] = ()
    ratio: tuple[str, str] | None = None
    share: tuple[str, float, float] | None = None


@cache
def catalogue() -> Mapping[str, Series]:
    """All series by key."""
    found: dict[str, Series] = {}
    for key, raw in load("series").items():
        low, high = raw.get("base", raw.get("rate", (0, 0)))
        ratio, share = raw.get("ratio"), raw.get("share")
        found[key] = Series(
            key=key,
            label=raw["label"],
            unit=raw["unit"],
            indicator=raw.get("indicator"),
            base=(Decimal(str(low)), Decimal(str(high))),
            drift=float(raw.get("drift", 0.15)),
            shared=bool(raw.get("shared", False)),
            decimals=int(raw.get("decimals", 0)),
            rate="rate" in raw or ratio is not None,
            parts=tuple(raw.get("sum", ())),
            ratio=(ratio[0], ratio[1]) if ratio else None,
            share=(share[0], float(share[1]), float(share[2])) if share else None,
        )
    return found


class Figures:
    """The values of all series for one issuer.

    dice, shared_dice: of the issuer and of its district. scale: size of the issuer against a district government.
    bumps: (series key, year) → amount added, for a report that was edited after publication.
    """

    def __init__(
        self,
        dice: Dice,
        shared_dice: Dice,
        scale: float,
        bumps: Mapping[tuple[str, int], Decimal | int] | None = None,
    ) -> None:
        self._dice = dice
        self._shared = shared_dice
        self._scale = scale
        self._bumps = dict(bumps or {})
        self._memory: dict[tuple[str, int], Decimal] = {}

    def bumped(self, bumps: Mapping[tuple[str, int], Decimal]) -> Figures:
        """The same figures with amounts added to some."""
        return Figures(self._dice, self._shared, self._scale, self._bumps | dict(bumps))

    def value(self, key: str, year: int) -> Decimal:
        """The value of a series in a year, at the precision that a report would print."""
        found = self._memory.get((key, year))
        if found is None:
            found = self._compute(catalogue()[key], year) + self._bumps.get((key, year), 0)
            self._memory[(key, year)] = found
        return found

    def _compute(self, series: Series, year: int) -> Decimal:
        if series.parts:
            return sum((self.value(part, year) for part in series.parts), Decimal(0))
        if series.ratio:
            part, whole = (self.value(key, year) for key in series.ratio)
            share = part * 100 / whole if whole else Decimal(0)
            return share.quantize(Decimal(1).scaleb(-series.decimals), rounding=ROUND_HALF_UP)
        dice = (self._shared if series.shared else self._dice).of(series.key)
        if series.share:
            base, smallest, largest = series.share
            taken = smallest + (largest - smallest) * self._shared.unit(series.key, year)
            return Decimal(max(1, round(float(self.value(base, year)) * taken)))
        if series.rate:
            low, high = series.base
            level = low + (high - low) * Decimal(str(round(dice.unit("rate", year), 6)))
            return level.quantize(Decimal(1).scaleb(-series.decimals), rounding=ROUND_HALF_UP)
        return sayable(self._walk(series, dice, year))

    def _walk(self, series: Series, dice: Dice, year: int) -> Decimal:
        low, high = (float(bound) for bound in series.base)
        level = low + (high - low) * dice.unit("base")
        for step in range(_ORIGIN + 1, year + 1):
            level *= 1 + series.drift * (2 * dice.unit("step", step) - 1)
        for step in range(_ORIGIN, year, -1):
            level /= 1 + series.drift * (2 * dice.unit("step", step) - 1)
        if not series.shared:
            # a small body deals with far fewer cases, but holds nearly as many meetings
            level *= self._scale if high > 100 else self._scale**0.25
        return Decimal(max(1, round(level)))
