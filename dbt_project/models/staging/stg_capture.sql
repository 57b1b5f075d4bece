select
    capture_id,
    edition_id,
    url,
    source_id,
    role,
    fetched_at,
    segment,
    record_offset,
    record_length,
    outcome
from {{ source('raw', 'capture') }}
