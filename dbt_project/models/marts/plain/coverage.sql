select
    issuer.issuer_name,
    issuer.region_name,
    issuer.level,
    issuer.department_type,
    expected.report_kind,
    expected.report_year,
    expected.state,
    expected.publish_by,
    expected.missing_from,
    expected.published_date,
    report.title,
    report.url,
    expected.report_id,
    expected.issuer_id,
    expected.region_code,
    expected.as_of_date
from {{ ref('fct_coverage') }} as expected
left join {{ ref('fct_report') }} as report on expected.report_id = report.report_id
left join {{ ref('dim_issuer') }} as issuer on expected.issuer_id = issuer.issuer_id
