"""Builds the documentation site (make docs): the pages of docs/, and what is written from the product's own sources.

    python docs/site/build.py TARGET

TARGET/source receives the pages, TARGET/html the site. Nothing in it is loaded from elsewhere, and a link that leads nowhere
is an error. Needs the Debian package graphviz for the drawings.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from dictionary import write_dictionary
from handbook import write_handbook
from models import read_models
from pages import copy_pages, titles_of

from nianbao.registry import load_registry

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def build(target: Path) -> int:
    """Writes the site; returns the exit code of Sphinx. Raises SystemExit if a program is missing."""
    if not shutil.which("dot"):
        raise SystemExit("the drawings need the program dot; install the Debian package graphviz")
    source = target / "source"
    for old in (source, target / "html"):
        shutil.rmtree(old, ignore_errors=True)
    source.mkdir(parents=True)
    copy_pages(ROOT, source)
    write_dictionary(
        read_models(ROOT / "dbt_project", target / "dbt"), titles_of(ROOT), source / "dictionary"
    )
    write_handbook(load_registry(ROOT / "data").indicators, _examples(), source / "handbook")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-E"]
    command += [
        "-c",
        str(HERE),
        "-d",
        str(target / "doctrees"),
    ]  # they name the machine's paths: not in the site
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])}
    return subprocess.run(
        [*command, str(source), str(target / "html")], env=environment, check=False
    ).returncode


def _examples() -> dict[str, list[object]]:
    import yaml

    content = yaml.safe_load((ROOT / "data" / "indicators.yml").read_text(encoding="utf-8"))
    return {str(entry["id"]): list(entry.get("examples") or ()) for entry in content["indicators"]}


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]).resolve()))
