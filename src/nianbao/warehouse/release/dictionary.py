"""The data dictionary of a release, as a page and as Markdown, from the comments in the database itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from nianbao.warehouse.release.mart import Column, Mart
from nianbao.warehouse.release.parquet import Part

_HEADING = "| column | type | null | means | leads to |\n|---|---|---|---|---|"


def dictionary_html(marts: Sequence[Mart], parts: Mapping[str, Sequence[Part]], version: str) -> str:
    """The page. marts: views among them, which have no parts; version: of the marts' schema."""
    environment = Environment(
        loader=PackageLoader("nianbao.warehouse.release"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    counts = {name: sum(part.rows for part in files) for name, files in parts.items()}
    return environment.get_template("dictionary.html").render(marts=marts, counts=counts, version=version)


def dictionary_markdown(marts: Sequence[Mart], parts: Mapping[str, Sequence[Part]], version: str) -> str:
    """The same as Markdown."""
    blocks = [f"# Data dictionary\n\nSchema version {version}. Generated from the comments in the database."]
    for mart in marts:
        files = parts.get(mart.name)
        rows = "as in its marts; a view" if files is None else sum(part.rows for part in files)
        key = ", ".join(mart.key) or "–"
        table = "\n".join([_HEADING, *(_line(mart, column) for column in mart.columns)])
        blocks.append(f"## {mart.name}\n\n{mart.description}\n\nRows: {rows}. Key: {key}.\n\n{table}")
    return "\n\n".join(blocks) + "\n"


def _line(mart: Mart, column: Column) -> str:
    link = ".".join(mart.links.get(column.name, ()))
    cells = (column.name, column.type.lower(), "yes" if column.nullable else "", column.description, link)
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
