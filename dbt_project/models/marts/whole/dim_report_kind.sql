select
    report_kind,
    label,
    label_en
from {{ ref('stg_report_kind') }}
