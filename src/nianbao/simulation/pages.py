"""What all shapes of websites share: articles, listing rows, escaping, meta tags, navigation, the body's paragraphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Protocol, runtime_checkable

from nianbao.model import Family

from .composer import Line
from .dice import Dice
from .dynamic_site import Answer

NAVIGATION = ("首页", "走进{d}", "新闻动态", "政务公开", "政务服务", "互动交流", "数据开放", "专题专栏")
PER_PAGE = 9


@dataclass(frozen=True, slots=True)
class Frontage:
    """A website as its pages name it. code: identification code in the footer."""

    host: str
    region: str
    stem: str
    title: str
    dice: Dice

    @property
    def site_code(self) -> str:
        """Ten digits, as government sites carry one."""
        return f"9901{self.dice.between(100000, 999999, 'site code')}"

    @property
    def filing(self) -> str:
        """The ICP filing line."""
        return (
            f"澜ICP备{self.dice.between(10000000, 29999999, 'icp')}号-{self.dice.between(1, 4, 'icp part')}"
        )

    @property
    def police(self) -> str:
        """The public security filing line."""
        return f"澜公网安备 99{self.dice.between(100000000000, 999999999999, 'police')}号"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the site: a slug for addresses, its name, its number. unit: code of the department whose page an
    address leads to, for sites that have such codes."""

    slug: str
    name: str
    number: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a listing. office: who posted it."""

    title: str
    path: str
    published: datetime
    office: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A page with a text. office: who posted it. lines: of a report or a plain page; table: extra rows shown as a
    table under the text; attachments: (path, link text)."""

    ident: int
    title: str
    published: datetime
    office: str
    lines: tuple[Line, ...]
    column: Column
    doc_number: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()


class Shape(Protocol):
    """A way of publishing: addresses and pages."""

    @property
    def name(self) -> str:
        """The simulation's name of it."""

    @property
    def family(self) -> Family:
        """The family that the registry names for such sites."""

    @property
    def encoding(self) -> str:
        """Encoding of its pages."""

    def article_path(self, column: Column, published: datetime, ident: int) -> str:
        """Path of an article."""

    def file_path(self, article_path: str, ident: int, suffix: str) -> str:
        """Path of a file that belongs to an article."""

    def listing_paths(self, column: Column, pages: int) -> list[list[str]]:
        """For each page of a listing all paths it answers at, the one that is linked first."""

    def article(self, front: Frontage, article: Article, path: str) -> str:
        """An article's page."""

    def listing(self, front: Frontage, column: Column, rows: Sequence[Row], page: int, pages: int) -> str:
        """A listing's page; page counts from 0."""


@runtime_checkable
class ScriptedShape(Shape, Protocol):
    """A way of publishing whose listings a browser fills from endpoints. Its own listing pages are not used."""

    @property
    def article_media_type(self) -> str:
        """What articles are served as."""

    def source(self, front: Frontage, column: Column) -> tuple[str, Mapping[str, str]]:
        """The listing's address and the parameters, as the registry has them."""

    def endpoints(
        self, front: Frontage, column: Column, rows: Sequence[Row], size: int
    ) -> Mapping[str, tuple[str, Answer]]:
        """By path the media type and the answer of each endpoint. size: rows on a page."""

    def shells(self, front: Frontage, column: Column, rows: Sequence[Row], size: int) -> Mapping[str, str]:
        """By target the pages that a browser opens."""


def text(value: str) -> str:
    """Escaped for HTML text and attributes."""
    return escape(value, quote=True)


def meta_tags(front: Frontage, column: Column, article: Article | None, url: str) -> str:
    """The label standard of government sites, as far as sites follow it."""
    tags = [
        ("SiteName", front.title),
        ("SiteDomain", front.host),
        ("SiteIDCode", front.site_code),
        ("ColumnName", column.name),
        ("ColumnType", "政务公开"),
    ]
    if article:
        tags += [
            ("ArticleTitle", article.title),
            ("PubDate", article.published.strftime("%Y-%m-%d %H:%M")),
            ("ContentSource", article.office),
            ("Keywords", "法治政府,依法行政"),
            ("Url", url),
        ]
    return "\n".join(f'<meta name="{name}" content="{text(value)}">' for name, value in tags)


def navigation(front: Frontage, separator: str = "") -> str:
    """The main menu."""
    names = [name.format(d=front.stem) for name in NAVIGATION]
    links = [f'<li><a href="/{f"c{n}/" if n else ""}">{text(name)}</a></li>' for n, name in enumerate(names)]
    return separator.join(links)


def footer(front: Frontage) -> str:
    """The end of every page: who runs the site, filings, counters."""
    visits = front.dice.between(1_000_000, 90_000_000, "visits")
    return (
        f'<div class="footer"><p>主办单位：{text(front.region)}人民政府办公室　承办：{text(front.region)}大数据中心</p>'
        f"<p>网站标识码：{front.site_code}　{front.filing}　{front.police}</p>"
        f"<p>地址：{text(front.region)}府前路{front.dice.between(1, 900, 'house')}号　邮编：99{front.dice.between(1000, 9999, 'post')}　"
        f"政务服务便民热线：12345</p><p>您是本站第{visits}位访客　建议使用1920×1080分辨率、IE11以上浏览器</p></div>"
    )


def paragraphs(lines: Sequence[Line], indent: str = "　　", style: str = "text-indent: 2em;") -> str:
    """The text, one <p> per paragraph, headings in bold, title centred, signature to the right."""
    done = []
    for line in lines:
        content = text(line.piece.text)
        _, end = line.heading
        if end:
            raw = line.piece.text
            content = f"<strong>{text(raw[:end])}</strong>{text(raw[end:])}"
        if line.role in ("title", "red", "number"):
            done.append(f'<p style="text-align: center;"><span style="font-size: 22px;">{content}</span></p>')
        elif line.role == "sign":
            done.append(f'<p style="text-align: right;">{content}</p>')
        else:
            pad = "" if line.role == "addressee" else indent
            done.append(f'<p style="{style}">{pad}{content}</p>')
    return "\n".join(done)


def table(rows: Sequence[Sequence[str]]) -> str:
    """A plain table."""
    if not rows:
        return ""
    body = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table border="1" cellspacing="0"><tbody>{body}</tbody></table>'


def attachments(article: Article, lead: str = "附件：") -> str:
    """Links to the article's files."""
    return "".join(
        f'<p class="fj">{lead}<a href="{text(path)}" title="{text(name)}">{text(name)}</a></p>'
        for path, name in article.attachments
    )
