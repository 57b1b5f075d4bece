{{ config(
    materialized='incremental',
    replaces='(instrument, region_code) in (select (instrument, region_code) from changed.former_fct_reference union'
        ~ ' select (instrument, region_code) from changed.fct_reference)'
) }}
-- How many reports of a region and year cite a law or policy.
with used as (
    select
        reference.instrument,
        reference.region_code,
        reference.report_year,
        reference.report_id,
        reference.issuer_id,
        reference.kind
    from {{ ref('fct_reference') }} as reference
    {%- if var('changed_only', false) %}
    semi join (
        select instrument, region_code from changed.former_fct_reference
        union
        select instrument, region_code from changed.fct_reference
    ) as touched using (instrument, region_code)
    {%- endif %}
    where reference.is_current and reference.region_code is not null and reference.instrument <> ''
),

-- What it is taken for most often; the same one of two that are as frequent in every build.
kinds as (
    select
        instrument,
        region_code,
        report_year,
        kind,
        row_number() over (
            partition by instrument, region_code, report_year
            order by count(*) desc, kind
        ) as place
    from used
    group by instrument, region_code, report_year, kind
)

select
    used.instrument,
    used.region_code,
    used.report_year,
    count(distinct used.report_id) as n_reports,
    count(distinct used.issuer_id) as n_issuers,
    kinds.kind
from used
inner join kinds
    on
        used.instrument = kinds.instrument
        and used.region_code = kinds.region_code
        and used.report_year = kinds.report_year
where kinds.place = 1
group by used.instrument, used.region_code, used.report_year, kinds.kind
