"""Damage to the wide world under which, taken together, every check of the suites fails."""

from __future__ import annotations

# (statements, whether candidate and release are made by the same rules)
DAMAGES: tuple[tuple[tuple[str, ...], bool], ...] = (
    # Values of single rows.
    ((
        "update fct_report set title = null, region_code = null, published_date = null, n_figures = 0, n_chars = 9, ocr_confidence = 0.1",
        "update fct_report set report_year = 2026 where report_year = 2020",
        "update fct_report set report_year = 1024, url = 'www.songxi.test' where report_year = 2021",
        "update fct_report set edition_id = 'same' where report_year = 2022",
        "update fct_figure set value = 1, value_max = 0, unit = '万万万万万万万万万', fact_year = 202, sentence = '锟斤拷',"
        " end_offset = end_offset + 1, indicator_id = null, rules_version = 'r0'",
        "update fct_edition set rules_version = 'r9', issuer_registered = false",
        "update dim_region set region_code = 'x'",
        "update fct_indicator_yoy set change_percent = 99900",
        "update fct_breakdown_check set verdict = 'exceeds'",
        "update fct_claim_check set verdict = 'contradicted'",
        "update fct_coverage set state = 'missing'",
        "update fct_completeness set n_present = 0",
        "update fct_indicator_year set n_best_values = 2, value = value + 1000",
        "update dim_issuer set is_registered = false",
        "update raw.capture set outcome = 'unreadable', capture_id = 'same'",
        "delete from fct_section",
        "insert into raw.correction values ('c', (select min(report_id) from fct_report), 'x', 'xy', 'value', '1', '2', 'r',"
        " date '2025-01-01'), ('d', 'a/b/1999', 'x', 'xy', 'value', '1', '2', 'r', date '2025-01-01')",
    ), False),
    # Under the same rules nothing moves by itself.
    ((
        "update fct_indicator_year set value = value + 1 where fact_year = 2024",
        "delete from fct_indicator_year where fact_year = 2023",
        "update fct_figure set value = -value, unit = '%' where report_year = 2024",
        "update fct_figure set unit = '%', value = value + 1000 where report_year < 2024 and ordinal > 6",
        "update fct_coverage set state = 'late' where report_year = 2024",
        "delete from fct_report where issuer_id = 'songxi-01'",
        "update fct_report set edition_id = edition_id || 'e', n_chars = 9 where report_year = 2022",
        "update fct_report set title = '2024年报告', published_date = date '2000-01-01' where issuer_id = 'songxi-02'",
        "insert into fct_report from fct_report limit 1",
    ), True),
    # Volume.
    ((
        "insert into fct_figure from fct_figure",
        "insert into fct_figure from fct_figure",
        "update fct_figure set fact_year = fact_year + 9",
        "delete from fct_section where kind = 'problems'",
        "update fct_report set report_id = 'x' || report_id, issuer_id = 'songxi-99'",
        "delete from raw.capture where capture_id like '%1'",
        "insert into raw.capture by name select * replace (capture_id || 'n' as capture_id, 'not_a_report' as outcome)"
        " from raw.capture",
        "delete from fct_coverage where report_year < 2024",
        "delete from fct_indicator_year where fact_year < 2022",
        "update fct_indicator_year set indicator_id = 'npc_suggestions' where indicator_id = 'training_sessions'",
        "update fct_indicator_year set indicator_id = 'npc_suggestions_led', value = 9999, unit = '次'"
        " where indicator_id = 'contracts_reviewed'",
        "update fct_indicator_year set indicator_id = 'npc_suggestions_cohandled' where indicator_id = 'hotline_cases'",
    ), False),
    ((
        "update fct_indicator_year set indicator_id = 'admin_litigation_cases' where indicator_id = 'training_sessions'",
        "update fct_indicator_year set indicator_id = 'admin_litigation_lost' where indicator_id = 'contracts_reviewed'",
        "update fct_indicator_year set indicator_id = 'admin_litigation_loss_rate' where indicator_id = 'mediation_success_rate'",
        "delete from fct_figure where ordinal > 2",
        "insert into fct_report by name select r.* replace (r.report_id || copies.n as report_id) from fct_report as r,"
        " range(4) as copies(n)",
        "update fct_report set edition_id = edition_id || 'n', n_chars = 5",
    ), False),
    # Nothing there.
    ((
        "delete from fct_report", "delete from fct_edition", "delete from dim_region", "delete from dim_issuer",
        "delete from raw.capture", "update fct_figure set sentence = text",
    ), False),
)  # fmt: skip
