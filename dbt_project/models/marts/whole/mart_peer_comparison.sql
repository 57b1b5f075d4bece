-- Values of whole years beside those of the bodies of the same level and kind.
with peer as (
    select
        year_value.issuer_id,
        year_value.indicator_id,
        year_value.fact_year,
        year_value.scope,
        issuer.region_code,
        issuer.level,
        issuer.department_type,
        year_value.unit,
        year_value.value,
        year_value.is_exact
    from {{ ref('fct_indicator_year') }} as year_value
    inner join {{ ref('dim_issuer') }} as issuer on year_value.issuer_id = issuer.issuer_id
    where
        year_value.is_full_year
        and year_value.n_best_values = 1
        and issuer.level is not null
        and issuer.department_type is not null
),

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
order by peer.indicator_id, peer.fact_year, peer.scope, peer.issuer_id
