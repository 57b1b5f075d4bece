with whole as (
    -- Only figures that others are parts of: the build side stays small.
    select
        figure_id,
        indicator_id
    from {{ source('raw', 'figure') }}
    where figure_id in (
        select parent_figure_id from {{ source('raw', 'figure') }} where parent_figure_id is not null
    )
)

select
    figure.figure_id,
    edition.report_id,
    edition.issuer_id,
    edition.region_code,
    edition.report_kind,
    edition.report_year,
    figure.edition_id,
    edition.is_current,
    figure.ordinal,
    figure.start_offset,
    figure.end_offset,
    figure.text,
    figure.value,
    figure.value_max,
    figure.unit,
    figure.qualifier,
    figure.measure,
    figure.indicator_id,
    figure.scope,
    figure.fact_year,
    figure.is_target,
    figure.direction,
    figure.period_text,
    figure.period_start,
    figure.period_end,
    figure.parent_figure_id,
    whole.indicator_id as parent_indicator_id,
    figure.yoy_of_figure_id,
    figure.rate_of_figure_id,
    figure.section_ordinal,
    figure.section_kind,
    figure.sentence,
    figure.rule,
    figure.rules_version,
    figure.capture_id,
    edition.url
from {{ source('raw', 'figure') }} as figure
inner join {{ ref('fct_edition') }} as edition on figure.edition_id = edition.edition_id
left join whole on figure.parent_figure_id = whole.figure_id
