select
    issuer_id,
    issuer_name,
    region_code,
    level,
    department_type,
    {{ string_list('aliases') }} as aliases,
    {{ string_list('predecessors') }} as predecessors,
    valid_from,
    valid_to
from {{ source('raw', 'issuer') }}
