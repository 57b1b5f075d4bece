select
    report.report_id,
    report.report_year,
    report.report_kind,
    issuer.issuer_name,
    issuer.region_name,
    issuer.level,
    issuer.department_type,
    report.title,
    report.doc_number,
    report.published_date,
    timeliness.publish_by,
    timeliness.days_late,
    timeliness.state as timeliness,
    completeness.parts_missing,
    completeness.parts_thin,
    reuse.share_copied,
    report.n_chars,
    report.n_figures,
    report.n_editions,
    report.is_withdrawn,
    report.url,
    report.first_seen_at,
    report.edition_id,
    report.issuer_id,
    report.region_code
from {{ ref('fct_report') }} as report
left join {{ ref('dim_issuer') }} as issuer on report.issuer_id = issuer.issuer_id
left join {{ ref('fct_timeliness') }} as timeliness on report.report_id = timeliness.report_id
left join {{ ref('fct_completeness') }} as completeness on report.report_id = completeness.report_id
left join {{ ref('fct_text_reuse') }} as reuse on report.report_id = reuse.later_report_id
