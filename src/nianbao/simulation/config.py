"""What a world is made of, before it is built."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_YEARS = (2021, 2022, 2023, 2024)
Key = tuple[int, int, int]  # district index, issuer index, report year


@dataclass(frozen=True, slots=True)
class Config:
    """The recipe of a world; the same recipe always gives the same bytes.

    edited: reports whose text was changed after publication. withdrawn: reports whose page answers 404 although the
    listing still links it. late: due reports that were missing and are there now. complete: nothing is missing.
    only_format: every report has this format.
    """

    seed: int = 1
    districts: int = 3
    issuers: int = 4
    years: tuple[int, ...] = DEFAULT_YEARS
    edited: frozenset[Key] = frozenset()
    withdrawn: frozenset[Key] = frozenset()
    late: frozenset[Key] = frozenset()
    complete: bool = False
    only_format: str = ""

    def absent(self, district: int, issuer: int, year: int) -> bool:
        """True for a due report that is not published: about one in eighteen, none of a district's government."""
        if self.complete or (district, issuer, year) in self.late or issuer == 0:
            return False
        return (district * 5 + issuer * 7 + year + self.seed) % 18 == 10

    def format(self, district: int, issuer: int, year: int) -> str:
        """html, pdf (linked from the listing), attached_pdf or attached_docx (the page only says 详见附件)."""
        if self.only_format:
            return self.only_format
        turn = (district * 7 + issuer * 3 + year * 5 + self.seed) % 16
        return {1: "pdf", 6: "attached_pdf", 10: "attached_docx", 13: "pdf"}.get(turn, "html")
