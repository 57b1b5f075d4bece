"""The extractor with the project's own rules, and a few official divisions."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nianbao.extraction import Extractor
from nianbao.model import Indicator, Issuer, Region, Registry, ReportKind
from nianbao.registry import load_registry

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"

REGIONS = (
    Region("310000", "上海市", "上海市", None, "province"),
    Region("310107", "普陀区", "上海市普陀区", "310000", "county"),
    Region("310112", "闵行区", "上海市闵行区", "310000", "county"),
    Region("330000", "浙江省", "浙江省", None, "province"),
    Region("330900", "舟山市", "浙江省舟山市", "330000", "city"),
    Region("330903", "普陀区", "浙江省舟山市普陀区", "330900", "county"),
    Region("330122", "桐庐县", "浙江省杭州市桐庐县", "330000", "county"),
)
ISSUERS = (
    Issuer(
        "shanghai-putuo-civil-affairs",
        "上海市普陀区民政局",
        "310107",
        "county",
        "civil_affairs",
        ("区民政局",),
    ),
    Issuer(
        "shanghai-minhang-civil-affairs",
        "上海市闵行区民政局",
        "310112",
        "county",
        "civil_affairs",
        ("区民政局",),
    ),
)


def read_yaml(path: Path) -> dict:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)


def indicator_entries() -> list[dict]:
    return read_yaml(DATA / "indicators.yml")["indicators"]


def indicators() -> tuple[Indicator, ...]:
    return tuple(
        Indicator(e["id"], e["label"], e["label_en"], e["unit"], e["kind"], e["rules"])
        for e in indicator_entries()
    )


def kind() -> ReportKind:
    entry = read_yaml(DATA / "report_kinds" / "rule_of_law.yml")
    return ReportKind(entry["id"], entry["label"], entry["label_en"], entry["rules"])


def registry(issuers: tuple[Issuer, ...]) -> Registry:
    """A registry of the divisions above, `issuers`, and the project's own rules."""
    return Registry(REGIONS, issuers, (), indicators(), (kind(),), "")


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return Extractor(registry(ISSUERS))


@pytest.fixture(scope="session")
def bundled_registry() -> Registry:
    return load_registry(DATA)


@pytest.fixture(scope="session")
def bundled(bundled_registry: Registry) -> Extractor:
    """The extractor with everything that the project ships."""
    return Extractor(bundled_registry)


@pytest.fixture(scope="session")
def rule_of_law() -> ReportKind:
    return kind()
