with visit as (
    select
        *,
        row_number() over (partition by source_id order by ended_at desc, refresh_id desc) as place
    from {{ ref('ops_source_visit') }}
)

select
    source.source_id,
    source.family,
    region.full_name as region_name,
    visit.state as last_visit,
    visit.sentence,
    visit.ended_at,
    visit.is_whole,
    visit.n_new,
    visit.n_postponed,
    visit.refresh_id,
    source.region_code
from {{ source('raw', 'source') }} as source
left join {{ ref('dim_region') }} as region on source.region_code = region.region_code
left join visit on source.source_id = visit.source_id and visit.place = 1
