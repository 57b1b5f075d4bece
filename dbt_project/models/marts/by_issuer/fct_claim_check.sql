-- Changes that reports state, beside those that follow from the values of the two years.
with stated as (
    select
        claim.figure_id,
        claim.report_id,
        claim.issuer_id,
        claim.report_year,
        claim.edition_id,
        claim.text,
        claim.sentence,
        claim.value as claimed,
        claim.unit as claimed_unit,
        claim.direction,
        claim.qualifier,
        claim.value_max,
        base.figure_id as base_figure_id,
        base.indicator_id,
        base.fact_year,
        base.scope,
        base.value as base_value,
        base.unit as base_unit,
        base.is_target,
        base.qualifier as base_qualifier,
        case when claim.direction = 'decrease' then -claim.value else claim.value end as signed,
        -- Half a unit of the last digit stated: 29.4 stands for 29.35 to 29.45.
        0.5 * power(10, -{{ decimals_of('claim.value') }}) as precision
    from {{ changed(ref('fct_figure')) }} as claim
    left join {{ changed(ref('fct_figure')) }} as base on claim.yoy_of_figure_id = base.figure_id
    where claim.is_current and claim.direction is not null and not claim.is_target
),

compared as (
    select
        stated.*,
        year_value.chosen_figure_id,
        year_value.value as year_value,
        year_value.unit as year_unit,
        yoy.prior_value,
        yoy.prior_figure_id,
        yoy.restated_value,
        yoy.reason as yoy_reason,
        coalesce(indicator.kind, '') = 'rate' or stated.base_unit in ('%', '‰') as is_rate,
        stated.claimed_unit in ('%', '‰') as is_share,
        stated.claimed_unit in ('个百分点', '百分点', '个千分点', '千分点') as is_points
    from stated
    left join {{ ref('dim_indicator') }} as indicator on stated.indicator_id = indicator.indicator_id
    left join {{ changed(ref('fct_indicator_year')) }} as year_value
        on
            stated.issuer_id = year_value.issuer_id
            and stated.indicator_id = year_value.indicator_id
            and stated.fact_year = year_value.fact_year
            and stated.scope = year_value.scope
    left join {{ changed(ref('fct_indicator_yoy')) }} as yoy
        on
            stated.issuer_id = yoy.issuer_id
            and stated.indicator_id = yoy.indicator_id
            and stated.fact_year = yoy.fact_year
            and stated.scope = yoy.scope
),

measured as (
    select
        *,
        case
            when base_figure_id is null then 'no_base'
            when indicator_id is null then 'no_indicator'
            when is_target then 'target'
            when chosen_figure_id is null or year_value <> base_value or year_unit <> base_unit then 'other_value'
            when yoy_reason is not null then yoy_reason
            when value_max is not null then 'approximate'
            -- Percent of a share may mean points or percent: only points say which.
            when is_rate and is_share then 'points_or_percent'
            when is_points and not is_rate then 'unit'
            when not is_share and not is_points and claimed_unit <> base_unit then 'unit'
            when is_share and prior_value = 0 then 'prior_is_zero'
        end as reason,
        case
            when is_share and not is_rate then 100.0 * (base_value - prior_value) / nullif(prior_value, 0)
            else base_value - prior_value
        end as computed,
        case
            when is_share and not is_rate
                then 100.0 * (base_value - restated_value) / nullif(restated_value, 0)
            else base_value - restated_value
        end as computed_of_restated
    from compared
),

judged as (
    select
        *,
        {{ agrees('computed', 'signed', 'precision', 'qualifier') }} as holds,
        {{ agrees('computed_of_restated', 'signed', 'precision', 'qualifier') }} as holds_of_restated
    from measured
)

select
    figure_id,
    report_id,
    issuer_id,
    report_year,
    edition_id,
    base_figure_id,
    indicator_id,
    fact_year,
    scope,
    claimed,
    claimed_unit,
    direction,
    qualifier,
    case when reason is null then cast(round(computed, 4) as double) end as computed,
    case
        when reason is not null then 'uncheckable'
        when holds then 'confirmed'
        else 'contradicted'
    end as verdict,
    reason,
    reason is null and not holds and coalesce(holds_of_restated, false) as agrees_with_restated,
    prior_figure_id,
    -- What the value and the stated change say about the year before; it is nowhere stated.
    case
        when base_value is null or is_target or base_qualifier <> 'exact' or qualifier <> 'exact' then null
        when is_share and not is_rate and signed > -100
            then cast(round(base_value / (1 + signed / 100.0), 4) as double)
        when not is_share and (is_rate = is_points) and (is_points or claimed_unit = base_unit)
            then cast(base_value - signed as double)
    end as implied_prior_value,
    sentence
from judged
{{ in_order('issuer_id, report_year, figure_id') }}
