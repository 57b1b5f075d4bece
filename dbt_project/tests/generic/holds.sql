{#- Rows for which a condition does not hold (unknown counts as not holding). -#}
{% test holds(model, condition) %}
select *
from {{ model }}
where ({{ condition }}) is not true
{% endtest %}
