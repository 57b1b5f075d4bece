select indicator_id, label, label_en, unit, kind
from {{ source('raw', 'indicator') }}
