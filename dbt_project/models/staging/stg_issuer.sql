select
    issuer_id,
    issuer_name,
    region_code,
    level,
    department_type,
    {{ string_list('aliases') }} as aliases,
    {{ string_list('predecessors') }} as predecessors
from {{ source('raw', 'issuer') }}
