select
    issuer.issuer_name,
    issuer.region_name,
    citation.report_year,
    citation.instrument,
    citation.kind,
    citation.text,
    report.title,
    report.url,
    citation.report_id,
    citation.issuer_id,
    citation.region_code,
    citation.edition_id,
    citation.ordinal
from {{ ref('fct_reference') }} as citation
left join {{ ref('fct_report') }} as report on citation.report_id = report.report_id
left join {{ ref('dim_issuer') }} as issuer on citation.issuer_id = issuer.issuer_id
where citation.is_current
