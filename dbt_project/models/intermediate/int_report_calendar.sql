-- The legal days of every kind and report year that reports are owed or known for.
with asked as (
    select
        expectation.report_kind,
        years.report_year
    from (
        select
            report_kind,
            min(first_year) as first_year
        from {{ ref('stg_expectation') }}
        group by report_kind
    ) as expectation
    inner join {{ year_spine(1990, 2100) }} as years
        on years.report_year between expectation.first_year and {{ year_of_today() }}
    union
    select
        report_kind,
        report_year
    from {{ ref('fct_edition') }}
),

-- A kind's own calendar wins over the one that holds for all kinds.
ranked as (
    select
        asked.report_kind,
        asked.report_year,
        {{ day_of('asked.report_year + 1', 'calendar.due_month', 'calendar.due_day') }} as due_date,
        {{ day_of('asked.report_year + 1', 'calendar.publish_month', 'calendar.publish_day') }} as publish_by,
        {{ day_of('asked.report_year + 2', 'calendar.missing_month', 'calendar.missing_day') }} as missing_from,
        row_number() over (
            partition by asked.report_kind, asked.report_year
            order by case when calendar.report_kind = '*' then 1 else 0 end, calendar.first_report_year desc
        ) as precedence
    from asked
    inner join {{ ref('report_calendar') }} as calendar
        on
            calendar.report_kind in (asked.report_kind, '*')
            and asked.report_year between calendar.first_report_year and calendar.last_report_year
)

select
    report_kind,
    report_year,
    due_date,
    publish_by,
    missing_from
from ranked
where precedence = 1
