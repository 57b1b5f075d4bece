-- Values of whole years that may stand beside those of other bodies.
select
    year_value.issuer_id,
    year_value.indicator_id,
    year_value.fact_year,
    year_value.scope,
    issuer.region_code,
    issuer.level,
    issuer.department_type,
    year_value.unit,
    year_value.value,
    year_value.is_exact
from {{ ref('fct_indicator_year') }} as year_value
inner join {{ ref('dim_issuer') }} as issuer on year_value.issuer_id = issuer.issuer_id
where
    year_value.is_full_year
    and year_value.n_best_values = 1
    and issuer.level is not null
    and issuer.department_type is not null
