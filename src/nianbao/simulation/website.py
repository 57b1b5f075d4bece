"""One simulated website under construction: what lies under which path, and the listings that lead there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from .columns import column_of
from .config import Config
from .dice import Dice
from .dynamic_site import DynamicSite, Endpoint
from .labels import MIXED_LABELS, relabelled
from .pages import Article, Column, Frontage, Row, ScriptedShape, Shape, text
from .places import Office
from .site import HTML, Resource

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_PINNING = "trs_untidy"  # the shape whose oldest row stands on top of every page as well
_ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /search/\n"


class Website:
    """The pages and files of one host, each put under its path, and a listing per column of the rows it was given."""

    def __init__(self, config: Config, shape: Shape, front: Frontage, columns: Sequence[Column]) -> None:
        self._config = config
        self._shape = shape
        self._front = front
        self._columns = columns
        self._rows: dict[str, list[Row]] = {column.slug: [] for column in columns}
        self._resources: dict[str, Resource] = {}
        self.site = DynamicSite(self._resources)

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return f"http://{self._front.host}{path}"

    def column(self, office: Office) -> Column:
        """The column in which an office publishes."""
        return column_of(self._columns, office)

    def entry(self, column: Column) -> tuple[str, Mapping[str, str]]:
        """Where a listing begins, and what a reader has to be told."""
        if isinstance(self._shape, ScriptedShape):
            return self._shape.source(self._front, column)
        return self.url(self._shape.listing_paths(column, 1)[0][0]), {}

    # --- pages and files ---

    def put(self, path: str, body: bytes, media_type: str, changed: datetime) -> None:
        """Puts a file. changed: when it was last modified, an aware time."""
        self._resources[path] = Resource(body, media_type, changed.astimezone(UTC))

    def put_page(self, path: str, page: str, changed: datetime, dice: Dice | None = None) -> None:
        """Puts a page. dice: for pages that may come in another encoding, where all formats are used."""
        if isinstance(self._shape, ScriptedShape) and not self._shape.article_media_type.startswith(HTML):
            self.put(path, page.encode(), self._shape.article_media_type, changed)
            return
        mixed = dice and self._config.formats == "all" and self._shape.encoding == "utf-8"
        if dice and mixed and dice.chance(0.35, "other"):
            self.put(path, *relabelled(page, *dice.pick(MIXED_LABELS, "which")), changed)
            return
        self.put(path, page.encode(self._shape.encoding), self._html, changed)

    def put_article(self, path: str, article: Article, changed: datetime, dice: Dice | None = None) -> None:
        """Puts an article as a page of this site's shape; dice as in put_page."""
        self.put_page(path, self._shape.article(self._front, article, path), changed, dice)

    def put_resource(self, path: str, resource: Resource) -> None:
        """Puts an answer as it is, in place of what lay there."""
        self._resources[path] = resource

    def resource(self, path: str) -> Resource:
        """What lies under a path. Raises KeyError where nothing does."""
        return self._resources[path]

    def remove(self, path: str) -> None:
        """Takes away what lies under a path. Raises KeyError where nothing does."""
        del self._resources[path]

    # --- listings ---

    def add_row(self, column: Column, row: Row) -> None:
        """Notes a link for a column's listing."""
        self._rows[column.slug].append(row)

    def put_listing(self, column: Column) -> list[list[str]]:
        """Puts a column's listing, newest first; returns all paths of each of its pages, none where a script draws it."""
        rows = sorted(self._rows[column.slug], key=lambda row: (row.published, row.path), reverse=True)
        step = self._config.per_page
        newest = rows[0].published if rows else LONG_AGO
        if isinstance(self._shape, ScriptedShape):
            self._put_scripted(self._shape, column, rows, newest)
            return []
        parts = [rows[n : n + step] for n in range(0, len(rows), step)] or [[]]
        pages = self._shape.listing_paths(column, len(parts))
        for number, paths in enumerate(pages):
            shown = parts[number] if number < len(parts) else []
            if shown and self._shape.name == _PINNING:
                shown = [rows[-1], *shown]
            page = self._shape.listing(self._front, column, shown, number, len(pages))
            for path in paths:
                self.put_page(path, page, newest)
        return pages

    def put_front_page(self) -> None:
        """Puts the page that leads to all listings, and robots.txt."""
        links = "".join(
            f'<p><a href="{text(self.entry(column)[0].removeprefix(self.url("")))}">{column.name}</a></p>'
            for column in self._columns
        )
        title = self._front.title
        page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{links}</body></html>"
        self.put("/", page.encode(self._shape.encoding), self._html, LONG_AGO)
        self.put("/robots.txt", _ROBOTS.encode(), "text/plain", LONG_AGO)

    def _put_scripted(
        self, shape: ScriptedShape, column: Column, rows: Sequence[Row], newest: datetime
    ) -> None:
        step = self._config.per_page
        for target, page in shape.shells(self._front, column, rows, step).items():
            self.put(target, page.encode(), f"{HTML}; charset=utf-8", newest)
        for path, (media_type, answer) in shape.endpoints(self._front, column, rows, step).items():
            self.site.endpoints[path] = Endpoint(answer, media_type, newest.astimezone(UTC))

    @property
    def _html(self) -> str:
        return HTML if self._shape.encoding != "utf-8" else f"{HTML}; charset=utf-8"
