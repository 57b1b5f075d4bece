"""Corrections: they load as values, and a wrong one is named with its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.model import Correction
from nianbao.registry import RegistryError, load_registry

ENTRY = """- id: contracts
  report: putuo-government/rule_of_law/2023
  figure: 2400份
  sentence: 审查合同2400份
  field: value
  expect: 2400
  value: 240
  reason: the table says 240
  since: 2026-03-01
"""


def with_corrections(folder: Path, text: str) -> Path:
    (folder / "corrections.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_correction_loads_as_a_value(folder: Path) -> None:
    assert load_registry(folder).corrections == ()
    before = load_registry(folder).fingerprint
    registry = load_registry(with_corrections(folder, ENTRY))
    assert registry.corrections == (
        Correction(
            correction_id="contracts",
            report_id="putuo-government/rule_of_law/2023",
            figure_text="2400份",
            sentence="审查合同2400份",
            field="value",
            expect="2400",
            value="240",
            reason="the table says 240",
            since="2026-03-01",
        ),
    )
    assert registry.fingerprint != before


def test_a_file_of_comments_corrects_nothing(folder: Path) -> None:
    assert load_registry(with_corrections(folder, "# none yet\n[]\n")).corrections == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("rule_of_law/2023", "2023", 2, "is no id of a report"),
        (
            "rule_of_law",
            "rule_of_lw",
            2,
            "is of the kind rule_of_lw, which is not known; known are rule_of_law",
        ),
        ("field: value", "field: valeu", 5, "`field: valeu` is not right"),
        ("expect: 2400", "expect: many", 1, "`expect: many` is no number; write it in digits"),
        ("value: 240\n", "value: 2400.0\n", 7, "value: 2400.0"),
        ("value: 240\n", "value: '2400.0'\n", 1, "`value: 2400.0` is what is published"),
        (
            "field: value\n  expect: 2400",
            "field: fact_year\n  expect: 20230",
            1,
            "`expect: 20230` is no year; write four digits",
        ),
        ("2026-03-01", "yesterday", 9, "'yesterday' is no date"),
        ("sentence: 审查合同2400份", "sentence: 份", 1, "says no more than the figure"),
        ("  reason: the table says 240\n", "", 1, "`reason` is missing"),
        ("reason:", "resaon:", 8, "`resaon` is not a key here; did you mean `reason`?"),
    ],
)
def test_a_wrong_correction_is_named_with_its_line(
    folder: Path, old: str, new: str, line: int, message: str
) -> None:
    with pytest.raises(RegistryError) as caught:
        load_registry(with_corrections(folder, ENTRY.replace(old, new, 1)))
    assert any(f"corrections.yml:{line}: " in p and message in p for p in caught.value.problems)


def test_one_field_is_corrected_once(folder: Path) -> None:
    again = ENTRY.replace("id: contracts", "id: again")
    with pytest.raises(RegistryError, match=r"corrections\.yml:14: .*corrected twice"):
        load_registry(with_corrections(folder, ENTRY + again))
    with pytest.raises(RegistryError, match=r"corrections\.yml:10: `id: contracts` is given twice"):
        load_registry(with_corrections(folder, ENTRY + ENTRY.replace("field: value", "field: value_max")))
