"""Pages between the reports that are none: work points, notices, disclosure reports, interpretations, news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .composer import Assignment, Composer, Line
from .dates import CHINA
from .dice import Dice
from .phrases import Piece, Voice
from .places import Office
from .series import Figures
from .style import style_of
from .texts import load

PER_YEAR = 4


@dataclass(frozen=True, slots=True)
class Decoy:
    """A page that is no report."""

    genre: str
    title: str
    office: Office
    published: datetime
    lines: tuple[Line, ...]
    table: tuple[tuple[str, ...], ...]
    key: str


def decoys_of(
    offices: Sequence[Office], year: int, dice: Dice, figures: Figures, *, traps: bool = False
) -> list[Decoy]:
    """The decoys that a district posts about a year: the notice always, some others. traps: another place's report,
    posted once more here, as well."""
    genres = load("decoys")["genres"]
    always = [genre for genre in genres if genre["genre"] == "notice"]
    others = dice.of(year).shuffled([genre for genre in genres if genre["genre"] != "notice"])[: PER_YEAR - 1]
    posted = always + others + (load("decoys")["traps"] if traps else [])
    return [_decoy(genre, offices, year, dice.of(year, genre["genre"]), figures) for genre in posted]


def _decoy(
    genre: dict[str, object], offices: Sequence[Office], year: int, dice: Dice, figures: Figures
) -> Decoy:
    # only bodies that every world has: a further issuer must not change what an old page says
    office = offices[0] if not genre.get("own") else dice.pick(offices[:2], "office")
    published = datetime(year, 1, 10, 9, 30, tzinfo=CHINA) + timedelta(
        days=dice.between(0, 420), minutes=dice.between(0, 400, "m")
    )
    voice = _voice(office, year, published, dice, figures)
    said = genre["say"]
    assert isinstance(said, list)  # noqa: S101 - the shape of our own data file
    lines = tuple(Line("text", Piece(voice.say(sentence, n).text)) for n, sentence in enumerate(said))
    raw_table = genre.get("table", [])
    assert isinstance(raw_table, list)  # noqa: S101 - the shape of our own data file
    table = tuple(tuple(str(cell) for cell in row) for row in raw_table)
    title = voice.say(str(genre["title"])).text
    return Decoy(str(genre["genre"]), title, office, published, lines, table, f"{genre['genre']}-{year}")


def _voice(office: Office, year: int, published: datetime, dice: Dice, figures: Figures) -> Voice:
    style = style_of(dice, office.district.index, 0)
    return Composer(Assignment(office, year, published.date(), figures, style, dice)).voice
