-- What the next year's report says about each commitment.
select
    promised.edition_id,
    promised.ordinal,
    promised.report_id,
    promised.issuer_id,
    promised.region_code,
    promised.report_kind,
    promised.report_year,
    promised.text as commitment,
    promised.start_offset,
    promised.end_offset,
    later.report_id as later_report_id,
    later.edition_id as later_edition_id,
    case
        when later.report_id is null then 'no_later_report'
        when followup.passage is null then 'nothing_found'
        else 'found'
    end as verdict,
    followup.score,
    followup.passage,
    followup.passage_start,
    followup.passage_end
from {{ changed(ref('fct_statement')) }} as promised
left join {{ changed(ref('fct_report')) }} as later
    on
        promised.issuer_id = later.issuer_id
        and promised.report_kind = later.report_kind
        and promised.report_year + 1 = later.report_year
left join {{ source('raw', 'commitment_followup') }} as followup
    on
        promised.edition_id = followup.edition_id
        and promised.ordinal = followup.ordinal
        and later.edition_id = followup.later_edition_id
where promised.is_current and promised.kind = 'commitment'
