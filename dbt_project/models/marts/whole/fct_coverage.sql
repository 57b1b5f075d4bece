with owed as (
    select
        expectation.issuer_id,
        expectation.report_kind,
        calendar.report_year,
        calendar.due_date,
        calendar.publish_by,
        calendar.missing_from
    from {{ ref('stg_expectation') }} as expectation
    inner join {{ ref('int_report_calendar') }} as calendar
        on
            expectation.report_kind = calendar.report_kind
            and calendar.report_year between expectation.first_year and {{ year_of_today() }}
),

-- Files that could not be read and whose link says which report they are.
unreadable as (
    select
        told_issuer_id as issuer_id,
        told_report_kind as report_kind,
        told_report_year as report_year,
        max(capture_id) as capture_id
    from {{ source('raw', 'capture') }}
    where told_issuer_id is not null
    group by told_issuer_id, told_report_kind, told_report_year
),

-- Issuers of whom a report may lie where nobody has looked yet. Sources of which nothing is told count as read.
unexplored as (
    select distinct
        issuer_id,
        report_kind
    from {{ source('raw', 'exploration') }}
    where explored_at is null
)

select
    owed.issuer_id,
    issuer.region_code,
    owed.report_kind,
    owed.report_year,
    case
        when report.is_withdrawn then 'withdrawn'
        when report.report_id is not null then 'published'
        when unreadable.issuer_id is not null then 'unreadable'
        when {{ today() }} < owed.due_date then 'not_due'
        when {{ today() }} < owed.publish_by then 'due'
        when unexplored.issuer_id is not null then 'unexplored'
        when {{ today() }} < owed.missing_from then 'late'
        else 'missing'
    end as state,
    owed.due_date,
    owed.publish_by,
    owed.missing_from,
    report.report_id,
    report.published_date,
    case when report.report_id is null then unreadable.capture_id end as unreadable_capture_id,
    {{ today() }} as as_of_date
from owed
left join {{ ref('dim_issuer') }} as issuer on owed.issuer_id = issuer.issuer_id
-- A body that does not exist any more owes nothing for the years after, one that is new nothing for those before.
left join {{ ref('fct_report') }} as report
    on
        owed.issuer_id = report.issuer_id
        and owed.report_kind = report.report_kind
        and owed.report_year = report.report_year
left join unreadable
    on
        owed.issuer_id = unreadable.issuer_id
        and owed.report_kind = unreadable.report_kind
        and owed.report_year = unreadable.report_year
left join unexplored
    on
        owed.issuer_id = unexplored.issuer_id
        and owed.report_kind = unexplored.report_kind
where
    report.report_id is not null
    or (
        (issuer.valid_from is null or issuer.valid_from <= {{ last_day_of('owed.report_year') }})
        and (issuer.valid_to is null or issuer.valid_to >= {{ last_day_of('owed.report_year') }})
    )
order by owed.issuer_id, owed.report_kind, owed.report_year
