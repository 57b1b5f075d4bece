-- Every figure of a current edition that measures an indicator, with what decides whether and how well it can stand
-- for the value of its year.
with known_error as (
    select
        report_id,
        figure_text,
        sentence,
        max(correction_id) as correction_id,
        max(reason) as correction_reason,
        max(case when field = 'value' then cast(value as decimal(28, 6)) end) as value,
        max(case when field = 'value_max' then cast(value as decimal(28, 6)) end) as value_max,
        max(case when field = 'unit' then value end) as unit,
        max(case when field = 'fact_year' then cast(value as bigint) end) as fact_year
    from {{ source('raw', 'correction') }}
    group by report_id, figure_text, sentence
),

-- What is published stays as it is in fct_figure; what is known to be wrong counts here as it should have been.
corrected as (
    select
        figure.* replace (
            coalesce(known_error.value, figure.value) as value,
            coalesce(known_error.value_max, figure.value_max) as value_max,
            coalesce(known_error.unit, figure.unit) as unit,
            coalesce(known_error.fact_year, figure.fact_year) as fact_year
        ),
        known_error.correction_id,
        known_error.correction_reason
    from {{ ref('fct_figure') }} as figure
    left join known_error
        on
            figure.report_id = known_error.report_id
            and figure.text = known_error.figure_text
            and {{ contains('figure.sentence', 'known_error.sentence') }}
    where figure.is_current and figure.indicator_id is not null
),

figure as (
    select
        corrected.*,
        indicator.kind as indicator_kind,
        {{ first_day('corrected.fact_year') }} as year_start,
        {{ last_day_of('corrected.fact_year') }} as year_end
    from corrected
    left join {{ ref('stg_indicator') }} as indicator on corrected.indicator_id = indicator.indicator_id
),

covered as (
    select
        *,
        -- A level has a day, not a span; a span without stated ends covers the whole year.
        case
            when indicator_kind = 'stock' then coalesce(period_end, year_end)
            else coalesce(period_start, year_start)
        end as covered_from,
        coalesce(period_end, year_end) as covered_to
    from figure
)

select
    figure_id,
    issuer_id,
    indicator_id,
    fact_year,
    scope,
    report_id,
    report_kind,
    report_year,
    edition_id,
    capture_id,
    start_offset,
    value,
    value_max,
    unit,
    qualifier,
    period_start,
    period_end,
    covered_from,
    covered_to,
    -- Smaller is better: the year's own report, then the first that looks back, never before one that looks ahead.
    case
        when report_year >= fact_year then report_year - fact_year
        else 1000 + fact_year - report_year
    end as report_distance,
    qualifier = 'exact' and value_max is null as is_exact,
    covered_to = year_end and (indicator_kind = 'stock' or covered_from = year_start) as is_full_year,
    case
        when fact_year is null then 'no_year'
        when is_target then 'target'
        when direction is not null then 'change'
        when parent_indicator_id = indicator_id then 'part'
        when covered_from < year_start or covered_to > year_end then 'other_years'
    end as excluded_because,
    correction_id,
    correction_reason
from covered
