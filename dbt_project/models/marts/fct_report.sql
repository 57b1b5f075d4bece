with editions as (
    select report_id, count(*) as n_editions, min(first_seen_at) as first_seen_at
    from {{ ref('int_report_edition') }}
    group by report_id
),

figures as (
    select edition_id, count(*) as n_figures
    from {{ ref('stg_figure') }}
    group by edition_id
)

select
    report.report_id,
    report.issuer_id,
    report.region_code,
    report.report_kind,
    report.report_year,
    report.edition_id,
    report.title,
    report.doc_number,
    report.signed_date,
    report.published_date,
    report.n_chars,
    report.ocr_confidence,
    coalesce(figures.n_figures, 0) as n_figures,
    editions.n_editions,
    capture.url,
    report.capture_id,
    capture.source_id,
    capture.segment as archive_segment,
    capture.record_offset as archive_offset,
    editions.first_seen_at,
    report.last_seen_at,
    report.rules_version
from {{ ref('int_report_edition') }} as report
inner join editions on report.report_id = editions.report_id
inner join {{ ref('stg_capture') }} as capture on report.capture_id = capture.capture_id
left join figures on report.edition_id = figures.edition_id
where report.is_current
