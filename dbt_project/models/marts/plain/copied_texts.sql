select
    issuer.issuer_name,
    issuer.region_name,
    reuse.report_year,
    reuse.share_copied,
    reuse.novelty,
    reuse.n_paragraphs,
    reuse.n_copied,
    reuse.n_edited,
    reuse.later_report_id,
    reuse.earlier_report_id,
    reuse.issuer_id,
    reuse.region_code
from {{ ref('fct_text_reuse') }} as reuse
left join {{ ref('dim_issuer') }} as issuer on reuse.issuer_id = issuer.issuer_id
