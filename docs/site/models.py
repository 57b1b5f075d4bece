"""The models of the warehouse as dbt knows them: descriptions, columns, and what is made from what."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_REF = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True, slots=True)
class Model:
    """One model. folder: its folder below models/ ('marts/plain', 'staging', …); made_from: models, seeds and sources, by name;
    links: column → (model, column) whose values it takes."""

    name: str
    folder: str
    description: str
    columns: tuple[Mapping[str, Any], ...]
    key: tuple[str, ...]
    partition: str
    made_from: tuple[str, ...]
    links: Mapping[str, tuple[str, str]]

    @property
    def is_mart(self) -> bool:
        """True if analysts find it in a release."""
        return self.folder.startswith("marts")


def read_models(project: Path, work: Path) -> dict[str, Model]:
    """All models by name. work: a folder for what dbt writes. Raises SystemExit with dbt's words if it cannot read them."""
    command = ["parse", "--quiet", "--project-dir", str(project), "--profiles-dir", str(project)]
    command += ["--target-path", str(work), "--log-path", str(work)]
    environment = os.environ | {
        "NIANBAO_CANDIDATE": str(work / "none.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", *command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"dbt cannot read {project}: {done.stdout}{done.stderr}")
    manifest = json.loads((work / "manifest.json").read_text(encoding="utf-8"))
    nodes = manifest["nodes"]
    links = _links(nodes)
    return {
        node["name"]: _model(node, links.get(unique, {}))
        for unique, node in sorted(nodes.items(), key=lambda item: str(item[1]["name"]))
        if node["resource_type"] == "model"
    }


def _model(node: Mapping[str, Any], links: Mapping[str, tuple[str, str]]) -> Model:
    meta = node["config"]["meta"]
    return Model(
        node["name"],
        str(Path(node["path"]).parent),
        node["description"],
        tuple(node["columns"].values()),
        tuple(meta.get("key", ())),
        meta.get("partition", ""),
        tuple(sorted({name.rsplit(".", 1)[1] for name in node["depends_on"]["nodes"]})),
        links,
    )


def _links(nodes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        to = _REF.search(str(test.get("kwargs", {}).get("to", "")))
        if test.get("name") == "relationships" and to and node.get("attached_node"):
            column = str(test["kwargs"]["column_name"])
            found.setdefault(node["attached_node"], {})[column] = (to[1], str(test["kwargs"]["field"]))
    return found
