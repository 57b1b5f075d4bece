"""The data dictionary and the lineage: a page for each mart, from the descriptions that dbt puts into every release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from models import Model

_GROUPS = {
    "marts/plain": ("Views under plain names", "What most questions need, with names instead of ids."),
    "marts/by_issuer": ("Facts by issuer", "Made anew for the issuers whose reports changed."),
    "marts/by_cell": ("Comparisons among peers", ""),
    "marts/whole": ("Dimensions, coverage and operation", "Made as a whole at each refresh."),
}
_COLOURS = {"marts/plain": "#cfe8d5", "marts": "#d6e4f5", "intermediate": "#eeeeee", "staging": "#f7ecd2"}
_SOURCE = "#ffffff"


def write_dictionary(models: Mapping[str, Model], folder: Path) -> None:
    """Writes a page for each mart, their list, and the drawing of all."""
    folder.mkdir()
    marts = {name: model for name, model in models.items() if model.is_mart}
    for name, model in marts.items():
        (folder / f"{name}.md").write_text(_page(model, models), encoding="utf-8")
    (folder / "index.md").write_text(_index(marts), encoding="utf-8")
    whole = _drawing(models, marts)
    (folder / "lineage.md").write_text(
        "# Lineage 数据血缘\n\nWhat is made from what: from the lake (white) by way of staging (yellow) and intermediate models (grey)"
        " to marts (blue) and the views under plain names (green). Every mart leads to its page.\n\n" + whole,
        encoding="utf-8",
    )


def _index(marts: Mapping[str, Model]) -> str:
    blocks = [
        "# Data dictionary 数据字典\n\nAll tables and views of a release, from the same descriptions that stand as comments in"
        " the database itself. [How they are made from one another](lineage.md) is a drawing."
    ]
    for group, (title, said) in _GROUPS.items():
        rows = [
            f"| [{m.name}]({m.name}.md) | {_cell(m.description)} |"
            for m in marts.values()
            if m.folder == group
        ]
        blocks.append(f"## {title}\n\n{said}\n\n| name | holds |\n|---|---|\n" + "\n".join(rows))
    toctree = "\n".join(["lineage", *marts])
    blocks.append(f"```{{toctree}}\n:hidden:\n\n{toctree}\n```")
    return "\n\n".join(blocks) + "\n"


def _page(model: Model, models: Mapping[str, Model]) -> str:
    key = ", ".join(f"`{name}`" for name in model.key) or "none"
    facts = f"Key: {key}." + (f" Parquet files by `{model.partition}`." if model.partition else "")
    rows = "\n".join(_row(model, dict(column), models) for column in model.columns)
    table = f"| column | type | null | means | leads to |\n|---|---|---|---|---|\n{rows}"
    used_by = [name for name, other in models.items() if model.name in other.made_from]
    near = {model.name, *model.made_from, *used_by}
    return (
        f"# {model.name}\n\n{model.description}\n\n{facts}\n\n{table}\n\n## Made from, used by\n\n"
        f"Made from {_names(model.made_from, models)}. Used by {_names(used_by, models)}.\n\n"
        + _drawing({name: models[name] for name in models if name in near}, models, model.name)
    )


def _row(model: Model, column: dict[str, object], models: Mapping[str, Model]) -> str:
    name = str(column["name"])
    listed = column.get("constraints")
    constraints = listed if isinstance(listed, list) else []
    always = name in model.key or any(str(one.get("type")) == "not_null" for one in constraints)
    to = model.links.get(name)
    leads = f"[{to[0]}.{to[1]}]({to[0]}.md)" if to and models[to[0]].is_mart else ""
    means = _cell(str(column["description"]))
    shown = f"**{name}**" if name in model.key else name
    return f"| {shown} | {column.get('data_type') or ''} | {'' if always else 'yes'} | {means} | {leads} |"


def _names(names: Iterable[str], models: Mapping[str, Model]) -> str:
    told = [
        f"[{name}]({name}.md)" if name in models and models[name].is_mart else f"`{name}`"
        for name in sorted(names)
    ]
    return ", ".join(told) or "nothing else"


def _drawing(models: Mapping[str, Model], linked: Mapping[str, Model], middle: str = "") -> str:
    """A drawing of models, their sources and what leads from one to another. linked: models that have a page, if marts."""
    names = sorted(
        {*models, *(name for model in models.values() for name in model.made_from)}
        if not middle
        else {*models, *models[middle].made_from}
    )
    lines = [
        "digraph lineage {",
        "rankdir=LR; bgcolor=transparent; ranksep=0.6; nodesep=0.12;",
        'node [shape=box style="filled,rounded" fontname="sans-serif" fontsize=11 height=0.3 margin="0.12,0.04"];',
        'edge [color="#8a94a0" arrowsize=0.6];',
    ]
    for name in names:
        model = linked.get(name) or models.get(name)
        to = f' URL="{name}.html" target="_top"' if model and model.is_mart and name != middle else ""
        bold = " penwidth=2.5" if name == middle else ""
        lines.append(f'"{name}" [fillcolor="{_colour(model)}"{to}{bold} tooltip="{name}"];')
    for name, model in models.items():
        wanted = (source for source in model.made_from if not middle or middle in (name, source))
        lines += [f'"{source}" -> "{name}";' for source in wanted]
    body = "\n".join([*lines, "}"])
    caption = f"What {middle} is made from and used by" if middle else "All models"
    return f"```{{graphviz}}\n:alt: {caption}\n\n{body}\n```\n"


def _colour(model: Model | None) -> str:
    if model is None:
        return _SOURCE
    return next(colour for folder, colour in _COLOURS.items() if model.folder.startswith(folder))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
