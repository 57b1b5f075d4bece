"""The examples of docs/families.md are sources that the registry takes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from nianbao.model import Family
from nianbao.registry import load_registry

ROOT = Path(__file__).parents[3]


def test_the_examples_load_and_every_family_has_its_row(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "families.md").read_text(encoding="utf-8")
    assert [family for family in Family if f"\n| `{family}` |" not in page] == []
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (data / "sources" / "examples.yml").write_text("".join(examples), encoding="utf-8")
    loaded = {source.source_id: source.family for source in load_registry(data).sources}
    assert [
        loaded[name]
        for name in ("my-district", "my-district-catalogue", "my-district-details", "my-district-search")
    ] == [
        Family.TRS,
        Family.GKMLPT,
        Family.DETAILS_JSON,
        Family.JSONP,
    ]
