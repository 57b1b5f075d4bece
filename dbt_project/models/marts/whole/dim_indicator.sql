with breaks as (
    select
        indicator_id,
        {{ ordered_list('first_year', 'first_year') }} as series_breaks
    from {{ source('raw', 'series_break') }}
    group by indicator_id
)

select
    indicator.indicator_id,
    indicator.label,
    indicator.label_en,
    indicator.unit,
    indicator.kind,
    coalesce(breaks.series_breaks, {{ year_list() }}) as series_breaks
from {{ ref('stg_indicator') }} as indicator
left join breaks on indicator.indicator_id = breaks.indicator_id
