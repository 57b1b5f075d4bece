select issuer_id, report_kind, first_year
from {{ source('raw', 'expectation') }}
