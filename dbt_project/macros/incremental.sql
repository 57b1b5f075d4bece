{#-
  A build makes everything anew, or, with the variable changed_only, what belongs to the issuers in raw.changed_issuer
  (macros/materialization.sql). Both give the same rows, because models select from `changed(relation)`.
-#}

{#- The rows of a relation that this build makes anew: of an incremental model its part, else those of changed issuers. -#}
{% macro changed(relation) -%}
    {%- if not var('changed_only', false) -%}
        {{ relation }}
    {%- elif made_in_parts(relation) -%}
        changed.{{ relation.identifier }}
    {%- else -%}
        (select * from {{ relation }} where issuer_id in (select issuer_id from raw.changed_issuer))
    {%- endif -%}
{%- endmacro %}

{#- Whether a relation is an incremental model of this project. -#}
{% macro made_in_parts(relation) -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.name == relation.identifier and node.resource_type == 'model' -%}
            {%- if node.config.materialized == 'incremental' -%} {%- do found.append(node.name) -%} {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found | length > 0) }}
{%- endmacro %}

{#- Views whose rows belong to one issuer each. -#}
{% macro by_issuer_views() -%} {{ return(['int_indicator_figure', 'int_peer_value']) }} {%- endmacro %}

{#- Tests look at what this build made. -#}
{% macro get_where_subquery(relation) -%}
    {%- set rows = relation -%}
    {%- if execute and var('changed_only', false) and made_in_parts(relation) -%}
        {%- set rows = 'changed.' ~ relation.identifier -%}
    {%- elif var('changed_only', false) and relation.identifier in by_issuer_views() -%}
        {%- set rows = changed(relation) -%}
    {%- endif -%}
    {%- if config.get('where') -%}
        {{ return('(select * from ' ~ rows ~ ' where ' ~ config.get('where') ~ ')') }}
    {%- else -%}
        {{ return(rows) }}
    {%- endif -%}
{%- endmacro %}

{#- Whole tables are written in the order in which they are asked for, so that a question reads few blocks. -#}
{% macro in_order(columns) -%}
    {%- if not var('changed_only', false) -%} order by {{ columns }} {%- endif -%}
{%- endmacro %}
