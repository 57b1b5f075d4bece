with named as (
    select region_code, max(region_name) as region_name
    from {{ ref('int_issuer') }}
    where region_code is not null
    group by region_code
)

select
    region_code,
    region_name,
    full_name,
    parent_code,
    level,
    valid_from,
    valid_to,
    true as is_registered
from {{ ref('stg_region') }}

union all

select
    named.region_code,
    coalesce(named.region_name, named.region_code),
    coalesce(named.region_name, named.region_code),
    cast(null as varchar),
    -- GB/T 2260: two digits each for province, city and county, filled up with zeros.
    case
        when named.region_code like '%0000' then 'province'
        when named.region_code like '%00' then 'city'
        else 'county'
    end,
    cast(null as date),
    cast(null as date),
    false
from named
left join {{ ref('stg_region') }} as registered on named.region_code = registered.region_code
where registered.region_code is null
