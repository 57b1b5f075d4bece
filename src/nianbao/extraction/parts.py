"""Which of the five prescribed parts a report has (督察工作规定, annual reports): measures, problems, responsibility, plan, other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..model import Section

PRESCRIBED_PARTS = ("measures", "problems", "responsibility", "plan", "other")
# The duty of the first responsible person is often told in a sub-section of the measures, whose kind it then has.
_RESPONSIBILITY = re.compile(
    r"第一责任人|主要负责(?:人|同志).{0,12}(?:履行|职责|履职)|履行.{0,12}(?:法治建设|第一).{0,4}职责"
)


def missing_parts(sections: Sequence[Section]) -> tuple[str, ...]:
    """The prescribed parts that no heading announces, in their legal order."""
    present = {section.kind for section in sections}
    if any(_RESPONSIBILITY.search(section.heading) for section in sections):
        present.add("responsibility")
    return tuple(part for part in PRESCRIBED_PARTS if part not in present)
