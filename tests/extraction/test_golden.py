"""Reports in small of every shape the genre knows, with the outline, statements and references they must give."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from nianbao.extraction import Extractor

from .conftest import read_yaml

HALF = str.maketrans("，：；（）⽂⼀", ",:;()文一")
FILES = sorted((Path(__file__).parent / "golden").glob("*.yml"))


def joined(text: str) -> str:
    return re.sub(r"\s|\*\*", "", text).translate(HALF)


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def case(request, extractor: Extractor) -> tuple[dict[str, Any], Any]:
    expected = read_yaml(request.param)
    return expected, extractor.extract(expected["text"])


def test_outline(case):
    expected, report = case
    with_subkind = any("/" in line for line in expected["sections"])
    given = [
        f"{s.kind}{'/' + s.subkind if with_subkind and s.subkind else ''} {s.level} {joined(s.heading)}".strip()
        for s in report.sections
    ]
    assert given == [joined_line(line) for line in expected["sections"]]


def joined_line(line: str) -> str:
    kind, level, *words = line.split()
    return f"{kind} {level} {joined(''.join(words))}".strip()


def test_headings_stand_where_they_are_said_to(case):
    expected, report = case
    text = expected["text"]
    for section in report.sections:
        assert joined(section.heading) in joined(text[section.start : section.end])
        assert section.start <= section.end <= section.body_end <= len(text)


def test_statements(case):
    expected, report = case
    for kind, name in (("shortcoming", "shortcomings"), ("commitment", "commitments")):
        given = [joined(s.text) for s in report.statements if s.kind == kind]
        assert given == [joined(words) for words in expected.get(name, [])], name


def test_references(case):
    expected, report = case
    if "references" in expected:
        assert [f"{r.kind} {joined(r.text)}" for r in report.references] == [
            f"{kind} {joined(title)}"
            for kind, title in (line.split(maxsplit=1) for line in expected["references"])
        ]
    for reference in report.references:
        assert expected["text"][reference.start : reference.end] == reference.text
