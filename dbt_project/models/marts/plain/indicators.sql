with stated as (
    select
        indicator_id,
        count(*) as n_values,
        count(distinct issuer_id) as n_issuers,
        min(fact_year) as first_year,
        max(fact_year) as last_year
    from {{ ref('fct_indicator_year') }}
    group by indicator_id
)

select
    indicator.indicator_id,
    indicator.label as indicator,
    indicator.label_en as indicator_en,
    indicator.unit,
    indicator.kind,
    coalesce(stated.n_values, 0) as n_values,
    coalesce(stated.n_issuers, 0) as n_issuers,
    stated.first_year,
    stated.last_year
from {{ ref('dim_indicator') }} as indicator
left join stated on indicator.indicator_id = stated.indicator_id
