select
    piece.edition_id,
    piece.ordinal,
    piece.start_offset,
    piece.end_offset,
    piece.text,
    piece.kind,
    edition.report_id,
    edition.issuer_id,
    edition.region_code,
    edition.report_kind,
    edition.report_year,
    edition.is_current,
    piece.capture_id
from {{ source('raw', 'statement') }} as piece
inner join {{ ref('fct_edition') }} as edition on piece.edition_id = edition.edition_id
{{ in_order('edition.issuer_id, edition.report_year, piece.edition_id, piece.ordinal') }}
