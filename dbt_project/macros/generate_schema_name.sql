{#- A schema is named as configured, without the target's schema in front; marts go to the target's schema, main. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
