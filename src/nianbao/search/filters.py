"""What narrows a search down, besides words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nianbao.search.found import KINDS

_MOST = 500
_YEARS = range(1900, 2201)


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of Index.search, as given."""

    kinds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    sections: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()

    def trouble(self) -> str:
        """What is wrong with them, as a sentence; "" when nothing is."""
        unknown = [kind for kind in self.kinds if kind not in KINDS]
        if unknown:
            return f"There are no hits of kind {unknown[0]!r}; choose among {', '.join(KINDS)}."
        for code in self.regions:
            if not re.fullmatch("(?:[0-9]{2}){1,3}", code, re.ASCII):
                return f"{code!r} is no region's code: it has 2, 4 or 6 digits, such as 310107 or 31."
        first, last = self.years
        for year in self.years:
            if year is not None and year not in _YEARS:
                return f"{year} is no year of a report; choose one from {_YEARS[0]} to {_YEARS[-1]}."
        if first is not None and last is not None and first > last:
            return f"The years {first} to {last} go backwards; give the earlier one first."
        longest = max(map(len, (self.regions, self.issuers, self.sections, self.indicators)))
        if longest > _MOST:
            return f"A filter has {longest:,} values; at most {_MOST} can be asked for at once."
        return ""

    def region_prefixes(self) -> list[str]:
        """The regions without the zeros that say that a whole province or city is meant."""
        return [re.sub("(?:00)+$", "", code) or code for code in self.regions]
