select
    issuer.issuer_name,
    issuer.region_name,
    issuer.level,
    issuer.department_type,
    indicator.label as indicator,
    indicator.label_en as indicator_en,
    cell.fact_year,
    cell.scope,
    cell.value,
    cell.prior_value,
    cell.unit,
    cell.change,
    cell.change_unit,
    cell.change_percent,
    cell.comparability,
    cell.reason,
    cell.cause,
    cell.chosen_figure_id as figure_id,
    cell.prior_figure_id,
    cell.indicator_id,
    cell.issuer_id,
    issuer.region_code
from {{ ref('fct_indicator_yoy') }} as cell
left join {{ ref('dim_issuer') }} as issuer on cell.issuer_id = issuer.issuer_id
left join {{ ref('dim_indicator') }} as indicator on cell.indicator_id = indicator.indicator_id
