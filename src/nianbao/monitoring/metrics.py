"""How a home is, in the Prometheus text format, for those who watch many things with Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Gauge, Info, generate_latest

from nianbao import __version__
from nianbao.model import SourceState
from nianbao.monitoring.health import Health
from nianbao.warehouse.ledger import RefreshState

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics_text(health: Health, open_alerts: int | None = None) -> str:
    """All figures of a home. open_alerts: how many alerts are open; left out if None.

    Times are seconds since 1970 in UTC, so that ages can be computed by whoever asks; what never happened is left out.
    """
    page = _Page()
    page.info("nianbao_build", "The version of nianbao that says this.", version=__version__)
    if health.release:
        created = health.release.created_at.timestamp()
        page.gauge("nianbao_release_created_timestamp_seconds", "When the current release was made.", created)
    if health.last_success_at:
        page.gauge(
            "nianbao_last_success_timestamp_seconds",
            "When a refresh last published or found nothing new.",
            health.last_success_at.timestamp(),
        )
    page.gauge("nianbao_running", "1 while somebody writes to the home.", health.running is not None)
    if health.refresh:
        states = {str(state): state is health.refresh.state for state in RefreshState}
        page.gauges("nianbao_refresh_state", "1 for how the last refresh ended.", "state", states)
        page.gauge(
            "nianbao_refresh_ended_timestamp_seconds",
            "When the last refresh ended, however.",
            health.refresh.ended_at.timestamp(),
        )
    _reports(page, health)
    if health.told:  # nothing known is not none
        _sources(page, health)
        _checks(page, health)
    page.gauges("nianbao_disk_bytes", "What each part of the home takes.", "part", dict(health.disk.parts))
    page.gauge("nianbao_disk_free_bytes", "Free bytes of the home's file system.", health.disk.free)
    page.gauge("nianbao_troubles", "What could not be read of the home.", len(health.troubles))
    if open_alerts is not None:
        page.gauge("nianbao_alerts_open", "Alerts that are open.", open_alerts)
    return page.text()


def _sources(page: _Page, health: Health) -> None:
    states = Counter(str(source.state or "never_visited") for source in health.sources)
    page.gauges(
        "nianbao_sources",
        "Sources of the registry by how their last visit ended.",
        "state",
        {state: states[state] for state in (*map(str, SourceState), "never_visited")},
    )
    visited = [source for source in health.sources if source.state]
    page.gauges(
        "nianbao_source_up",
        "1 if the last visit to the source ended well.",
        "source_id",
        {source.source_id: source.state is SourceState.OK for source in visited},
    )
    page.gauges(
        "nianbao_source_last_ok_timestamp_seconds",
        "When a visit to the source last ended well.",
        "source_id",
        {source.source_id: source.last_ok_at.timestamp() for source in visited if source.last_ok_at},
    )


def _checks(page: _Page, health: Health) -> None:
    failed = Counter(check.severity for check in health.checks if not check.accepted_reason)
    page.gauges(
        "nianbao_checks_failed",
        "Checks that fail on the last candidate that came to the gate, and are not accepted.",
        "severity",
        {severity: failed[severity] for severity in ("critical", "warning")},
    )


def _reports(page: _Page, health: Health) -> None:
    help_text = "Expected reports of the current release by kind, year of the report and coverage state."
    gauge = page.labelled("nianbao_reports", help_text, ("report_kind", "report_year", "state"))
    for reports in health.reports:
        for state, count in reports.states.items():
            gauge.labels(reports.report_kind, str(reports.report_year), state).set(count)


class _Page:
    """The metrics of one answer, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()

    def gauge(self, name: str, help_text: str, value: float) -> None:
        Gauge(name, help_text, registry=self._registry).set(value)

    def gauges(self, name: str, help_text: str, label: str, values: Mapping[str, float]) -> None:
        gauge = self.labelled(name, help_text, (label,))
        for key, value in values.items():
            gauge.labels(key).set(value)

    def labelled(self, name: str, help_text: str, labels: tuple[str, ...]) -> Gauge:
        return Gauge(name, help_text, labels, registry=self._registry)

    def info(self, name: str, help_text: str, **values: str) -> None:
        Info(name, help_text, registry=self._registry).info(values)

    def text(self) -> str:
        return generate_latest(self._registry).decode()
