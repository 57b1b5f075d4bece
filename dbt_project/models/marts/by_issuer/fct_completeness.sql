-- Each report beside the parts that are prescribed for its kind and year.
with prescribed as (
    select
        report.report_id,
        report.edition_id,
        part.part,
        part.position,
        part.thin_below,
        row_number() over (
            partition by report.report_id, part.part
            order by case when part.report_kind = '*' then 1 else 0 end, part.first_report_year desc
        ) as precedence
    from {{ changed(ref('fct_report')) }} as report
    inner join {{ ref('prescribed_part') }} as part
        on
            part.report_kind in (report.report_kind, '*')
            and report.report_year between part.first_report_year and part.last_report_year
),

-- Sections lie in one another; of a part only its outermost ones are counted.
outermost as (
    select
        section.edition_id,
        section.kind,
        section.ordinal,
        section.body_end_offset - section.end_offset as n_chars
    from {{ changed(ref('fct_section')) }} as section
    left join {{ changed(ref('fct_section')) }} as above
        on section.edition_id = above.edition_id and section.parent_ordinal = above.ordinal
    where section.is_current and (above.kind is null or above.kind <> section.kind)
),

lengths as (
    select
        edition_id,
        kind,
        sum(n_chars) as n_chars
    from outermost
    group by edition_id, kind
),

judged as (
    select
        prescribed.report_id,
        prescribed.part,
        prescribed.position,
        coalesce(lengths.n_chars, 0) as n_chars,
        lengths.kind is not null as is_present,
        lengths.kind is not null and lengths.n_chars < prescribed.thin_below as is_thin
    from prescribed
    left join lengths on prescribed.edition_id = lengths.edition_id and prescribed.part = lengths.kind
    where prescribed.precedence = 1
),

gathered as (
    select
        report_id,
        count(*) as n_prescribed,
        sum(case when is_present then 1 else 0 end) as n_present,
        {{ ordered_list_where('part', 'position', 'is_present') }} as parts_present,
        {{ ordered_list_where('part', 'position', 'not is_present') }} as parts_missing,
        {{ ordered_list_where('part', 'position', 'is_thin') }} as parts_thin,
        max(case when part = 'measures' then n_chars end) as measures_chars,
        max(case when part = 'problems' then n_chars end) as problems_chars,
        max(case when part = 'responsibility' then n_chars end) as responsibility_chars,
        max(case when part = 'plan' then n_chars end) as plan_chars,
        max(case when part = 'other' then n_chars end) as other_chars
    from judged
    group by report_id
)

select
    report.report_id,
    report.issuer_id,
    report.region_code,
    report.report_kind,
    report.report_year,
    report.n_chars,
    gathered.n_prescribed,
    cast(gathered.n_present as bigint) as n_present,
    gathered.parts_present,
    gathered.parts_missing,
    gathered.parts_thin,
    cast(gathered.measures_chars as bigint) as measures_chars,
    cast(gathered.problems_chars as bigint) as problems_chars,
    cast(gathered.responsibility_chars as bigint) as responsibility_chars,
    cast(gathered.plan_chars as bigint) as plan_chars,
    cast(gathered.other_chars as bigint) as other_chars
from {{ changed(ref('fct_report')) }} as report
inner join gathered on report.report_id = gathered.report_id
