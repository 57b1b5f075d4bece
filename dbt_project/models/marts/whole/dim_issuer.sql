select
    issuer.issuer_id,
    issuer.issuer_name,
    issuer.region_code,
    coalesce(region.full_name, issuer.region_name) as region_name,
    issuer.level,
    issuer.department_type,
    issuer.aliases,
    issuer.predecessors,
    issuer.successors,
    issuer.valid_from,
    issuer.valid_to,
    issuer.is_registered
from {{ ref('int_issuer') }} as issuer
left join {{ ref('stg_region') }} as region on issuer.region_code = region.region_code
