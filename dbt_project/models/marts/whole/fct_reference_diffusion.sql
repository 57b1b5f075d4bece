-- When a law or policy shows up where: which regions' reports of which years cite it.
with cited as (
    select
        reference.instrument,
        reference.region_code,
        reference.report_year,
        count(distinct reference.report_id) as n_reports,
        count(distinct reference.issuer_id) as n_issuers,
        mode(reference.kind) as kind
    from {{ ref('fct_reference') }} as reference
    where reference.is_current and reference.region_code is not null and reference.instrument <> ''
    group by reference.instrument, reference.region_code, reference.report_year
)

select
    instrument,
    region_code,
    report_year,
    kind,
    n_reports,
    n_issuers,
    min(report_year) over (partition by instrument) as first_year,
    min(report_year) over (partition by instrument, region_code) as first_year_in_region,
    report_year = min(report_year) over (partition by instrument, region_code) as is_first_in_region,
    min(report_year) over (partition by instrument, region_code) - min(report_year) over (
        partition by instrument
    ) as years_after_first
from cited
order by instrument, region_code, report_year
