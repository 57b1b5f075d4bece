with year_value as (
    select
        *,
        {{ day_in_year('covered_from') }} as from_day,
        {{ day_in_year('covered_to') }} as to_day
    from {{ ref('fct_indicator_year') }}
),

-- What else is known about the year before, for cells without a value of it.
other_scopes as (
    select distinct issuer_id, indicator_id, fact_year
    from year_value
),

targets as (
    select distinct issuer_id, indicator_id, fact_year, scope
    from {{ ref('int_indicator_figure') }}
    where excluded_because = 'target'
),

paired as (
    select
        this_year.issuer_id,
        this_year.indicator_id,
        this_year.fact_year,
        this_year.scope,
        this_year.value,
        this_year.unit,
        this_year.qualifier,
        this_year.chosen_figure_id,
        prior.value as prior_value,
        prior.unit as prior_unit,
        prior.qualifier as prior_qualifier,
        prior.chosen_figure_id as prior_figure_id,
        this_year.unit in ('%', '‰') or coalesce(indicator.kind, '') = 'rate' as is_rate,
        case
            when prior.issuer_id is null and other_scopes.issuer_id is not null then 'scope'
            when prior.issuer_id is null and targets.issuer_id is not null then 'target'
            when prior.issuer_id is null then 'prior_missing'
            when this_year.n_best_values > 1 or prior.n_best_values > 1 then 'several_values'
            when this_year.unit <> prior.unit then 'unit'
            when this_year.from_day <> prior.from_day or this_year.to_day <> prior.to_day then 'partial_period'
            when not this_year.is_exact or not prior.is_exact then 'approximate'
        end as reason
    from year_value as this_year
    left join {{ ref('dim_indicator') }} as indicator on this_year.indicator_id = indicator.indicator_id
    left join year_value as prior
        on
            this_year.issuer_id = prior.issuer_id
            and this_year.indicator_id = prior.indicator_id
            and this_year.scope = prior.scope
            and this_year.fact_year = prior.fact_year + 1
    left join other_scopes
        on
            this_year.issuer_id = other_scopes.issuer_id
            and this_year.indicator_id = other_scopes.indicator_id
            and this_year.fact_year = other_scopes.fact_year + 1
    left join targets
        on
            this_year.issuer_id = targets.issuer_id
            and this_year.indicator_id = targets.indicator_id
            and this_year.scope = targets.scope
            and this_year.fact_year = targets.fact_year + 1
)

select
    issuer_id,
    indicator_id,
    fact_year,
    scope,
    value,
    prior_value,
    case when reason is null then cast(value - prior_value as decimal(28, 6)) end as change,
    case
        when reason is not null then null
        when unit = '%' then 'percentage points'
        when unit = '‰' then 'per mille points'
        else unit
    end as change_unit,
    -- The percentage of a percentage misleads: rates change in points only. Nothing grows by percent from zero.
    case
        when reason is null and not is_rate and prior_value <> 0
            then cast(round(100.0 * (value - prior_value) / prior_value, 4) as double)
    end as change_percent,
    case when reason is null then 'comparable' else 'not_comparable' end as comparability,
    reason,
    unit,
    prior_unit,
    qualifier,
    prior_qualifier,
    chosen_figure_id,
    prior_figure_id
from paired
