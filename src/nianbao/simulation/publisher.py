"""Puts a district's reports and other pages onto its website and keeps the truth about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from . import papers
from .composer import Assignment, Composer, Line, ReportText
from .config import Config
from .dates import published_at
from .decoys import Decoy, decoys_of
from .dice import Dice
from .pages import PER_PAGE, Article, Column, Frontage, Row, Shape
from .phrases import Piece
from .places import GOVERNMENT, District, Office
from .series import Figures, catalogue
from .site import DOCX, HTML, PDF, Resource, StaticSite
from .style import style_of
from .truth import (
    AbsentTruth,
    PageTruth,
    ReportTruth,
    SourceTruth,
    canonical_text,
    figures_of,
    sections_of,
)

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_ONLY_ATTACHED = ("详见附件。", "全文请见附件。", "请点击附件查看。")
_ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /search/\n"


@dataclass(slots=True)
class Publication:
    """What one district's website came to."""

    site: StaticSite
    sources: list[SourceTruth] = field(default_factory=list)
    reports: list[ReportTruth] = field(default_factory=list)
    pages: list[PageTruth] = field(default_factory=list)
    absent: list[AbsentTruth] = field(default_factory=list)
    withdrawn: list[ReportTruth] = field(default_factory=list)


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
        self._columns = self._make_columns()
        self._rows: dict[str, list[Row]] = {column.slug: [] for column in self._columns}
        self._resources: dict[str, Resource] = {}
        self._out = Publication(StaticSite(self._resources))

    def publish(self) -> Publication:
        """The website and its truth."""
        for office in self._offices:
            for year in self._config.years:
                self._report(office, year)
        for year in self._config.years:
            figures = self._figures(self._offices[0], {})
            for decoy in decoys_of(self._offices, year, self._dice.of("decoys"), figures):
                self._decoy(decoy)
        for column in self._columns:
            self._listing(column)
            self._source(column)
        self._front_page()
        return self._out

    # --- columns ---------------------------------------------------------------------------------------------

    def _make_columns(self) -> list[Column]:
        number = self._dice.between(1229000, 1229999, "column")
        if self._shape.name == "trs" and len(self._offices) > 1:
            return [
                Column("qzf", "区政府法治政府建设报告", number),
                Column("bm", "部门镇街法治政府建设报告", number + 1),
            ]
        names = {
            "jcms": "法治政府建设",
            "dayofyear": "法治政府建设情况报告",
            "content": "法治政府建设年度报告",
        }
        slugs = {"jcms": "fzjs", "dayofyear": "fzzfjsqkbg", "content": "fzzfjsndbg"}
        return [
            Column(slugs.get(self._shape.name, "fzzfjs"), names.get(self._shape.name, "法治政府建设"), number)
        ]

    def _column(self, office: Office) -> Column:
        return self._columns[0 if office.body is GOVERNMENT else -1]

    def _source_id(self, column: Column) -> str:
        return f"{self._prefix}-{column.slug}"

    def _source(self, column: Column) -> None:
        offices = [office for office in self._offices if self._column(office) is column]
        first = self._shape.listing_paths(column, 1)[0][0]
        self._out.sources.append(
            SourceTruth(
                source_id=self._source_id(column),
                region_code=self._where.code,
                host=self._host,
                listings=(f"http://{self._host}{first}",),
                expected_issuers=tuple(office.issuer_id for office in offices),
                expected_since=min(self._config.years),
                shape=self._shape.name,
                family=self._shape.family,
            )
        )

    # --- pages -----------------------------------------------------------------------------------------------

    def _figures(self, office: Office, bumps: dict[tuple[str, int], int]) -> Figures:
        root = Dice("world", self._config.seed)
        return Figures(root.of(office.issuer_id), root.of(self._where.slug), office.body.scale, bumps)

    def _compose(self, office: Office, year: int, published: datetime) -> ReportText:
        dice = Dice("world", self._config.seed, office.issuer_id, year)
        style = style_of(Dice("world", self._config.seed, office.issuer_id), self._where.index, office.index)

        def write(bumps: dict[tuple[str, int], int]) -> ReportText:
            figures = self._figures(office, bumps)
            return Composer(Assignment(office, year, published.date(), figures, style, dice)).write()

        report = write({})
        if (self._where.index, office.index, year) in self._config.edited:
            report = write({(_editable(report), year): 1})
        return report

    def _report(self, office: Office, year: int) -> None:
        config, key = self._config, (self._where.index, office.index, year)
        column = self._column(office)
        if config.absent(*key):
            self._out.absent.append(AbsentTruth(office.issuer_id, year, self._source_id(column)))
            return
        dice = Dice("world", config.seed, office.issuer_id, year)
        published = published_at(dice, year, government=office.body is GOVERNMENT, late=key in config.late)
        report = self._compose(office, year, published)
        ident = dice.between(1_000_000, 9_999_999, "ident")
        page_path = self._shape.article_path(column, published, ident)
        form = config.format(*key)
        lines = report.lines
        if form != "html" and not any(line.role == "title" for line in lines):
            lines = _with_title(report)
            report = ReportText(report.title, lines, report.doc_number, report.signed)
        path = page_path
        changed = published + timedelta(days=61) if key in config.edited else published
        if form == "html":
            article = Article(ident, report.title, published, self._poster(office, dice), lines, column)
            self._put_page(page_path, self._shape.article(self._front, article, page_path), changed)
        else:
            suffix = "docx" if form == "attached_docx" else "pdf"
            path = self._shape.file_path(page_path, ident, suffix)
            body = (
                papers.docx(lines, report.title, published)
                if suffix == "docx"
                else papers.pdf(lines, office.short)
            )
            self._put(path, body, DOCX if suffix == "docx" else PDF, changed)
            if form == "pdf":
                page_path = path
            else:
                self._attaching_page(office, report, page_path, path, ident, published, dice)
        self._row(column, Row(report.title, page_path, published))
        truth = self._truth(office, year, report, page_path, path, form.removeprefix("attached_"), published)
        if key in config.withdrawn:
            del self._resources[path]
            self._resources.pop(page_path, None)
            self._out.withdrawn.append(truth)
        else:
            self._out.reports.append(truth)

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
        labels = {key: series.label for key, series in catalogue().items()}
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
            figures=figures_of(report, year, labels),
        )

    def _decoy(self, decoy: Decoy) -> None:
        column = self._column(decoy.office)
        ident = self._dice.between(1_000_000, 9_999_999, "decoy", decoy.key)
        path = self._shape.article_path(column, decoy.published, ident)
        article = Article(
            ident, decoy.title, decoy.published, decoy.office.short, decoy.lines, column, table=decoy.table
        )
        self._put_page(path, self._shape.article(self._front, article, path), decoy.published)
        self._row(column, Row(decoy.title, path, decoy.published))
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
        parts = [rows[n : n + PER_PAGE] for n in range(0, len(rows), PER_PAGE)] or [[]]
        newest = rows[0].published if rows else _LONG_AGO
        for number, paths in enumerate(self._shape.listing_paths(column, len(parts))):
            page = self._shape.listing(self._front, column, parts[number], number, len(parts))
            for path in paths:
                self._put_page(path, page, newest)

    def _front_page(self) -> None:
        links = "".join(
            f'<p><a href="{self._shape.listing_paths(column, 1)[0][0]}">{column.name}</a></p>'
            for column in self._columns
        )
        page = f"<html><head><title>{self._front.title}</title></head><body><h1>{self._front.title}</h1>{links}</body></html>"
        self._put_page("/", page, _LONG_AGO)
        self._put("/robots.txt", _ROBOTS.encode(), "text/plain", _LONG_AGO)

    def _put_page(self, path: str, page: str, changed: datetime) -> None:
        label = HTML if self._shape.encoding != "utf-8" else f"{HTML}; charset=utf-8"
        self._put(path, page.encode(self._shape.encoding), label, changed)

    def _put(self, path: str, body: bytes, media_type: str, changed: datetime) -> None:
        self._resources[path] = Resource(body, media_type, changed.astimezone(UTC))


def _with_title(report: ReportText) -> tuple[Line, ...]:
    """A file has no page around it: its title is its first line."""
    return (Line("title", Piece(report.title)), *report.lines)


def _editable(report: ReportText) -> str:
    """The series of a figure that an edit can change by one without touching any other figure of the report."""
    marks = [mark for line in report.lines for mark in line.piece.marks]
    known = catalogue()
    for mark in marks:
        series = known[mark.series]
        alone = sum(other.series == mark.series for other in marks) == 1
        plain = mark.quantity.qualifier == "exact" and not (
            series.rate or series.parts or series.share or series.shared
        )
        if alone and plain and mark.indicator and mark.shift == 0 and mark.quantity.value < 5000:
            return mark.series
    raise ValueError(
        f"'{report.title}' has no figure that can be edited alone; choose another report to edit"
    )
