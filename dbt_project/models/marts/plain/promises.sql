select
    issuer.issuer_name,
    issuer.region_name,
    promise.report_year,
    promise.commitment,
    promise.verdict,
    promise.score,
    promise.passage,
    promise.report_id,
    promise.later_report_id,
    promise.issuer_id,
    promise.region_code,
    promise.edition_id,
    promise.ordinal
from {{ ref('fct_commitment_followup') }} as promise
left join {{ ref('dim_issuer') }} as issuer on promise.issuer_id = issuer.issuer_id
