{#-
  The project's own `incremental`: a table that is made whole, or, with the variable changed_only, in part. The part is first
  a table of its own, in schema `changed`, from which other models and tests read instead of searching the whole.

  Config `replaces`: which rows of the table the part stands in for; those of the changed issuers where not said otherwise.
  Config `remembers`: columns of replaced rows that a later model has to know; kept as changed.former_<name>.
-#}
{% materialization incremental, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set ours = 'issuer_id in (select issuer_id from raw.changed_issuer)' -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is none or not var('changed_only', false) -%}
        {{ drop_relation_if_exists(existing) }}
        {%- call statement('main') -%}
            {{ create_table_as(False, target, compiled_code) }}
        {%- endcall -%}
        {%- do persist_docs(target, model) -%}
    {%- else -%}
        {%- set part = api.Relation.create(
            database=this.database, schema='changed', identifier=this.identifier, type='table') -%}
        {%- if config.get('remembers') -%}
            {%- call statement('remember') -%}
                create or replace table {{ part.incorporate(path={'identifier': 'former_' ~ this.identifier}) }} as
                select distinct {{ config.get('remembers') | join(', ') }} from {{ target }} where {{ ours }}
            {%- endcall -%}
        {%- endif -%}
        {%- call statement('main') -%}
            {{ create_table_as(False, part, compiled_code) }}
        {%- endcall -%}
        {%- call statement('forget') -%}
            delete from {{ target }} where {{ config.get('replaces', ours) }}
        {%- endcall -%}
        {%- call statement('add') -%}
            insert into {{ target }} by name select * from {{ part }}
        {%- endcall -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
