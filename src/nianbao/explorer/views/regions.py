"""Regions as pages show them: their ancestors, and the part of a code that all their descendants share."""

from __future__ import annotations

from typing import Any

from nianbao.explorer.opened import Opened

_UP = """
with recursive up(region_code, region_name, parent_code, depth) as (
  select region_code, region_name, parent_code, 0 from dim_region where region_code = $code
  union all
  select above.region_code, above.region_name, above.parent_code, up.depth + 1
  from dim_region as above inner join up on above.region_code = up.parent_code where up.depth < 5
)
select region_code, region_name, depth from up order by depth desc
"""


def ancestors(opened: Opened, code: str) -> list[dict[str, Any]]:
    """The region with those that it belongs to, the outermost first; empty if there is none of that code."""
    return opened.rows(_UP, {"code": code})


def prefix_of(code: str) -> str:
    """What the codes of all regions within a region begin with: 110000 → 11, 130100 → 1301, 990101 → 990101."""
    return code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")
