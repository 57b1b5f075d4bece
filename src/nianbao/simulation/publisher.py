"""Puts a district's reports and other pages onto its website and keeps the truth about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from . import papers
from .breaks import misstatements, published, records, reports_on, unreadable
from .columns import column_of, columns_of, with_unit
from .composer import Assignment, Composer, Line, ReportText
from .config import Config, Fate
from .decoys import Decoy, decoys_of
from .dice import Dice
from .dynamic_site import DynamicSite, Endpoint
from .faults import NOT_THERE
from .formats.spreadsheet import spreadsheet
from .labels import MIXED_LABELS, relabelled
from .overlay import redirect
from .pages import Article, Column, Frontage, Row, ScriptedShape, Shape, text
from .phrases import Piece
from .places import GOVERNMENT, District, Office
from .publication import Publication
from .quirks import refurnished
from .revisions import editable_series
from .series import Figures, catalogue
from .site import HTML, XLSX, Resource
from .stated import canonical_text, figures_of, sections_of
from .style import style_of
from .truth import (
    AbsentTruth,
    PageTruth,
    ReportTruth,
    SourceTruth,
    UnreadableTruth,
)

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_ONLY_ATTACHED = ("详见附件。", "全文请见附件。", "请点击附件查看。")
_WITHDRAWALS = {Fate.WITHDRAWN, Fate.UNLISTED, Fate.SOFT_WITHDRAWN}
_PINNING = "trs_untidy"  # the shape whose oldest row stands on top of every page as well
_ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /search/\n"


class Publisher:
    """Builds one website: the given offices of a district on one host."""

    def __init__(
        self,
        config: Config,
        where: District,
        offices: Sequence[Office],
        shape: Shape,
        host: str | None = None,
        source_prefix: str | None = None,
    ) -> None:
        self._config = config
        self._where = where
        self._offices = offices
        self._shape = shape
        self._host = host or where.host
        self._prefix = source_prefix or f"lanchuan-{where.slug}"
        self._dice = Dice("world", config.seed).of(where.slug)
        self._front = Frontage(
            self._host, where.full_name, where.stem, f"{where.full_name}人民政府门户网站", self._dice
        )
        number = self._dice.between(1229000, 1229999, "column")
        self._columns = columns_of(shape.name, offices, number)
        self._rows: dict[str, list[Row]] = {column.slug: [] for column in self._columns}
        self._resources: dict[str, Resource] = {}
        self._site = DynamicSite(self._resources)
        self._out = Publication(self._site)

    def publish(self) -> Publication:
        """The website and its truth."""
        for office in self._offices:
            for year in self._config.years:
                if reports_on(office, year):
                    self._report(office, year)
        for year in self._config.years:
            figures = self._figures(self._offices[0], {})
            for decoy in decoys_of(
                self._offices, year, self._dice.of("decoys"), figures, traps=self._config.quirks
            ):
                self._decoy(decoy)
        for column in self._columns:
            self._listing(column)
            self._source(column)
        self._front_page()
        return self._out

    # --- columns ---------------------------------------------------------------------------------------------

    def _column(self, office: Office) -> Column:
        return column_of(self._columns, office)

    def _source_id(self, column: Column) -> str:
        return f"{self._prefix}-{column.slug}"

    def _source(self, column: Column) -> None:
        offices = [office for office in self._offices if self._column(office) is column]
        listing, parameters = self._entry(column)
        self._out.sources.append(
            SourceTruth(
                source_id=self._source_id(column),
                region_code=self._where.code,
                host=self._host,
                listings=(listing,),
                expected_issuers=tuple(office.issuer_id for office in offices),
                expected_since=min(self._config.years),
                shape=self._shape.name,
                family=self._shape.family,
                parameters=parameters,
            )
        )

    def _entry(self, column: Column) -> tuple[str, Mapping[str, str]]:
        """Where a listing begins, and what a reader has to be told."""
        if isinstance(self._shape, ScriptedShape):
            return self._shape.source(self._front, column)
        return f"http://{self._host}{self._shape.listing_paths(column, 1)[0][0]}", {}

    # --- pages -----------------------------------------------------------------------------------------------

    def _figures(self, office: Office, bumps: dict[tuple[str, int], int]) -> Figures:
        root = Dice("world", self._config.seed)
        return Figures(root.of(office.issuer_id), root.of(self._where.slug), office.body.scale, bumps)

    def _compose(self, office: Office, year: int, published: datetime) -> ReportText:
        dice = Dice("world", self._config.seed, office.issuer_id, year)
        style = style_of(Dice("world", self._config.seed, office.issuer_id), self._where.index, office.index)

        said = records(self._config, office, year)

        def write(bumps: dict[tuple[str, int], int]) -> ReportText:
            figures = self._figures(office, bumps)
            task = Assignment(office, year, published.date(), figures, style, dice, said)
            return Composer(task).write()

        report = write({})
        if Fate.EDITED in self._config.fates((self._where.index, office.index, year)):
            series = editable_series(figures_of(report, year, _labels()), year)
            if series is None:
                raise ValueError(
                    f"'{report.title}' has no figure that can be edited alone; edit another report"
                )
            report = write({(series, year): 1})
        return report

    def _report(self, office: Office, year: int) -> None:
        config, key = self._config, (self._where.index, office.index, year)
        column = self._column(office)
        if config.absent(*key):
            self._out.absent.append(AbsentTruth(office.issuer_id, year, self._source_id(column)))
            return
        fates = config.fates(key)
        dice = Dice("world", config.seed, office.issuer_id, year)
        late = fates[Fate.LATE].year if Fate.LATE in fates else 0
        posted = published(config, office, year, late)
        report = self._compose(office, year, posted)
        ident = dice.between(1_000_000, 9_999_999, "ident")
        if unreadable(config, office, year):
            self._locked(office, year, report, ident, posted)
            return
        page_path = self._shape.article_path(with_unit(column, office), posted, ident)
        if Fate.READDRESSED in fates:
            ident = dice.between(1_000_000, 9_999_999, "new ident")
            old_path, page_path = (
                page_path,
                self._shape.article_path(with_unit(column, office), posted, ident),
            )
            self._resources[old_path] = redirect(f"http://{self._host}{page_path}")
        form = config.format(*key)
        if form != "html" and not any(line.role == "title" for line in report.lines):
            report = ReportText(report.title, _with_title(report), report.doc_number, report.signed)
        changed = posted + timedelta(days=61) if Fate.EDITED in fates else posted
        path = page_path
        if form == "html":
            article = self._article(office, report, page_path, ident, posted, dice)
            page = self._shape.article(self._front, article, page_path)
            self._put_page(page_path, page, changed, dice.of("label"))
        else:
            kind = form.removeprefix("attached_")
            path = self._shape.file_path(page_path, ident, "pdf" if kind == "scan" else kind)
            body = papers.paper(kind, report.lines, report.title, office.short, posted, config.font)
            self._put(path, body, papers.MEDIA_TYPES[kind], changed)
            if form == kind:
                page_path = path
            else:
                self._attaching_page(office, report, page_path, path, ident, posted, dice)
        if Fate.UNLISTED not in fates:
            self._row(column, Row(report.title, page_path, posted, office.short))
        truth = self._truth(office, year, report, page_path, path, form.removeprefix("attached_"), posted)
        if Fate.DUPLICATED in fates:
            self._duplicate(office, report, posted, dice)
        if Fate.REFURNISHED in fates:
            self._refurnish(page_path)
        if fates.keys() & _WITHDRAWALS:
            self._withdraw(page_path, path, soft=Fate.SOFT_WITHDRAWN in fates)
            self._out.withdrawn.append(truth)
        else:
            self._out.reports.append(truth)
            contradicted, restated = misstatements(truth, records(config, office, year))
            self._out.contradictions += contradicted
            self._out.restatements += restated

    def _locked(self, office: Office, year: int, report: ReportText, ident: int, published: datetime) -> None:
        """The report as a file that asks for a password which nobody is told."""
        column = self._column(office)
        path = self._shape.file_path(
            self._shape.article_path(with_unit(column, office), published, ident), ident, "pdf"
        )
        body = papers.pdf(report.lines, office.short, password=f"{ident}")
        self._put(path, body, papers.MEDIA_TYPES["pdf"], published)
        self._row(column, Row(report.title, path, published, office.short))
        url = f"http://{self._host}{path}"
        self._out.unreadable.append(UnreadableTruth(office.issuer_id, year, url, self._source_id(column)))

    def _article(
        self, office: Office, report: ReportText, path: str, ident: int, published: datetime, dice: Dice
    ) -> Article:
        """The page of a report, now and then with a spreadsheet beside the text where all formats are used."""
        files: tuple[tuple[str, str], ...] = ()
        column = self._column(office)
        if self._config.formats == "all" and dice.chance(0.12, "spreadsheet"):
            file, name = self._shape.file_path(path, ident + 1, "xlsx"), f"{office.short}行政执法统计表.xlsx"
            rows = [
                ["项目", "数量"],
                *([line.piece.text[:20], str(n)] for n, line in enumerate(report.lines[:9])),
            ]
            self._put(file, spreadsheet(rows), XLSX, published)
            self._out.pages.append(
                PageTruth(
                    f"http://{self._host}{file}", self._host, name, "spreadsheet", published.date(),
                    self._source_id(column),
                )
            )  # fmt: skip
            files = ((file, name),)
        return Article(
            ident,
            report.title,
            published,
            self._poster(office, dice),
            report.lines,
            column,
            attachments=files,
        )

    def _duplicate(self, office: Office, report: ReportText, published: datetime, dice: Dice) -> None:
        """The page once more, posted some days later: in another column where the site has one."""
        other = self._columns[-1] if self._column(office) is self._columns[0] else self._columns[0]
        ident, again = dice.between(1_000_000, 9_999_999, "double"), published + timedelta(days=9)
        path = self._shape.article_path(with_unit(other, office), again, ident)
        article = Article(ident, report.title, again, self._poster(office, dice), report.lines, other)
        self._put_page(path, self._shape.article(self._front, article, path), again)
        self._row(other, Row(report.title, path, again, office.short))

    def _refurnish(self, path: str) -> None:
        old = self._resources[path]
        changed = old.last_modified and old.last_modified + timedelta(days=40)
        self._resources[path] = replace(old, body=refurnished(old.body, len(old.body)), last_modified=changed)

    def _withdraw(self, page_path: str, path: str, *, soft: bool) -> None:
        for each in {page_path, path}:
            del self._resources[each]
            if soft:
                self._put(each, NOT_THERE.encode(), f"{HTML}; charset=utf-8", _LONG_AGO)

    def _attaching_page(
        self,
        office: Office,
        report: ReportText,
        page_path: str,
        path: str,
        ident: int,
        published: datetime,
        dice: Dice,
    ) -> None:
        only = Line("text", Piece(dice.pick(_ONLY_ATTACHED, "attached")))
        name = f"{report.title}.{path.rsplit('.', 1)[1]}"
        article = Article(
            ident, report.title, published, self._poster(office, dice), (only,), self._column(office),
            attachments=((path, name),),
        )  # fmt: skip
        self._put_page(page_path, self._shape.article(self._front, article, page_path), published)

    def _poster(self, office: Office, dice: Dice) -> str:
        """Who the page says posted it: for a government now and then the justice bureau."""
        if office.body is GOVERNMENT and dice.chance(0.3, "poster"):
            return f"{self._where.name}司法局"
        return dice.pick((office.short, office.name), "poster name")

    def _truth(
        self,
        office: Office,
        year: int,
        report: ReportText,
        page_path: str,
        path: str,
        form: str,
        published: datetime,
    ) -> ReportTruth:
        url, page_url = (f"http://{self._host}{each}" for each in (path, page_path))
        return ReportTruth(
            issuer_id=office.issuer_id,
            issuer=office.name,
            region_code=self._where.code,
            kind="rule_of_law",
            year=year,
            title=report.title,
            url=url,
            page_url=page_url,
            urls=tuple(dict.fromkeys((url, page_url))),
            host=self._host,
            source_id=self._source_id(self._column(office)),
            format=form,
            published_date=published.date(),
            signed_date=report.signed,
            doc_number=report.doc_number,
            title_in_text=any(line.role == "title" for line in report.lines),
            text=canonical_text(report),
            sections=sections_of(report),
            figures=figures_of(report, year, _labels()),
        )

    def _decoy(self, decoy: Decoy) -> None:
        column = self._column(decoy.office)
        ident = self._dice.between(1_000_000, 9_999_999, "decoy", decoy.key)
        path = self._shape.article_path(with_unit(column, decoy.office), decoy.published, ident)
        article = Article(
            ident, decoy.title, decoy.published, decoy.office.short, decoy.lines, column, table=decoy.table
        )
        self._put_page(path, self._shape.article(self._front, article, path), decoy.published)
        self._row(column, Row(decoy.title, path, decoy.published, decoy.office.short))
        url = f"http://{self._host}{path}"
        source = self._source_id(column)
        self._out.pages.append(
            PageTruth(url, self._host, decoy.title, decoy.genre, decoy.published.date(), source)
        )

    # --- listings and the rest -------------------------------------------------------------------------------

    def _row(self, column: Column, row: Row) -> None:
        self._rows[column.slug].append(row)

    def _listing(self, column: Column) -> None:
        rows = sorted(self._rows[column.slug], key=lambda row: (row.published, row.path), reverse=True)
        step = self._config.per_page
        newest = rows[0].published if rows else _LONG_AGO
        if isinstance(self._shape, ScriptedShape):
            self._scripted_listing(self._shape, column, rows, newest)
            return
        parts = [rows[n : n + step] for n in range(0, len(rows), step)] or [[]]
        pages = self._shape.listing_paths(column, len(parts))
        self._out.listing_pages[self._source_id(column)] = pages
        for number, paths in enumerate(pages):
            shown = parts[number] if number < len(parts) else []
            if shown and self._shape.name == _PINNING:
                shown = [rows[-1], *shown]
            page = self._shape.listing(self._front, column, shown, number, len(pages))
            for path in paths:
                self._put_page(path, page, newest)

    def _scripted_listing(
        self, shape: ScriptedShape, column: Column, rows: Sequence[Row], newest: datetime
    ) -> None:
        step = self._config.per_page
        self._out.listing_pages[self._source_id(column)] = []
        for target, page in shape.shells(self._front, column, rows, step).items():
            self._put(target, page.encode(), f"{HTML}; charset=utf-8", newest)
        for path, (media_type, answer) in shape.endpoints(self._front, column, rows, step).items():
            self._site.endpoints[path] = Endpoint(answer, media_type, newest.astimezone(UTC))

    def _front_page(self) -> None:
        links = "".join(
            f'<p><a href="{text(self._entry(column)[0].removeprefix(f"http://{self._host}"))}">{column.name}</a></p>'
            for column in self._columns
        )
        page = f"<html><head><title>{self._front.title}</title></head><body><h1>{self._front.title}</h1>{links}</body></html>"
        self._put(
            "/",
            page.encode(self._shape.encoding),
            HTML if self._shape.encoding != "utf-8" else f"{HTML}; charset=utf-8",
            _LONG_AGO,
        )
        self._put("/robots.txt", _ROBOTS.encode(), "text/plain", _LONG_AGO)

    def _put_page(self, path: str, page: str, changed: datetime, dice: Dice | None = None) -> None:
        """Puts a page. dice: for pages that may come in another encoding, where all formats are used."""
        if isinstance(self._shape, ScriptedShape) and not self._shape.article_media_type.startswith(HTML):
            self._put(path, page.encode(), self._shape.article_media_type, changed)
            return
        mixed = dice and self._config.formats == "all" and self._shape.encoding == "utf-8"
        if dice and mixed and dice.chance(0.35, "other"):
            self._put(path, *relabelled(page, *dice.pick(MIXED_LABELS, "which")), changed)
            return
        label = HTML if self._shape.encoding != "utf-8" else f"{HTML}; charset=utf-8"
        self._put(path, page.encode(self._shape.encoding), label, changed)

    def _put(self, path: str, body: bytes, media_type: str, changed: datetime) -> None:
        self._resources[path] = Resource(body, media_type, changed.astimezone(UTC))


def _with_title(report: ReportText) -> tuple[Line, ...]:
    """A file has no page around it: its title is its first line."""
    return (Line("title", Piece(report.title)), *report.lines)


@cache
def _labels() -> dict[str, str]:
    """What the series count, in words."""
    return {key: series.label for key, series in catalogue().items()}
