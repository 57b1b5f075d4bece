{%- set today = "cast('" ~ var('as_of_date') ~ "' as date)" -%}

with owed as (
    select
        expectation.issuer_id,
        expectation.report_kind,
        years.report_year
    from {{ ref('stg_expectation') }} as expectation
    cross join {{ year_spine(1990, 'cast(extract(year from ' ~ today ~ ') as bigint)') }} as years
    where years.report_year >= expectation.first_year
),

-- A kind's own calendar wins over the one that holds for all kinds.
scheduled as (
    select
        owed.*,
        {{ day_of('owed.report_year + 1', 'calendar.due_month', 'calendar.due_day') }} as due_date,
        {{ day_of('owed.report_year + 1', 'calendar.publish_month', 'calendar.publish_day') }} as publish_by,
        row_number() over (
            partition by owed.issuer_id, owed.report_kind, owed.report_year
            order by case when calendar.report_kind = '*' then 1 else 0 end, calendar.first_report_year desc
        ) as precedence
    from owed
    inner join {{ ref('report_calendar') }} as calendar
        on
            calendar.report_kind in (owed.report_kind, '*')
            and owed.report_year between calendar.first_report_year and calendar.last_report_year
)

select
    scheduled.issuer_id,
    issuer.region_code,
    scheduled.report_kind,
    scheduled.report_year,
    case
        when report.report_id is not null then 'published'
        when {{ today }} < scheduled.due_date then 'not_due'
        when {{ today }} < scheduled.publish_by then 'due'
        else 'late'
    end as state,
    scheduled.due_date,
    scheduled.publish_by,
    report.report_id,
    report.published_date,
    {{ today }} as as_of_date
from scheduled
left join {{ ref('dim_issuer') }} as issuer on scheduled.issuer_id = issuer.issuer_id
left join {{ ref('fct_report') }} as report
    on
        scheduled.issuer_id = report.issuer_id
        and scheduled.report_kind = report.report_kind
        and scheduled.report_year = report.report_year
where scheduled.precedence = 1
