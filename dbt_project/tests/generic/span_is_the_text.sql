{#- Figures whose span of the edition's text holds something else than the figure's text. -#}
{% test span_is_the_text(model) %}
select figure.figure_id, figure.text, {{ span_of('whole.text', 'figure.start_offset', 'figure.end_offset') }} as found
from {{ source('raw', 'figure') }} as figure
inner join {{ model }} as whole on figure.edition_id = whole.edition_id
where figure.text <> {{ span_of('whole.text', 'figure.start_offset', 'figure.end_offset') }}
{% endtest %}
