"""What sites share whose listings come from endpoints and whose articles are ordinary pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nianbao.model import Family

from ..pages import Article, Column, Frontage, Row, Shape
from ..site import HTML


class ScriptedPages:
    """The articles of another shape. name, family: of this one."""

    encoding = "utf-8"
    article_media_type = HTML

    def __init__(self, name: str, family: Family, articles: Shape) -> None:
        self.name = name
        self.family = family
        self._articles = articles

    def article_path(self, column: Column, published: datetime, ident: int) -> str:
        """Path of an article."""
        return self._articles.article_path(column, published, ident)

    def file_path(self, article_path: str, ident: int, suffix: str) -> str:
        """Path of a file."""
        return self._articles.file_path(article_path, ident, suffix)

    def listing_paths(self, column: Column, count: int) -> list[list[str]]:
        """As the shape of the articles has them."""
        return self._articles.listing_paths(column, count)

    def article(self, front: Frontage, article: Article, path: str) -> str:
        """An article's page."""
        return self._articles.article(front, article, path)

    def listing(self, front: Frontage, column: Column, rows: Sequence[Row], page: int, count: int) -> str:
        """A listing's page as the shape of the articles has it."""
        return self._articles.listing(front, column, rows, page, count)
