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
    cell.value_max,
    cell.unit,
    cell.qualifier,
    cell.is_exact,
    cell.is_full_year,
    cell.period_start,
    cell.period_end,
    cell.n_best_values,
    report.title,
    report.url,
    cell.chosen_figure_id as figure_id,
    cell.indicator_id,
    cell.report_id,
    cell.issuer_id,
    issuer.region_code
from {{ ref('fct_indicator_year') }} as cell
left join {{ ref('fct_report') }} as report on cell.report_id = report.report_id
left join {{ ref('dim_issuer') }} as issuer on cell.issuer_id = issuer.issuer_id
left join {{ ref('dim_indicator') }} as indicator on cell.indicator_id = indicator.indicator_id
