with year_value as (
    select
        *,
        {{ day_in_year('covered_from') }} as from_day,
        {{ day_in_year('covered_to') }} as to_day
    from {{ changed(ref('fct_indicator_year')) }} as indicator_year
),

candidate as (
    select * from {{ changed(ref('int_indicator_figure')) }} as figure
),

-- What else is known about the year before, for cells without a value of it.
other_scopes as (
    select distinct
        issuer_id,
        indicator_id,
        fact_year
    from year_value
),

targets as (
    select distinct
        issuer_id,
        indicator_id,
        fact_year,
        scope
    from candidate
    where excluded_because = 'target'
),

-- The first day from which on the body is what it is now.
began as (
    select
        issuer.issuer_id,
        greatest(issuer.valid_from, region.valid_from) as valid_from
    from {{ ref('dim_issuer') }} as issuer
    left join {{ ref('dim_region') }} as region on issuer.region_code = region.region_code
),

-- Values that a body's predecessors stated.
inherited as (
    select distinct
        heir.issuer_id,
        former.indicator_id,
        former.fact_year,
        former.scope
    from (
        select
            issuer_id,
            {{ each_of('predecessors') }} as predecessor_id
        from {{ changed(ref('dim_issuer')) }} as issuer
    ) as heir
    inner join {{ ref('fct_indicator_year') }} as former on heir.predecessor_id = former.issuer_id
),

-- What the report of a year says about the same days of the year before.
restated as (
    select
        issuer_id,
        indicator_id,
        fact_year,
        scope,
        value,
        unit,
        covered_from,
        covered_to,
        figure_id,
        row_number() over (
            partition by issuer_id, indicator_id, fact_year, scope, covered_from, covered_to
            order by start_offset, figure_id
        ) as place
    from candidate
    where excluded_because is null and report_year = fact_year + 1 and is_exact
),

broken as (
    select distinct
        indicator_id,
        first_year
    from {{ source('raw', 'series_break') }}
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
            when restated.value <> prior.value and restated.unit = prior.unit and prior.is_exact
                then restated.value
        end as restated_value,
        restated.figure_id as restated_figure_id,
        case
            when prior.issuer_id is null and other_scopes.issuer_id is not null then 'scope'
            when prior.issuer_id is null and targets.issuer_id is not null then 'target'
            when prior.issuer_id is null and inherited.issuer_id is not null then 'issuer_reorganised'
            when prior.issuer_id is null then 'prior_missing'
            when began.valid_from > {{ first_day('this_year.fact_year - 1') }}
                and began.valid_from <= this_year.covered_to then 'issuer_reorganised'
            when this_year.n_best_values > 1 or prior.n_best_values > 1 then 'several_values'
            when this_year.unit <> prior.unit then 'unit'
            when broken.indicator_id is not null then 'definition'
            when this_year.from_day <> prior.from_day or this_year.to_day <> prior.to_day then 'partial_period'
            when not this_year.is_exact or not prior.is_exact then 'approximate'
        end as reason
    from year_value as this_year
    left join {{ ref('dim_indicator') }} as indicator on this_year.indicator_id = indicator.indicator_id
    left join began on this_year.issuer_id = began.issuer_id
    left join broken
        on this_year.indicator_id = broken.indicator_id and this_year.fact_year = broken.first_year
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
    left join inherited
        on
            this_year.issuer_id = inherited.issuer_id
            and this_year.indicator_id = inherited.indicator_id
            and this_year.scope = inherited.scope
            and this_year.fact_year = inherited.fact_year + 1
    left join restated
        on
            restated.place = 1
            and this_year.issuer_id = restated.issuer_id
            and this_year.indicator_id = restated.indicator_id
            and this_year.scope = restated.scope
            and this_year.fact_year = restated.fact_year + 1
            and prior.covered_from = restated.covered_from
            and prior.covered_to = restated.covered_to
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
    case
        when reason in ('unit', 'definition') then 'definition'
        when reason in ('scope', 'partial_period', 'issuer_reorganised') then 'coverage'
        when reason is null and restated_value is not null then 'restated'
        when reason is null and value <> prior_value then 'real'
    end as cause,
    restated_value,
    case when restated_value is not null then restated_figure_id end as restated_figure_id,
    unit,
    prior_unit,
    qualifier,
    prior_qualifier,
    chosen_figure_id,
    prior_figure_id
from paired
{{ in_order('issuer_id, indicator_id, scope, fact_year') }}
