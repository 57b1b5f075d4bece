select
    url,
    stage,
    from_at,
    to_at,
    outcome,
    n_looks,
    source_id,
    sentence,
    is_latest
from {{ source('raw', 'capture_state') }}
order by url, stage, from_at
