"""Takes tables out of a release as CSV, Excel and Parquet, and says how a figure, a table or a release is cited.

write_table(rows, "xlsx", file, columns=…, citation=cite_table(release, title, query), lang="zh")
cite_figure(connection, release, figure_id).text("zh")
"""

from nianbao.export.citations import FigureCitation, cite_figure
from nianbao.export.compilations import ReleaseCitation, TableCitation, cite_release, cite_table
from nianbao.export.headings import Columns, columns_of, label_of
from nianbao.export.tables import FORMS, Form, TableError, Written, write_table

__all__ = [
    "FORMS",
    "Columns",
    "FigureCitation",
    "Form",
    "ReleaseCitation",
    "TableCitation",
    "TableError",
    "Written",
    "cite_figure",
    "cite_release",
    "cite_table",
    "columns_of",
    "label_of",
    "write_table",
]
