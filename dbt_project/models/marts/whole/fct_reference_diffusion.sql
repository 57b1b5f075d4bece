-- When a law or policy shows up where: which regions' reports of which years cite it.
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
from {{ ref('int_instrument_use') }}
order by instrument, region_code, report_year
