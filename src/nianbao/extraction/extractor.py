"""The whole stage: text → Report. Pure: the same text and rules give the same rows, always."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ..model import Evidence, Issuer, Metadata, Registry, Rejection, Report, Section
from .figures.figures import Setting, read_figures
from .figures.listed import row_lines
from .figures.quantities import Rejected
from .front.dates import with_arabic_years
from .front.front import FrontMatter, read_front
from .indicators.indicators import IndicatorIndex
from .metadata.dating import report_year
from .metadata.metadata import Given, build
from .metadata.recognition import bare_title, compile_kind
from .metadata.resolving import Bodies
from .outline.outline import Front, read_outline
from .outline.parts import missing_parts
from .statements.references import read_references
from .statements.statements import read_statements
from .text.cleaning import Clean, Line, clean, lines_of
from .text.script import simplify

_NEVER = re.compile(r"(?!)")
_NO_META: Mapping[str, str] = MappingProxyType({})


class Extractor:
    """Reads reports by the rules of a registry. Safe to share and to reuse."""

    def __init__(self, registry: Registry) -> None:
        """Compiles the lookups. A rule that is no regular expression raises re.error."""
        self._bodies = Bodies(registry.regions, registry.issuers, registry.hosts, registry.departments)
        self._indicators = IndicatorIndex(registry.indicators)
        self._kinds = tuple(compile_kind(kind) for kind in registry.report_kinds)
        titles = "|".join(f"(?:{rules.title.pattern})" for rules in self._kinds)
        self._titles = re.compile(titles) if titles else _NEVER

    def extract(
        self,
        text: str,
        *,
        url: str = "",
        link_title: str = "",
        page_title: str = "",
        meta: Mapping[str, str] = _NO_META,
        report_year: int | None = None,
        section_kind: str | None = None,
        default_issuer: Issuer | None = None,
    ) -> Report:
        """Everything the text says. All spans are indices into `text` as given.

        report_year, section_kind: for an isolated sentence, which then lies in a section of that kind as a whole.
        default_issuer: whose report it is when the text does not say. Never raises, whatever the text holds.
        """
        # What is too long to be a title is none, and would lead year and issuer astray.
        link_title = link_title if bare_title(link_title) else ""
        page_title = page_title if bare_title(page_title) else ""
        given = Given(url, link_title, page_title, meta, report_year, default_issuer)
        if section_kind is not None:
            return self._fragment(text, given, section_kind)
        return self._report(text, given, None)

    def explain(
        self, text: str, *, page_title: str = "", meta: Mapping[str, str] = _NO_META
    ) -> tuple[Report, tuple[Rejection, ...]]:
        """What `extract` says, and the numbers that look like figures and are none, in order."""
        rejected: list[Rejected] = []
        page_title = page_title if bare_title(page_title) else ""
        report = self._report(text, Given("", "", page_title, meta, None, None), rejected)
        view = _view(text, lines_of(text), report.sections)
        spans = [(*view.raw_span(item.start, item.end), item.rule) for item in rejected]
        return report, tuple(Rejection(start, end, text[start:end], rule) for start, end, rule in spans)

    def _fragment(self, text: str, given: Given, kind: str) -> Report:
        view = _view(text, lines_of(text), ())
        setting = Setting(text, (), given.report_year, kind, 0, len(text))
        evidence = {"report_year": Evidence("year.given", "given", "sure")} if given.report_year else {}
        return self._assemble(
            text,
            view,
            Metadata(False, None, report_year=given.report_year, evidence=MappingProxyType(evidence)),
            (),
            setting,
            None,
        )

    def _report(self, text: str, given: Given, rejected: list[Rejected] | None) -> Report:
        lines = lines_of(text)
        front = read_front(lines, self._titles, len(text))
        lead = _lead(lines, front)
        year: tuple[int, Evidence] | None
        if given.report_year is not None:
            year = given.report_year, Evidence("year.given", "given", "sure")
        else:
            year = report_year(front, given.page_title, given.link_title, lead, text)
        sections = read_outline(
            lines,
            len(text),
            Front(front.prose_start),
            front.prose_line,
            year[0] if year else None,
            front.body_end,
        )
        metadata = build(
            text=text,
            front=front,
            lead=lead,
            sections=sections,
            kinds=self._kinds,
            year=year,
            given=given,
            bodies=self._bodies,
        )
        view = _view(text, lines, sections)
        start = lines[front.prose_line].start if front.prose_line < len(lines) else 0
        setting = Setting(text, sections, year[0] if year else None, None, start, front.body_end)
        return self._assemble(text, view, metadata, tuple(sections), setting, rejected)

    def _assemble(
        self,
        text: str,
        view: Clean,
        metadata: Metadata,
        sections: tuple[Section, ...],
        setting: Setting,
        rejected: list[Rejected] | None,
    ) -> Report:
        return Report(
            metadata=metadata,
            sections=sections,
            figures=read_figures(view, setting, self._indicators, rejected),
            references=read_references(text),
            statements=read_statements(text, sections),
            missing_parts=missing_parts(sections, setting.report_year) if setting.fixed_kind is None else (),
        )


def _view(text: str, lines: Sequence[Line], sections: Sequence[Section]) -> Clean:
    """The clean text, in which headings and the rows of tables stand by themselves."""
    own_lines = {section.start for section in sections if not section.inline}
    return clean(text, own_lines | row_lines(lines))


def _lead(lines: Sequence[Line], front: FrontMatter) -> str:
    """The first prose up to 900 characters, without blanks, in half width, simplified characters and years in digits."""
    taken: list[str] = []
    size = 0
    for line in lines[front.prose_line :]:
        taken.append("".join(line.text.split()))
        size += len(taken[-1])
        if size > 900:
            break
    return with_arabic_years(simplify("\n".join(taken)[:1200]))
