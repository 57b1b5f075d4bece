{#- Texts that are not as long as they were when they were read. -#}
{% test text_is_whole(model) %}
select edition.edition_id, edition.report_id, edition.n_chars, length(whole.text) as found
from {{ source('raw', 'edition') }} as edition
inner join {{ model }} as whole on edition.edition_id = whole.edition_id
where edition.n_chars <> length(whole.text)
{% endtest %}
