"""A bounded step of a backfill: how many requests a host gets, and pages of which years are asked for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from nianbao.harvest.choice import ChoiceError
from nianbao.reading import Link

_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\s?年)")
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


@dataclass(frozen=True, slots=True)
class Batch:
    """requests: made to one host at most. years: report years that are asked for, empty for all."""

    requests: int
    years: frozenset[int] = frozenset()

    def wants(self, link: Link) -> bool:
        """False for a link whose words name years, and none of those asked for. What a link does not tell is wanted."""
        if not self.years:
            return True
        words = unicodedata.normalize("NFKC", f"{link.text} {link.title}").translate(_NUMERALS)
        named = {int(year) for year in _YEAR.findall(words)}
        return not named or bool(named & self.years)


def years_of(text: str) -> frozenset[int]:
    """The years that `2019-2022`, `2019` or `2015,2019-2022` names; none for ''. Raises ChoiceError."""
    years = set[int]()
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _YEARS.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if not 1949 <= first <= last <= 2100:
            raise ChoiceError(
                f"'{part}' names no years; give one, such as 2021, or the first and last, such as 2019-2022"
            )
        years.update(range(first, last + 1))
    return frozenset(years)
