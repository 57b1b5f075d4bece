"""The data dictionary and the lineage: a page for each mart, from the descriptions that dbt puts into every release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from models import Model
from pages import linked

_GROUPS = {
    "marts/plain": (
        "Views under plain names 通俗名称的视图",
        "What most questions need, with names instead of ids.",
    ),
    "marts/by_issuer": ("Facts by issuer 按机关的事实", "Made anew for the issuers whose reports changed."),
    "marts/by_cell": ("Comparisons among peers 同类比较", ""),
    "marts/whole": (
        "Dimensions, coverage and operation 维度、覆盖与运行",
        "Made as a whole at each refresh.",
    ),
}
_COLOURS = {"marts/plain": "#cfe8d5", "marts": "#d6e4f5", "intermediate": "#e4e4e4", "staging": "#f7ecd2"}
_SOURCE = "#ffffff"
_LEADS = " leads to 指向 |"


def write_dictionary(models: Mapping[str, Model], titles: dict[str, str], folder: Path) -> None:
    """Writes a page for each mart, their list, and the drawing of all. titles: of the pages that descriptions name."""
    folder.mkdir()
    marts = {name: model for name, model in models.items() if model.is_mart}
    for name, model in marts.items():
        text = linked(_page(model, models), name, titles, up="../")
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    (folder / "index.md").write_text(linked(_index(marts), "", titles, up="../"), encoding="utf-8")
    (folder / "lineage.md").write_text(_lineage(models, marts), encoding="utf-8")


def _lineage(models: Mapping[str, Model], marts: Mapping[str, Model]) -> str:
    among = {name: _marts_before(name, models) for name in marts}
    every = {name: model.made_from for name, model in models.items()}
    return (
        "# Lineage 数据血缘\n\nWhat is made from what, from left to right. Every mart (blue) and every view under a plain name (green)"
        " leads to its page in the [dictionary](index.md), which draws all that it is made from.\n\n"
        "## Marts and views 数据表与视图\n\n"
        + _drawing(among, models, "Which marts and views read which marts")
        + "\n## From the lake 全部\n\nThe same with what is below: tables of the lake and of the registry (white), staging (yellow) and"
        " intermediate models (grey).\n\n" + _drawing(every, models, "All models and what they read")
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
        blocks.append(f"## {title}\n\n{said}\n\n| name 名称 | holds 内容 |\n|---|---|\n" + "\n".join(rows))
    toctree = "\n".join(["lineage", *marts])
    blocks.append(f"```{{toctree}}\n:hidden:\n\n{toctree}\n```")
    return "\n\n".join(blocks) + "\n"


def _page(model: Model, models: Mapping[str, Model]) -> str:
    key = ", ".join(f"`{name}`" for name in model.key) or "none"
    facts = f"Key: {key}." + (f" Parquet files by `{model.partition}`." if model.partition else "")
    rows = "\n".join(_row(model, dict(column), models) for column in model.columns)
    table = f"| column 字段 | type 类型 | null 可空 | means 含义 |{_LEADS if model.links else ''}\n"
    table += f"|---|---|---|---|{'---|' if model.links else ''}\n{rows}"
    table = f":::{{table}}\n:class: columns\n:align: left\n\n{table}\n:::"
    used_by = [name for name, other in models.items() if model.name in other.made_from]
    drawn = {name: models[name].made_from for name in _ways_to(model.name, models)}
    drawn |= dict.fromkeys(used_by, (model.name,))
    return (
        f"# {model.name}\n\n{model.description}\n\n{facts}\n\n{table}\n\n## Made from, used by 来源与去向\n\n"
        f"Made from {_names(model.made_from, models)}. Used by {_names(used_by, models)}.\n\n"
        + _drawing(drawn, models, f"All that {model.name} is made from, and what uses it", model.name)
    )


def _ways_to(name: str, models: Mapping[str, Model]) -> set[str]:
    """A model and all models before it."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in models and one not in found:
            found.add(one)
            waiting += models[one].made_from
    return found


def _marts_before(name: str, models: Mapping[str, Model]) -> tuple[str, ...]:
    """The marts that a model reads, itself or by way of models that are none."""
    found: set[str] = set()
    for one in models[name].made_from:
        if one in models:
            found |= {one} if models[one].is_mart else set(_marts_before(one, models))
    return tuple(sorted(found))


def _row(model: Model, column: dict[str, object], models: Mapping[str, Model]) -> str:
    name = str(column["name"])
    listed = column.get("constraints")
    constraints = listed if isinstance(listed, list) else []
    always = name in model.key or any(str(one.get("type")) == "not_null" for one in constraints)
    to = model.links.get(name)
    leads = f" [{to[0]}.{to[1]}]({to[0]}.md) |" if to and models[to[0]].is_mart else " |"
    means = _cell(str(column["description"]))
    shown = f"**{name}**" if name in model.key else name
    return f"| {shown} | {column.get('data_type') or ''} | {'' if always else 'yes'} | {means} |{leads if model.links else ''}"


def _names(names: Iterable[str], models: Mapping[str, Model]) -> str:
    told = [
        f"[{name}]({name}.md)" if name in models and models[name].is_mart else f"`{name}`"
        for name in sorted(names)
    ]
    return ", ".join(told) or "nothing else"


def _drawing(
    made_from: Mapping[str, Iterable[str]], models: Mapping[str, Model], said: str, middle: str = ""
) -> str:
    """A drawing. made_from: what is drawn → what leads to it; said: what is seen; middle: the model whose page it is for."""
    edges = sorted((source, name) for name, sources in made_from.items() for source in sources)
    lines = [
        "digraph lineage {",
        "rankdir=LR; bgcolor=transparent; ranksep=0.45; nodesep=0.12;",
        'node [shape=box style="filled,rounded" fontname="sans-serif" fontsize=11 height=0.3 margin="0.12,0.04"];',
        'edge [color="#8a94a0" arrowsize=0.6];',
    ]
    for name in sorted({*made_from, *(source for source, _ in edges)}):
        model = models.get(name)
        to = f' URL="{name}.html" target="_top"' if model and model.is_mart and name != middle else ""
        bold = " penwidth=2.5" if name == middle else ""
        lines.append(f'"{name}" [fillcolor="{_colour(model)}"{to}{bold} tooltip="{name}"];')
    lines += [f'"{source}" -> "{name}";' for source, name in edges]
    body = "\n".join([*lines, "}"])
    return f"```{{graphviz}}\n:alt: {said}\n\n{body}\n```\n"


def _colour(model: Model | None) -> str:
    if model is None:
        return _SOURCE
    return next(colour for folder, colour in _COLOURS.items() if model.folder.startswith(folder))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
