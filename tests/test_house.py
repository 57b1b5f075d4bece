"""The arrows of the architecture page: imports point downwards, and each heavy library has one room."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {
    "flows": 1,
    "cli": 1,
    "commands": 1,
    "web": 1,
    "explorer": 1,
    "warehouse": 2,
    "monitoring": 2,
    "export": 2,
    "harvest": 2,
    "simulation": 2,
    "sandbox": 2,
    "extraction": 3,
    "alignment": 3,
    "reading": 3,
    "archive": 3,
    "registry": 3,
    "evaluation": 3,
    "search": 3,
    "storage": 3,
    "model": 4,
    "settings": 4,
}
# Rooms on one floor may lean on each other only where listed.
NEIGHBOURS = {
    ("cli", "commands"),
    ("commands", "flows"),
    ("commands", "web"),
    ("web", "explorer"),
    ("warehouse", "sandbox"),
    ("harvest", "sandbox"),
    ("monitoring", "warehouse"),
    ("export", "warehouse"),
    ("monitoring", "harvest"),
}
ROOM_OF_LIBRARY = {
    "prefect": {"flows"},
    "dbt": {"warehouse/transform.py", "warehouse/dbt_ducklake.py"},
    "great_expectations": {"warehouse/gx_gate.py"},
    "requests": {"harvest"},
    "starlette": {"web", "explorer"},
    "uvicorn": {"commands/serve_web.py"},
    "rapidocr": {"sandbox"},
    "rapidfuzz": {"alignment", "explorer/beside.py"},
    "prometheus_client": {"monitoring"},
    "apprise": {"monitoring/channels.py"},
    "tantivy": {"search"},
    "obstore": {"storage"},
    "xlsxwriter": {"export"},
    "prompt_toolkit": {"commands/sql_shell.py"},
}
PURE = {"extraction", "reading", "alignment"}
IMPURE_MODULES = {"socket", "requests", "urllib.request", "sqlite3", "duckdb", "subprocess", "time"}


def modules():
    for path in sorted((ROOT / "src" / "nianbao").rglob("*.py")):
        inside = path.relative_to(ROOT / "src" / "nianbao")
        yield path, inside.parts[0].removesuffix(".py"), inside
    for path in sorted((ROOT / "flows").rglob("*.py")):
        yield path, "flows", Path("flows") / path.name


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                package = ("nianbao", *path.relative_to(ROOT / "src" / "nianbao").parts)[: -node.level]
                yield ".".join((*package, node.module or ""))
                continue
            yield node.module
            if node.module == "nianbao":
                yield from (f"nianbao.{alias.name}" for alias in node.names)


def room(name):
    parts = name.split(".")
    if parts[0] == "flows":
        return "flows"
    return parts[1] if parts[0] == "nianbao" and len(parts) > 1 and parts[1] in FLOORS else None


@pytest.mark.parametrize(
    ("path", "here", "inside"), list(modules()), ids=lambda value: str(value).removeprefix(str(ROOT))
)
def test_imports_point_downwards_and_libraries_stay_in_their_room(path, here, inside):
    for name in imports(path):
        there = room(name)
        if there and there != here and here in FLOORS:
            assert FLOORS[here] < FLOORS[there] or (here, there) in NEIGHBOURS, f"{inside} imports {name}"
        library = name.split(".")[0]
        if library in ROOM_OF_LIBRARY:
            allowed = ROOM_OF_LIBRARY[library]
            assert here in allowed or str(inside) in allowed, f"{inside} imports {name}"
        if here in PURE:
            assert name not in IMPURE_MODULES, f"{inside} is pure and imports {name}"


def test_the_simulation_and_the_harvest_do_not_know_each_other():
    for path, here, inside in modules():
        for name in imports(path):
            assert (here, room(name)) not in {("harvest", "simulation"), ("simulation", "harvest")}, inside


def test_the_simulation_and_extraction_do_not_know_each_other():
    """Else the extractor would be measured by its own words; the same for what measures it."""
    apart = {("simulation", "extraction"), ("extraction", "simulation")}
    apart |= {(one, other) for one in ("evaluation",) for other in ("simulation", "extraction")}
    for path, here, inside in modules():
        for name in imports(path):
            assert (here, room(name)) not in apart, inside


def test_every_setting_is_documented():
    from nianbao.settings import Settings

    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`NIANBAO_{name.upper()}`" in page


def test_every_dependency_is_documented():
    import tomllib

    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        name = requirement.split(">")[0].split("=")[0].split("[")[0]
        assert name in page, f"{name} has no line in docs/dependencies.md"


def test_only_the_clock_reads_the_clock():
    """A rehearsal that moves the clock has to move it for everything."""
    readers = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    found = [
        str(path.relative_to(ROOT))
        for folder in ("src/nianbao", "flows")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if readers.search(path.read_text(encoding="utf-8")) and path.name != "clock.py"
    ]
    assert found == []
