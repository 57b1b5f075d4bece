"""What becomes of a world's reports later on: which ones it befalls, and what then differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .breaks import offices, reports_on, unreadable
from .config import Config, Event, Fate, Key
from .places import district
from .series import catalogue
from .truth import ChangeTruth, FigureTruth, ReportTruth

if TYPE_CHECKING:
    from .world import World

_MANNERS = {
    Fate.WITHDRAWN: "not_found",
    Fate.UNLISTED: "unlisted",
    Fate.SOFT_WITHDRAWN: "soft_404",
}
_OF_PAGES = (Fate.REFURNISHED, Fate.READDRESSED, Fate.DUPLICATED, Fate.UNLISTED, Fate.SOFT_WITHDRAWN)


def chosen_events(world: World, wanted: Mapping[Fate, int], edited_files: int) -> frozenset[Event]:
    """Events for a world's reports, none of which is befallen twice or has copies: edits go to the newest pages, withdrawals to the
    oldest, the other fates to pages between them.

    Raises ValueError when there are not enough reports, or not enough missing ones, for that.
    """
    config = world.config
    keys = sorted(_keys(config), key=lambda key: (-key[2], key[0], key[1]))
    names = issuer_keys(config)
    copied = {(*names[copy.issuer_id], copy.year) for copy in world.copies}
    untouched = [key for key in keys if not config.fates(key) and key not in copied]
    editable = _editable(world)
    present = [key for key in untouched if not config.absent(*key)]
    pages = [key for key in present if config.format(*key) == "html"]
    files = [key for key in present if config.format(*key) != "html" and key in editable]
    missing = [key for key in untouched if config.absent(*key)]
    of_pages = (
        wanted.get(Fate.EDITED, 0) + wanted.get(Fate.WITHDRAWN, 0) + sum(wanted.get(f, 0) for f in _OF_PAGES)
    )
    late = wanted.get(Fate.LATE, 0)
    if of_pages > len(pages) or late > len(missing) or edited_files > len(files):
        raise ValueError(
            f"this world has {len(pages)} reports to edit or withdraw and {len(missing)} missing ones to add; "
            "ask for fewer changes or build a larger world"
        )
    edits = [key for key in pages if key in editable][: wanted.get(Fate.EDITED, 0)]
    left = [key for key in pages if key not in edits]
    gone = wanted.get(Fate.WITHDRAWN, 0)
    events = {Event(key, Fate.EDITED) for key in [*edits, *files[:edited_files]]}
    events |= {Event(key, Fate.WITHDRAWN) for key in left[len(left) - gone :]}
    events |= {Event(key, Fate.LATE, max(config.years) + 1) for key in missing[:late]}
    left = left[: len(left) - gone]
    for fate in _OF_PAGES:
        count = wanted.get(fate, 0)
        events |= {Event(key, fate) for key in left[:count]}
        left = left[count:]
    return frozenset(events)


def _keys(config: Config) -> list[Key]:
    return [
        (where, body.index, year)
        for where in range(config.districts)
        for body in offices(config, district(where))
        for year in config.years
        if reports_on(body, year) and not unreadable(config, body, year)
    ]


def _editable(world: World) -> set[Key]:
    """The reports that have a figure to edit."""
    names = issuer_keys(world.config)
    return {
        (*names[report.issuer_id], report.year)
        for report in world.reports
        if editable_series(report.figures, report.year)
    }


def issuer_keys(config: Config) -> dict[str, tuple[int, int]]:
    """District index and issuer index by issuer id."""
    return {
        body.issuer_id: (where, body.index)
        for where in range(config.districts)
        for body in offices(config, district(where))
    }


def editable_series(figures: Sequence[FigureTruth], year: int) -> str | None:
    """The series of a figure that an edit can change by one without touching any other figure of the report."""
    known = catalogue()
    for figure in figures:
        series = known[figure.series]
        alone = sum(other.series == figure.series for other in figures) == 1
        plain = figure.qualifier == "exact" and not (
            series.rate or series.parts or series.share or series.shared
        )
        if alone and plain and figure.indicator and figure.fact_year == year and figure.value < 5000:
            return figure.series
    return None


def changes_between(before: World, after: World) -> tuple[ChangeTruth, ...]:
    """What differs: as the events say, then the reports on further years, then moved hosts and turned pages."""
    return (
        *_befallen(before, after),
        *(
            ChangeTruth("added", report.issuer_id, report.year, report.page_url)
            for report in after.reports
            if report.year not in before.config.years
        ),
        *_moved(before, after),
        *_repaged(before, after),
    )


def _befallen(before: World, after: World) -> Iterator[ChangeTruth]:
    names = {key: issuer for issuer, key in issuer_keys(after.config).items()}
    old = {(report.issuer_id, report.year): report for report in before.reports}
    new = {(report.issuer_id, report.year): report for report in after.reports}
    for event in sorted(
        after.config.events - before.config.events, key=lambda event: (event.fate, event.key)
    ):
        who = (names[event.key[:2]], event.key[2])
        if event.fate in _MANNERS:
            yield ChangeTruth("withdrawn", *who, old[who].page_url, manner=_MANNERS[event.fate])
        elif event.fate is Fate.LATE:
            yield ChangeTruth("late", *who, new[who].page_url)
        elif event.fate is Fate.EDITED:
            yield ChangeTruth("edited", *who, new[who].url, _differing_sentence(old[who], new[who]))
        elif event.fate is Fate.READDRESSED:
            yield ChangeTruth("readdressed", *who, new[who].page_url, old_url=old[who].page_url)
        else:
            yield ChangeTruth(event.fate.value, *who, new[who].page_url)


def _differing_sentence(old: ReportTruth, new: ReportTruth) -> str:
    pairs = zip(old.figures, new.figures, strict=True)
    return next((b.sentence for a, b in pairs if a.text != b.text), "")


def _moved(before: World, after: World) -> Iterator[ChangeTruth]:
    for source in after.sources:
        where = next(
            number for number in range(after.config.districts) if district(number).code == source.region_code
        )
        if where in after.config.moved - before.config.moved:
            place = district(where)
            new = source.listings[0].replace(place.host, place.new_host, 1)
            yield ChangeTruth("moved", "", 0, new, old_url=source.listings[0])


def _repaged(before: World, after: World) -> Iterator[ChangeTruth]:
    if after.config.per_page != before.config.per_page:
        for source in after.sources:
            yield ChangeTruth("repaged", "", 0, source.listings[0])
