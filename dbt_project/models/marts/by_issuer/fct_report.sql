with editions as (
    select
        report_id,
        count(*) as n_editions,
        min(first_seen_at) as first_seen_at
    from {{ changed(ref('fct_edition')) }} as edition
    group by report_id
),

figures as (
    select
        edition_id,
        count(*) as n_figures
    from {{ changed(ref('fct_figure')) }} as figure
    where is_current
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
    report.is_withdrawn,
    case when report.is_withdrawn then report.known_to end as withdrawn_at,
    report.url,
    report.capture_id,
    report.source_id,
    report.archive_segment,
    report.archive_offset,
    editions.first_seen_at,
    report.last_seen_at,
    report.rules_version
from {{ changed(ref('fct_edition')) }} as report
inner join editions on report.report_id = editions.report_id
left join figures on report.edition_id = figures.edition_id
where report.is_current
{{ in_order('report.issuer_id, report.report_year') }}
