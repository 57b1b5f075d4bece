select
    refresh_id,
    stage,
    url,
    outcome,
    sentence,
    source_id,
    looked_at,
    capture_id
from {{ source('raw', 'outcome') }}
order by looked_at, url, stage
