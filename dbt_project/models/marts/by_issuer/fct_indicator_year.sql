{%- set cell = 'issuer_id, indicator_id, fact_year, scope' -%}
{%- set best = 'report_distance, is_exact desc, is_full_year desc' -%}

with ranked as (
    select
        *,
        row_number() over (partition by {{ cell }} order by {{ best }}, start_offset, figure_id) as choice,
        -- The same number for candidates that a criterion, and those before it, cannot tell apart.
        rank() over (partition by {{ cell }} order by report_distance) as by_report,
        rank() over (partition by {{ cell }} order by report_distance, is_exact desc) as by_exactness,
        rank() over (partition by {{ cell }} order by {{ best }}) as by_period
    from {{ changed(ref('int_indicator_figure')) }} as figure
    where excluded_because is null
),

told_apart as (
    select
        *,
        concat_ws(' ', value, value_max, unit) as stated
    from ranked
),

counted as (
    select
        {{ cell }},
        count(*) as n_candidates,
        count(distinct stated) as n_distinct_values,
        count(distinct case when by_period = 1 then stated end) as n_best_values,
        sum(case when by_report = 1 then 1 else 0 end) as n_by_report,
        sum(case when by_exactness = 1 then 1 else 0 end) as n_by_exactness,
        sum(case when by_period = 1 then 1 else 0 end) as n_by_period,
        {{ ordered_list('figure_id', 'choice') }} as candidate_figure_ids
    from told_apart
    group by {{ cell }}
)

select
    chosen.issuer_id,
    chosen.indicator_id,
    chosen.fact_year,
    chosen.scope,
    chosen.value,
    chosen.value_max,
    chosen.unit,
    chosen.qualifier,
    chosen.is_exact,
    chosen.period_start,
    chosen.period_end,
    chosen.covered_from,
    chosen.covered_to,
    chosen.is_full_year,
    chosen.figure_id as chosen_figure_id,
    chosen.report_id,
    chosen.report_year,
    case
        when counted.n_candidates = 1 then 'only_candidate'
        when counted.n_by_report = 1 then 'own_report'
        when counted.n_by_exactness = 1 then 'exact'
        when counted.n_by_period = 1 then 'full_year'
        when counted.n_best_values = 1 then 'same_value'
        else 'first_in_text'
    end as choice_rule,
    counted.n_candidates,
    counted.n_distinct_values,
    counted.n_best_values,
    counted.candidate_figure_ids,
    chosen.correction_id,
    chosen.correction_reason
from told_apart as chosen
inner join counted
    on
        chosen.issuer_id = counted.issuer_id
        and chosen.indicator_id = counted.indicator_id
        and chosen.fact_year = counted.fact_year
        and chosen.scope = counted.scope
where chosen.choice = 1
{{ in_order('chosen.issuer_id, chosen.indicator_id, chosen.scope, chosen.fact_year') }}
