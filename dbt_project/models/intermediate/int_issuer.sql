-- Issuers of the registry, and bodies that reports name and the registry does not know.
with named as (
    select
        issuer_id,
        issuer_name,
        region_code,
        region_name,
        issuer_level,
        department_type,
        row_number() over (partition by issuer_id order by last_seen_at desc, edition_id) as latest
    from {{ ref('fct_edition') }}
    where issuer_id not in (select issuer_id from {{ ref('stg_issuer') }})
),

successors as (
    select
        predecessor_id,
        {{ ordered_list('issuer_id', 'issuer_id') }} as successors
    from (
        select issuer_id, {{ each_of('predecessors') }} as predecessor_id
        from {{ ref('stg_issuer') }}
    ) as took_over
    group by predecessor_id
)

select
    issuer.issuer_id,
    issuer.issuer_name,
    issuer.region_code,
    cast(null as varchar) as region_name,
    issuer.level,
    issuer.department_type,
    issuer.aliases,
    issuer.predecessors,
    coalesce(successors.successors, {{ string_list("'[]'") }}) as successors,
    issuer.valid_from,
    issuer.valid_to,
    true as is_registered
from {{ ref('stg_issuer') }} as issuer
left join successors on issuer.issuer_id = successors.predecessor_id

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
    {{ string_list("'[]'") }},
    cast(null as date),
    cast(null as date),
    false
from named
where named.latest = 1
