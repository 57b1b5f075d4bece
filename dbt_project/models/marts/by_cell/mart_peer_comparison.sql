{%- set cell = 'indicator_id, fact_year, scope, level, department_type, unit' -%}
{%- set key = 'issuer_id, indicator_id, fact_year, scope' -%}
{%- set place = key ~ ', level, department_type, unit' -%}
{%- set ours = 'issuer_id in (select issuer_id from raw.changed_issuer)' -%}
{{ config(
    replaces='(' ~ cell ~ ') in (select (' ~ cell ~ ') from changed.mart_peer_comparison) or (' ~ ours ~ ' and (' ~ place
        ~ ') not in (select (' ~ place ~ ') from intermediate.int_peer_value where ' ~ ours ~ '))'
) }}
-- Values of whole years beside those of the bodies of the same level and kind.
{%- if var('changed_only', false) %}
with own as (
    select * from {{ ref('int_peer_value') }}
    where {{ ours }}
),

former as (
    select {{ key }}, region_code, level, department_type, unit, value, is_exact
    from {{ this }}
    where {{ ours }}
),

-- Cells in which a value came, went or changed; the others stay as they are.
touched as (
    select distinct {{ cell }}
    from (
        (select {{ key }}, region_code, level, department_type, unit, value, is_exact from own except select * from former)
        union all
        (select * from former except select {{ key }}, region_code, level, department_type, unit, value, is_exact from own)
    ) as different
),

peer as (
    select value.*
    from {{ ref('int_peer_value') }} as value
    semi join touched using ({{ cell }})
),
{%- else %}
with peer as (
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
    spread.highest
from peer
inner join spread
    on
        peer.indicator_id = spread.indicator_id
        and peer.fact_year = spread.fact_year
        and peer.scope = spread.scope
        and peer.level = spread.level
        and peer.department_type = spread.department_type
        and peer.unit = spread.unit
{{ in_order('peer.indicator_id, peer.fact_year, peer.scope, peer.issuer_id') }}
