{#-
  A build makes everything anew, or, with the variable changed_only, what belongs to the issuers in raw.changed_issuer.
  Both give the same rows: models select from `changed(relation)`, and forget_changed runs before them.
-#}

{#- The rows of a relation with a column issuer_id that this build makes anew. -#}
{% macro changed(relation) -%}
    {%- if var('changed_only', false) -%}
        (select * from {{ relation }} where issuer_id in (select issuer_id from raw.changed_issuer))
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{#- Pre-hook of incremental models: takes out the rows that are about to be made anew. -#}
{% macro forget_changed() -%}
    {%- if var('changed_only', false) -%}
        delete from {{ this.include(database=false) }}
        where issuer_id in (select issuer_id from raw.changed_issuer)
    {%- else -%}
        select 1
    {%- endif -%}
{%- endmacro %}

{#- Tests of an incremental model look at the rows that this build made. -#}
{% macro get_where_subquery(relation) -%}
    {%- set conditions = [] -%}
    {%- if execute and var('changed_only', false) -%}
        {%- for node in graph.nodes.values() if node.name == relation.identifier and node.resource_type == 'model' -%}
            {%- if node.config.materialized == 'incremental' or node.config.meta.get('by_issuer') -%}
                {%- do conditions.append('issuer_id in (select issuer_id from raw.changed_issuer)') -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if config.get('where') -%}
        {%- do conditions.append(config.get('where')) -%}
    {%- endif -%}
    {%- if conditions -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ conditions | join(' and ') ~ ')') }}
    {%- else -%}
        {{ return(relation) }}
    {%- endif -%}
{%- endmacro %}

{#- Whole tables are written in the order in which they are asked for, so that a question reads few blocks. -#}
{% macro in_order(columns) -%}
    {%- if not var('changed_only', false) -%} order by {{ columns }} {%- endif -%}
{%- endmacro %}
