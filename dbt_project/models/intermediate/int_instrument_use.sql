{{ config(
    materialized='incremental',
    replaces='(instrument, region_code) in (select (instrument, region_code) from changed.former_fct_reference union'
        ~ ' select (instrument, region_code) from changed.fct_reference)'
) }}
-- How many reports of a region and year cite a law or policy.
select
    reference.instrument,
    reference.region_code,
    reference.report_year,
    count(distinct reference.report_id) as n_reports,
    count(distinct reference.issuer_id) as n_issuers,
    mode(reference.kind) as kind
from {{ ref('fct_reference') }} as reference
{%- if var('changed_only', false) %}
semi join (
    select instrument, region_code from changed.former_fct_reference
    union
    select instrument, region_code from changed.fct_reference
) as touched using (instrument, region_code)
{%- endif %}
where reference.is_current and reference.region_code is not null and reference.instrument <> ''
group by reference.instrument, reference.region_code, reference.report_year
