{%- set cell = 'indicator_id, fact_year, scope, level, department_type, unit' -%}
{%- set key = 'issuer_id, indicator_id, fact_year, scope' -%}
{%- set place = key ~ ', level, department_type, unit' -%}
{%- set ours = 'issuer_id in (select issuer_id from raw.changed_issuer)' -%}
{{ config(
    replaces='(' ~ cell ~ ') in (select (' ~ cell ~ ') from changed.mart_peer_comparison) or (' ~ ours ~ ' and (' ~ place
        ~ ') not in (select (' ~ place ~ ') from intermediate.int_peer_value where ' ~ ours ~ '))'
) }}
-- Values of whole years beside those of the bodies of the same level and kind.
with unexplored as (
    select
        issuer.level,
        issuer.department_type,
        coverage.report_year as fact_year,
        count(distinct coverage.issuer_id) as n_unexplored
    from {{ ref('fct_coverage') }} as coverage
    inner join {{ ref('dim_issuer') }} as issuer on coverage.issuer_id = issuer.issuer_id
    where coverage.state = 'unexplored'
    group by issuer.level, issuer.department_type, coverage.report_year
),

{% if var('changed_only', false) -%}
own as (
    select * from {{ ref('int_peer_value') }}
    where {{ ours }}
),

former as (
    select {{ key }}, region_code, level, department_type, unit, value, is_exact
    from {{ this }}
    where {{ ours }}
),

-- Cells in which a value came, went or changed, or more or less is unexplored; the others stay as they are.
touched as (
    select distinct {{ cell }}
    from (
        (select {{ key }}, region_code, level, department_type, unit, value, is_exact from own except select * from former)
        union all
        (select * from former except select {{ key }}, region_code, level, department_type, unit, value, is_exact from own)
    ) as different
    union
    select distinct
        former.indicator_id,
        former.fact_year,
        former.scope,
        former.level,
        former.department_type,
        former.unit
    from {{ this }} as former
    left join unexplored
        on
            former.level = unexplored.level
            and former.department_type = unexplored.department_type
            and former.fact_year = unexplored.fact_year
    where former.n_unexplored <> coalesce(unexplored.n_unexplored, 0)
),

peer as (
    select value.*
    from {{ ref('int_peer_value') }} as value
    semi join touched using ({{ cell }})
),
{%- else -%}
peer as (
    select * from {{ ref('int_peer_value') }}
),
{%- endif %}

spread as (
    select
        indicator_id,
        fact_year,
        scope,
        level,
        department_type,
        unit,
        count(*) as n_peers,
        cast(median(value) as double) as median,
        cast(quantile_cont(value, 0.25) as double) as lower_quartile,
        cast(quantile_cont(value, 0.75) as double) as upper_quartile,
        min(value) as lowest,
        max(value) as highest
    from peer
    group by indicator_id, fact_year, scope, level, department_type, unit
)

select
    peer.indicator_id,
    peer.fact_year,
    peer.scope,
    peer.issuer_id,
    peer.region_code,
    peer.level,
    peer.department_type,
    peer.unit,
    peer.value,
    peer.is_exact,
    spread.n_peers,
    rank() over (
        partition by peer.indicator_id, peer.fact_year, peer.scope, peer.level, peer.department_type, peer.unit
        order by peer.value desc
    ) as rank_from_top,
    spread.median,
    spread.lower_quartile,
    spread.upper_quartile,
    spread.lowest,
    spread.highest,
    coalesce(unexplored.n_unexplored, 0) as n_unexplored
from peer
inner join spread
    on
        peer.indicator_id = spread.indicator_id
        and peer.fact_year = spread.fact_year
        and peer.scope = spread.scope
        and peer.level = spread.level
        and peer.department_type = spread.department_type
        and peer.unit = spread.unit
left join unexplored
    on
        peer.level = unexplored.level
        and peer.department_type = unexplored.department_type
        and peer.fact_year = unexplored.fact_year
{{ in_order('peer.indicator_id, peer.fact_year, peer.scope, peer.issuer_id') }}
