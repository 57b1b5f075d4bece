{#- Figures whose span of the edition's text holds something else than the figure's text. -#}
{% test span_is_the_text(model) %}
select figure.figure_id, figure.text, {{ span_of('edition.text', 'figure.start_offset', 'figure.end_offset') }} as found
from {{ ref('stg_figure') }} as figure
inner join {{ model }} as edition on figure.edition_id = edition.edition_id
where figure.text <> {{ span_of('edition.text', 'figure.start_offset', 'figure.end_offset') }}
{% endtest %}
