select
    refresh_id,
    source_id,
    began_at,
    ended_at,
    state,
    sentence,
    is_whole,
    n_links,
    n_new,
    n_postponed
from {{ source('raw', 'source_visit') }}
order by ended_at, source_id
