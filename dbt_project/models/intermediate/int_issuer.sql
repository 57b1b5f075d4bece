-- Issuers of the registry, and bodies that current reports name and the registry does not know.
with named as (
    select
        issuer_id,
        issuer_name,
        region_code,
        region_name,
        issuer_level,
        department_type,
        row_number() over (partition by issuer_id order by last_seen_at desc, edition_id) as latest
    from {{ ref('int_report_edition') }}
)

select
    issuer_id,
    issuer_name,
    region_code,
    cast(null as varchar) as region_name,
    level,
    department_type,
    aliases,
    predecessors,
    true as is_registered
from {{ ref('stg_issuer') }}

union all

select
    named.issuer_id,
    named.issuer_name,
    named.region_code,
    named.region_name,
    named.issuer_level,
    named.department_type,
    {{ string_list("'[]'") }},
    {{ string_list("'[]'") }},
    false
from named
left join {{ ref('stg_issuer') }} as registered on named.issuer_id = registered.issuer_id
where named.latest = 1 and registered.issuer_id is null
