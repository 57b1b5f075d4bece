select
    issuer.issuer_name,
    issuer.region_name,
    peer.level,
    peer.department_type,
    indicator.label as indicator,
    indicator.label_en as indicator_en,
    peer.fact_year,
    peer.scope,
    peer.value,
    peer.unit,
    peer.rank_from_top,
    peer.n_peers,
    peer.median,
    peer.lower_quartile,
    peer.upper_quartile,
    peer.n_unexplored,
    peer.indicator_id,
    peer.issuer_id,
    peer.region_code
from {{ ref('mart_peer_comparison') }} as peer
left join {{ ref('dim_issuer') }} as issuer on peer.issuer_id = issuer.issuer_id
left join {{ ref('dim_indicator') }} as indicator on peer.indicator_id = indicator.indicator_id
