select
    issuer.issuer_name,
    issuer.region_name,
    figure.report_year,
    indicator.label as indicator,
    indicator.label_en as indicator_en,
    figure.measure,
    figure.value,
    figure.value_max,
    figure.unit,
    figure.qualifier,
    figure.text,
    figure.fact_year,
    figure.scope,
    figure.is_target,
    figure.period_start,
    figure.period_end,
    figure.section_kind,
    figure.sentence,
    report.title,
    report.published_date,
    report.url,
    figure.figure_id,
    figure.indicator_id,
    figure.report_id,
    figure.issuer_id,
    figure.region_code,
    figure.edition_id
from {{ ref('fct_figure') }} as figure
left join {{ ref('fct_report') }} as report on figure.report_id = report.report_id
left join {{ ref('dim_issuer') }} as issuer on figure.issuer_id = issuer.issuer_id
left join {{ ref('dim_indicator') }} as indicator on figure.indicator_id = indicator.indicator_id
where figure.is_current
