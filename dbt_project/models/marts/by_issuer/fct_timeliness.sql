select
    report.report_id,
    report.issuer_id,
    report.region_code,
    report.report_kind,
    report.report_year,
    report.published_date,
    calendar.publish_by,
    {{ days_between('calendar.publish_by', 'report.published_date') }} + 1 as days_late,
    case
        when report.published_date is null then 'unknown'
        when report.published_date < calendar.publish_by then 'on_time'
        else 'late'
    end as state,
    report.signed_date,
    calendar.due_date,
    {{ days_between('calendar.due_date', 'report.signed_date') }} + 1 as days_signed_late,
    -- Where no day is stated: it was there at the latest when it was first seen.
    report.first_seen_at
from {{ changed(ref('fct_report')) }} as report
inner join {{ ref('int_report_calendar') }} as calendar
    on report.report_kind = calendar.report_kind and report.report_year = calendar.report_year
