{#- Values that the other relation does not have. Where only a part was made anew, its values are in the other's part. -#}
{% test relationships(model, column_name, to, field) %}
select child.{{ column_name }}, count(*) as n_rows
from {{ model }} as child
left join {{ get_where_subquery(to) if model | string | trim | truncate(8, True, '') == 'changed.' else to }} as parent
    on child.{{ column_name }} = parent.{{ field }}
where child.{{ column_name }} is not null and parent.{{ field }} is null
group by child.{{ column_name }}
{% endtest %}
