-- Each self-reported problem with the years in which the same one comes back.
with alike as (
    select
        edition_id,
        ordinal,
        other_edition_id,
        other_ordinal,
        score
    from {{ source('raw', 'shortcoming_recurrence') }}
    union
    select
        other_edition_id,
        other_ordinal,
        edition_id,
        ordinal,
        score
    from {{ source('raw', 'shortcoming_recurrence') }}
),

problem as (
    select *
    from {{ changed(ref('fct_statement')) }} as statement
    where is_current and kind = 'shortcoming'
),

matched as (
    select
        alike.edition_id,
        alike.ordinal,
        other.report_year,
        other.report_kind,
        other.edition_id as other_edition_id,
        other.ordinal as other_ordinal,
        alike.score
    from alike
    inner join problem as other
        on alike.other_edition_id = other.edition_id and alike.other_ordinal = other.ordinal
),

gathered as (
    select
        problem.edition_id,
        problem.ordinal,
        {{ distinct_list('matched.report_year') }} as other_years,
        max(matched.score) as best_score,
        {{ ordered_list_where("matched.other_edition_id || '#' || matched.other_ordinal",
            'matched.report_year, matched.other_edition_id, matched.other_ordinal', 'matched.edition_id is not null') }}
            as matches
    from problem
    left join matched
        on
            problem.edition_id = matched.edition_id
            and problem.ordinal = matched.ordinal
            and problem.report_kind = matched.report_kind
            and problem.report_year <> matched.report_year
    group by problem.edition_id, problem.ordinal
)

select
    problem.edition_id,
    problem.ordinal,
    problem.report_id,
    problem.issuer_id,
    problem.region_code,
    problem.report_kind,
    problem.report_year,
    problem.text as shortcoming,
    problem.start_offset,
    problem.end_offset,
    {{ with_element('gathered.other_years', 'problem.report_year') }} as years,
    len(gathered.other_years) + 1 as n_years,
    least(list_min(gathered.other_years), problem.report_year) as first_year,
    gathered.best_score,
    gathered.matches
from problem
inner join gathered on problem.edition_id = gathered.edition_id and problem.ordinal = gathered.ordinal
