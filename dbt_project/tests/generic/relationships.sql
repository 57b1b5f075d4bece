{#- Values that the other relation does not have. Of a relation that is made anew in part, only that part is looked at. -#}
{% test relationships(model, column_name, to, field) %}
select child.{{ column_name }}, count(*) as n_rows
from {{ model }} as child
left join {{ get_where_subquery(to) if 'raw.changed_issuer' in model | string else to }} as parent on child.{{ column_name }} = parent.{{ field }}
where child.{{ column_name }} is not null and parent.{{ field }} is null
group by child.{{ column_name }}
{% endtest %}
