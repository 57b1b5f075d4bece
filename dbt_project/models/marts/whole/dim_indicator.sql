select
    indicator_id,
    label,
    label_en,
    unit,
    kind
from {{ ref('stg_indicator') }}
