select
    region_code,
    region_name,
    full_name,
    nullif(parent_code, '') as parent_code,
    level,
    cast(nullif(valid_from, '') as date) as valid_from,
    cast(nullif(valid_to, '') as date) as valid_to
from {{ source('raw', 'region') }}
