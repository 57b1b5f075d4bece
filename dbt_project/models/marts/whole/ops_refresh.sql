select
    refresh_id,
    purpose,
    started_at,
    ended_at,
    state,
    sentence,
    release_id
from {{ source('raw', 'refresh') }}
