-- Every figure of a current edition that measures an indicator, with what decides whether and how well it can stand
-- for the value of its year.
with figure as (
    select
        figure.*,
        indicator.kind as indicator_kind,
        {{ first_day('figure.fact_year') }} as year_start,
        {{ last_day_of('figure.fact_year') }} as year_end
    from {{ ref('fct_figure') }} as figure
    left join {{ ref('stg_indicator') }} as indicator on figure.indicator_id = indicator.indicator_id
    where figure.is_current and figure.indicator_id is not null
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
    end as excluded_because
from covered
