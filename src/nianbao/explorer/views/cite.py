"""How a figure, a report or a release is cited."""

from __future__ import annotations

import json
from collections.abc import Sequence

from starlette.responses import Response

from nianbao.explorer.asked import Asked
from nianbao.explorer.opened import Opened
from nianbao.explorer.page import page
from nianbao.explorer.table import TablePage, TableQuery
from nianbao.explorer.views.answer import NotThereError, View
from nianbao.export import cite_figure, cite_release
from nianbao.warehouse.release import ReleaseError

_REPLACED = "select edition_id from fct_edition where edition_id = $edition and not is_current"


class Cite(View):
    """`/cite?figure=ID`, or `/cite` for the release itself."""

    def tables(self, asked: Asked, opened: Opened) -> Sequence[TableQuery]:
        """None."""
        return ()

    def page(self, asked: Asked, opened: Opened, tables: Sequence[TablePage]) -> Response:
        """The citation in the forms that people and programs ask for."""
        figure = asked.text("figure")
        try:
            with opened.cursor() as cursor:
                cited = (
                    cite_figure(cursor, opened.release, figure) if figure else cite_release(opened.release)
                )
        except ReleaseError as error:
            raise NotThereError(str(error)) from error
        forms = {
            "GB/T 7714": cited.text("zh"),
            "English": cited.text("en"),
            "BibTeX": cited.bibtex(),
            "CSL-JSON": json.dumps(cited.csl(), ensure_ascii=False, indent=1),
        }
        edition = {"edition": figure.partition(":")[0]}
        replaced = bool(figure) and opened.one(_REPLACED, edition) is not None
        return page("cite.html", asked, opened, figure=figure, forms=forms, replaced=replaced)
