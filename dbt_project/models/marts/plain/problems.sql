select
    issuer.issuer_name,
    issuer.region_name,
    problem.report_year,
    problem.shortcoming,
    problem.years,
    problem.n_years,
    problem.first_year,
    problem.report_id,
    problem.issuer_id,
    problem.region_code,
    problem.edition_id,
    problem.ordinal
from {{ ref('fct_shortcoming_recurrence') }} as problem
left join {{ ref('dim_issuer') }} as issuer on problem.issuer_id = issuer.issuer_id
