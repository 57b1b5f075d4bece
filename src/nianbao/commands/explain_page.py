"""`nianbao extract --html`: the marked text as one page that stands alone (no script, style or font from elsewhere)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from nianbao.extraction.marks import Mark, marks_of, pieces
from nianbao.extraction.rule_words import words
from nianbao.extraction.value_words import QUALIFIERS, SCOPES, SECTIONS
from nianbao.model import Figure, Report

from .explain import Explained, value_of

_METADATA = (
    ("title", "标题"),
    ("report_year", "报告年度"),
    ("issuer", "发文机关"),
    ("region", "行政区划"),
    ("doc_number", "文号"),
    ("signer", "签发人"),
    ("signed_date", "成文日期"),
    ("published_date", "发布日期"),
    ("source", "来源"),
    ("recipient", "主送"),
)
_SUBKINDS = {
    "study": "学习宣传贯彻",
    "leadership": "组织领导",
    "functions": "职能转变与营商环境",
    "rulemaking": "制度建设",
    "decision": "行政决策",
    "enforcement": "行政执法",
    "emergency": "突发事件应对",
    "disputes": "矛盾纠纷化解",
    "supervision": "权力监督",
    "digital": "数字法治政府",
    "publicity": "普法与公共法律服务",
    "capacity": "队伍与保障",
    "sector": "部门业务",
}
_DIRECTIONS = {"increase": "增长", "decrease": "下降", None: ""}


def page(documents: Sequence[Explained], labels: Mapping[str, str]) -> str:
    """The HTML page. labels: indicator id → its Chinese label."""
    environment = Environment(
        loader=PackageLoader("nianbao.commands"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    shown = [_document(number, document, labels) for number, document in enumerate(documents)]
    return environment.get_template("explain.html").render(documents=shown)


def _document(number: int, document: Explained, labels: Mapping[str, str]) -> dict[str, object]:
    report = document.report
    key = f"d{number}"
    return {
        "key": key,
        "name": document.name,
        "title": report.metadata.title or document.name,
        "is_report": report.metadata.is_report,
        "metadata": _metadata(report),
        "missing": [SECTIONS[part] for part in report.missing_parts],
        "outline": [
            {
                "key": f"{key}-heading{index}",
                "heading": section.heading,
                "level": section.level,
                "kind": SECTIONS.get(section.kind, section.kind),
                "subkind": _SUBKINDS.get(section.subkind, section.subkind),
            }
            for index, section in enumerate(report.sections)
            if section.heading
        ],
        "pieces": _pieces(key, document),
        "figures": [_figure(report, figure, labels) for figure in report.figures],
        "rejections": [
            {"text": item.text, "at": item.start, "rule": item.rule, "words": words(item.rule, chinese=True)}
            for item in document.rejections
        ],
        "counts": {
            "reference": len(report.references),
            "shortcoming": sum(s.kind == "shortcoming" for s in report.statements),
            "commitment": sum(s.kind == "commitment" for s in report.statements),
        },
    }


def _pieces(key: str, document: Explained) -> list[dict[str, object]]:
    marks = marks_of(document.report, document.rejections)
    result: list[dict[str, object]] = []
    for start, end, covering in pieces(len(document.text), marks):
        inner = covering[-1] if covering else None
        result.append(
            {
                "text": _shown(document.text[start:end]),
                "classes": " ".join(mark.kind for mark in covering),
                "ids": [f"{key}-{mark.kind}{mark.index}" for mark in covering if mark.start == start],
                "hint": _hint(document, inner) if inner is not None else "",
                "figure": next((mark.index for mark in covering if mark.kind == "figure"), None),
            }
        )
    return result


def _hint(document: Explained, mark: Mark) -> str:
    """What a pointer resting on a mark says."""
    report = document.report
    match mark.kind:
        case "rejected":
            return "不是数据：" + words(document.rejections[mark.index].rule, chinese=True)
        case "reference":
            return report.references[mark.index].kind
        case "heading":
            section = report.sections[mark.index]
            return SECTIONS.get(section.kind, section.kind)
        case "shortcoming":
            return "存在的不足"
        case "commitment":
            return "下一年度安排"
    return ""


def _shown(text: str) -> str:
    """Without what HTML cannot hold: control characters and lone surrogates are shown as a replacement mark."""
    return "".join(
        "\ufffd" if (c < " " and c not in "\n\t") or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" else c
        for c in text
    )


def _metadata(report: Report) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name, label in _METADATA:
        value = getattr(report.metadata, name)
        evidence = report.metadata.evidence.get(name)
        if value is None:
            continue
        code = f" ({report.metadata.region_code})" if name == "region" else ""
        rows.append(
            {
                "label": label,
                "value": f"{value}{code}",
                "rule": evidence.rule if evidence else "",
                "place": evidence.place if evidence else "",
                "confidence": evidence.confidence if evidence else "",
            }
        )
    return rows


def _figure(report: Report, figure: Figure, labels: Mapping[str, str]) -> dict[str, object]:
    section = report.sections[figure.section] if figure.section is not None else None
    days = [day.isoformat() if day else "…" for day in (figure.period_start, figure.period_end)]
    period = figure.period_text or ""
    if figure.period_start or figure.period_end:
        period += f" ({days[0]} – {days[1]})"
    return {
        "text": figure.text.replace("\n", "⏎"),
        "value": value_of(figure),
        "unit": figure.unit,
        "qualifier": QUALIFIERS.get(figure.qualifier, figure.qualifier),
        "measure": figure.measure,
        "indicator": labels.get(figure.indicator, figure.indicator) if figure.indicator else "",
        "indicator_id": figure.indicator or "",
        "scope": SCOPES.get(figure.scope, figure.scope),
        "year": figure.fact_year,
        "target": figure.is_target,
        "period": period,
        "direction": _DIRECTIONS.get(figure.direction, figure.direction or ""),
        "parent": figure.parent,
        "yoy_of": figure.yoy_of,
        "rate_of": figure.rate_of,
        "section": f"{section.heading}（{SECTIONS.get(section.kind, section.kind)}）" if section else "",
        "span": f"{figure.start}–{figure.end}",
        "rule": figure.rule,
        "words": words(figure.rule, chinese=True),
    }
