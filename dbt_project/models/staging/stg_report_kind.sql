select report_kind, label, label_en
from {{ source('raw', 'report_kind') }}
