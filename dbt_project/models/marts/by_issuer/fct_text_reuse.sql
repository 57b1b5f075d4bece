-- Reports of consecutive years of one issuer: how much of the later is taken from the earlier.
select
    later.report_id as later_report_id,
    earlier.report_id as earlier_report_id,
    later.issuer_id,
    later.region_code,
    later.report_kind,
    later.report_year,
    reuse.later_edition_id,
    reuse.earlier_edition_id,
    reuse.n_paragraphs,
    reuse.n_copied,
    reuse.n_edited,
    reuse.share_copied,
    reuse.novelty,
    reuse.passages
from {{ source('raw', 'text_reuse') }} as reuse
inner join {{ changed(ref('fct_report')) }} as later on reuse.later_edition_id = later.edition_id
inner join {{ changed(ref('fct_report')) }} as earlier on reuse.earlier_edition_id = earlier.edition_id
