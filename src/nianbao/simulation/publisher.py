"""Puts a district's reports and other pages onto its website and keeps the truth about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from . import papers
from .authoring import figures_for, labels, titled, write_report
from .breaks import misstatements, published, records, reports_on, unreadable
from .columns import columns_of, with_unit
from .composer import Line, ReportText
from .config import Config, Fate
from .decoys import Decoy, decoys_of
from .dice import Dice
from .faults import NOT_THERE
from .formats.spreadsheet import spreadsheet
from .overlay import redirect
from .pages import Article, Column, Frontage, Row, Shape
from .phrases import Piece
from .places import GOVERNMENT, District, Office
from .publication import Publication
from .quirks import refurnished
from .site import HTML, XLSX
from .stated import canonical_text, figures_of, sections_of
from .truth import AbsentTruth, PageTruth, ReportTruth, SourceTruth, UnreadableTruth
from .website import LONG_AGO, Website

_ONLY_ATTACHED = ("详见附件。", "全文请见附件。", "请点击附件查看。")
_WITHDRAWALS = {Fate.WITHDRAWN, Fate.UNLISTED, Fate.SOFT_WITHDRAWN}


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
        front = Frontage(
            self._host, where.full_name, where.stem, f"{where.full_name}人民政府门户网站", self._dice
        )
        number = self._dice.between(1229000, 1229999, "column")
        self._columns = columns_of(shape.name, offices, number)
        self._website = Website(config, shape, front, self._columns)
        self._out = Publication(self._website.site)

    def publish(self) -> Publication:
        """The website and its truth."""
        for office in self._offices:
            for year in self._config.years:
                if reports_on(office, year):
                    self._report(office, year)
        for year in self._config.years:
            figures = figures_for(self._config, self._where, self._offices[0], {})
            for decoy in decoys_of(
                self._offices, year, self._dice.of("decoys"), figures, traps=self._config.quirks
            ):
                self._decoy(decoy)
        for column in self._columns:
            self._out.listing_pages[self._source_id(column)] = self._website.put_listing(column)
            self._source(column)
        self._website.put_front_page()
        return self._out

    # --- columns ---------------------------------------------------------------------------------------------

    def _source_id(self, column: Column) -> str:
        return f"{self._prefix}-{column.slug}"

    def _source(self, column: Column) -> None:
        offices = [office for office in self._offices if self._website.column(office) is column]
        listing, parameters = self._website.entry(column)
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

    # --- reports and what befalls them ---

    def _report(self, office: Office, year: int) -> None:
        config, key = self._config, (self._where.index, office.index, year)
        column = self._website.column(office)
        if config.absent(*key):
            self._out.absent.append(AbsentTruth(office.issuer_id, year, self._source_id(column)))
            return
        fates = config.fates(key)
        dice = Dice("world", config.seed, office.issuer_id, year)
        late = fates[Fate.LATE].year if Fate.LATE in fates else 0
        posted = published(config, office, year, late)
        report = write_report(config, self._where, office, year, posted)
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
            self._website.put_resource(old_path, redirect(self._website.url(page_path)))
        form = config.format(*key)
        if form != "html":
            report = titled(report)
        changed = posted + timedelta(days=61) if Fate.EDITED in fates else posted
        path = page_path
        if form == "html":
            article = self._article(office, report, page_path, ident, posted, dice)
            self._website.put_article(page_path, article, changed, dice.of("label"))
        else:
            kind = form.removeprefix("attached_")
            path = self._shape.file_path(page_path, ident, "pdf" if kind == "scan" else kind)
            body = papers.paper(kind, report.lines, report.title, office.short, posted, config.font)
            self._website.put(path, body, papers.MEDIA_TYPES[kind], changed)
            if form == kind:
                page_path = path
            else:
                self._attaching_page(office, report, page_path, path, ident, posted, dice)
        if Fate.UNLISTED not in fates:
            self._website.add_row(column, Row(report.title, page_path, posted, office.short))
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
        column = self._website.column(office)
        path = self._shape.file_path(
            self._shape.article_path(with_unit(column, office), published, ident), ident, "pdf"
        )
        body = papers.pdf(report.lines, office.short, password=f"{ident}")
        self._website.put(path, body, papers.MEDIA_TYPES["pdf"], published)
        self._website.add_row(column, Row(report.title, path, published, office.short))
        url = self._website.url(path)
        self._out.unreadable.append(UnreadableTruth(office.issuer_id, year, url, self._source_id(column)))

    def _article(
        self, office: Office, report: ReportText, path: str, ident: int, published: datetime, dice: Dice
    ) -> Article:
        """The page of a report, now and then with a spreadsheet beside the text where all formats are used."""
        files: tuple[tuple[str, str], ...] = ()
        column = self._website.column(office)
        if self._config.formats == "all" and dice.chance(0.12, "spreadsheet"):
            file, name = self._shape.file_path(path, ident + 1, "xlsx"), f"{office.short}行政执法统计表.xlsx"
            rows = [
                ["项目", "数量"],
                *([line.piece.text[:20], str(n)] for n, line in enumerate(report.lines[:9])),
            ]
            self._website.put(file, spreadsheet(rows), XLSX, published)
            self._out.pages.append(
                PageTruth(
                    self._website.url(file), self._host, name, "spreadsheet", published.date(),
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
        other = self._columns[-1] if self._website.column(office) is self._columns[0] else self._columns[0]
        ident, again = dice.between(1_000_000, 9_999_999, "double"), published + timedelta(days=9)
        path = self._shape.article_path(with_unit(other, office), again, ident)
        article = Article(ident, report.title, again, self._poster(office, dice), report.lines, other)
        self._website.put_article(path, article, again)
        self._website.add_row(other, Row(report.title, path, again, office.short))

    def _refurnish(self, path: str) -> None:
        old = self._website.resource(path)
        changed = old.last_modified and old.last_modified + timedelta(days=40)
        body = refurnished(old.body, len(old.body))
        self._website.put_resource(path, replace(old, body=body, last_modified=changed))

    def _withdraw(self, page_path: str, path: str, *, soft: bool) -> None:
        for each in {page_path, path}:
            self._website.remove(each)
            if soft:
                self._website.put(each, NOT_THERE.encode(), f"{HTML}; charset=utf-8", LONG_AGO)

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
            ident, report.title, published, self._poster(office, dice), (only,), self._website.column(office),
            attachments=((path, name),),
        )  # fmt: skip
        self._website.put_article(page_path, article, published)

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
        url, page_url = (self._website.url(each) for each in (path, page_path))
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
            source_id=self._source_id(self._website.column(office)),
            format=form,
            published_date=published.date(),
            signed_date=report.signed,
            doc_number=report.doc_number,
            title_in_text=any(line.role == "title" for line in report.lines),
            text=canonical_text(report),
            sections=sections_of(report),
            figures=figures_of(report, year, labels()),
        )

    def _decoy(self, decoy: Decoy) -> None:
        column = self._website.column(decoy.office)
        ident = self._dice.between(1_000_000, 9_999_999, "decoy", decoy.key)
        path = self._shape.article_path(with_unit(column, decoy.office), decoy.published, ident)
        article = Article(
            ident, decoy.title, decoy.published, decoy.office.short, decoy.lines, column, table=decoy.table
        )
        self._website.put_article(path, article, decoy.published)
        self._website.add_row(column, Row(decoy.title, path, decoy.published, decoy.office.short))
        url = self._website.url(path)
        source = self._source_id(column)
        self._out.pages.append(
            PageTruth(url, self._host, decoy.title, decoy.genre, decoy.published.date(), source)
        )
