select
    piece.edition_id,
    piece.ordinal,
    piece.parent_ordinal,
    piece.level,
    piece.kind,
    piece.subkind,
    piece.heading,
    piece.start_offset,
    piece.end_offset,
    piece.body_end_offset,
    edition.report_id,
    edition.issuer_id,
    edition.region_code,
    edition.report_kind,
    edition.report_year,
    edition.is_current,
    piece.capture_id
from {{ source('raw', 'section') }} as piece
inner join {{ ref('fct_edition') }} as edition on piece.edition_id = edition.edition_id
{{ in_order('edition.issuer_id, edition.report_year, piece.edition_id, piece.ordinal') }}
