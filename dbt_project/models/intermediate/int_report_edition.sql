-- When each edition was seen, and which edition of a report is the current one.
with seen as (
    select
        edition_id,
        min(fetched_at) as first_seen_at,
        max(fetched_at) as last_seen_at,
        count(*) as n_captures
    from {{ ref('stg_capture') }}
    where edition_id is not null
    group by edition_id
)

select
    edition.*,
    seen.first_seen_at,
    seen.last_seen_at,
    seen.n_captures,
    -- A page that goes back to an older text makes the older edition current again: its capture was seen last.
    row_number() over (
        partition by edition.report_id
        order by seen.last_seen_at desc, edition.edition_id
    ) = 1 as is_current
from {{ ref('stg_edition') }} as edition
inner join seen on edition.edition_id = seen.edition_id
