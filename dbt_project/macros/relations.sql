{#-
  Relations are written without the database's name: DuckDB names a database after its file, the candidate's file gets
  another name when it is released, and a view that spells the old name would be broken in the release.
-#}
{% macro ref() -%}
    {%- set relation = builtins.ref(*varargs, **kwargs) -%}
    {%- if relation.database is defined -%}
        {{ return(relation.include(database=false)) }}
    {%- else -%}
        {{ return(relation) }}
    {%- endif -%}
{%- endmacro %}

{% macro source() -%}
    {{ return(builtins.source(*varargs).include(database=false)) }}
{%- endmacro %}
