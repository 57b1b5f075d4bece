-- Each edition with when it was known, and whether it is the current one of its report.
with seen as (
    select
        capture.edition_id,
        min(capture.fetched_at) as first_seen_at,
        max(capture.fetched_at) as last_seen_at,
        count(*) as n_captures,
        -- Withdrawn is a text that no address gives any more; a file that was imported is none.
        case when count(case when capture.url not like 'file:%' then 1 end) = count(withdrawal.url) then max(withdrawal.withdrawn_at) end as withdrawn_at
    from {{ source('raw', 'capture') }} as capture
    left join {{ source('raw', 'withdrawal') }} as withdrawal
        on capture.url = withdrawal.url and capture.fetched_at <= withdrawal.withdrawn_at
    where capture.edition_id in (select edition_id from {{ source('raw', 'edition') }})
    group by capture.edition_id
),

ranked as (
    select
        edition.*,
        seen.first_seen_at,
        seen.last_seen_at,
        seen.n_captures,
        seen.withdrawn_at,
        -- A page that goes back to an older text makes the older edition current again: its capture was seen last.
        row_number() over (
            partition by edition.report_id
            order by seen.last_seen_at desc, edition.edition_id
        ) as recency
    from {{ source('raw', 'edition') }} as edition
    inner join seen on edition.edition_id = seen.edition_id
),

-- What replaced a text: the next look at its report that showed another one.
replaced as (
    select
        ranked.edition_id,
        min(capture.fetched_at) as replaced_at
    from ranked
    inner join ranked as other
        on ranked.report_id = other.report_id and ranked.edition_id <> other.edition_id
    inner join {{ source('raw', 'capture') }} as capture
        on other.edition_id = capture.edition_id and capture.fetched_at > ranked.last_seen_at
    group by ranked.edition_id
)

select
    ranked.edition_id,
    ranked.report_id,
    ranked.issuer_id,
    ranked.issuer_name,
    ranked.issuer_registered,
    nullif(ranked.issuer_level, '') as issuer_level,
    nullif(ranked.department_type, '') as department_type,
    nullif(ranked.region_code, '') as region_code,
    nullif(ranked.region_name, '') as region_name,
    ranked.report_kind,
    ranked.report_year,
    ranked.title,
    ranked.doc_number,
    ranked.signer,
    ranked.signed_date,
    ranked.published_date,
    ranked.source_line,
    ranked.recipient,
    ranked.n_chars,
    ranked.ocr_confidence,
    ranked.evidence,
    capture.url,
    capture.source_id,
    ranked.capture_id,
    capture.batch,
    capture.segment as archive_segment,
    capture.record_offset as archive_offset,
    capture.media_type,
    ranked.first_seen_at,
    ranked.last_seen_at,
    ranked.n_captures,
    ranked.first_seen_at as known_from,
    coalesce(replaced.replaced_at, ranked.withdrawn_at) as known_to,
    ranked.recency = 1 as is_current,
    ranked.recency = 1 and ranked.withdrawn_at is not null as is_withdrawn,
    ranked.rules_version
from ranked
inner join {{ source('raw', 'capture') }} as capture on ranked.capture_id = capture.capture_id
left join replaced on ranked.edition_id = replaced.edition_id
{{ in_order('ranked.issuer_id, ranked.report_year, ranked.edition_id') }}
