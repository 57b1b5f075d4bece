{#- What is written differently in other databases stands here, once. -#}

{#- The values of a column as a list, in a given order (array_agg in most databases). -#}
{% macro ordered_list(column, order_by) -%}
    list({{ column }} order by {{ order_by }})
{%- endmacro %}

{#- A table expression with one column report_year: the whole years from first to last. -#}
{% macro year_spine(first, last) -%}
    (select cast(unnest(generate_series({{ first }}, {{ last }})) as bigint) as report_year)
{%- endmacro %}

{#- The first or last day of a year. -#}
{% macro first_day(year) -%} make_date({{ year }}, 1, 1) {%- endmacro %}
{% macro last_day_of(year) -%} make_date({{ year }}, 12, 31) {%- endmacro %}
{% macro day_of(year, month, day) -%} make_date({{ year }}, {{ month }}, {{ day }}) {%- endmacro %}

{#- A date without its year as a number: 1130 is 30 November. The end of February is one day in all years. -#}
{% macro day_in_year(day) -%}
    case
        when extract(month from {{ day }}) = 2 and extract(day from {{ day }}) = 29 then 228
        else extract(month from {{ day }}) * 100 + extract(day from {{ day }})
    end
{%- endmacro %}

{#- A JSON array of strings as a list of strings. -#}
{% macro string_list(column) -%} cast(from_json({{ column }}, '["VARCHAR"]') as varchar[]) {%- endmacro %}

{#- A piece of a text by 0-based offsets in characters, end exclusive. -#}
{% macro span_of(text, start_offset, end_offset) -%}
    substring({{ text }}, {{ start_offset }} + 1, {{ end_offset }} - {{ start_offset }})
{%- endmacro %}

{#- One row per element of a list. -#}
{% macro each_of(column) -%} unnest({{ column }}) {%- endmacro %}

{#- The name of a law or policy as it is cited: without its marks, blanks, and what stands in brackets behind it. -#}
{% macro instrument_of(text) -%}
    regexp_replace(
        translate(nfc_normalize({{ text }}), '《》〈〉（） 　', '《》《》()'),
        '^《+|\s|(\([^()]*(年|版|试行|修订|修正|暂行|征求意见稿|草案)[^()]*\))*》*$', '', 'g'
    )
{%- endmacro %}

{#- The day against which the calendar of duties is read, and its year. -#}
{% macro today() -%} cast('{{ var('as_of_date') }}' as date) {%- endmacro %}
{% macro year_of_today() -%} cast(extract(year from {{ today() }}) as bigint) {%- endmacro %}

{#- Whole days from one date to another, negative where the other comes first. -#}
{% macro days_between(first, second) -%} date_diff('day', {{ first }}, {{ second }}) {%- endmacro %}

{#- The values of a column where a condition holds, as a list in a given order; an empty list where it never does. -#}
{% macro ordered_list_where(column, order_by, condition) -%}
    coalesce(list({{ column }} order by {{ order_by }}) filter (where {{ condition }}), {{ string_list("'[]'") }})
{%- endmacro %}

{#- The distinct values of a column as a sorted list, empty where there are none. -#}
{% macro distinct_list(column) -%}
    list_sort(coalesce(list(distinct {{ column }}) filter (where {{ column }} is not null), cast([] as bigint[])))
{%- endmacro %}

{#- A sorted list with one more element. -#}
{% macro with_element(values, element) -%} list_sort(list_append({{ values }}, {{ element }})) {%- endmacro %}

{#- Whether a text contains another. -#}
{% macro contains(text, part) -%} position({{ part }} in {{ text }}) > 0 {%- endmacro %}

{#- An empty list of years. -#}
{% macro year_list() -%} cast([] as bigint[]) {%- endmacro %}

{#- Descriptions of columns as comments; DuckLake keeps none for the columns of a view. -#}
{% macro duckdb__alter_column_comment(relation, column_dict) %}
    {%- if not (target.name == 'lake' and relation.type == 'view') -%}
        {%- set existing = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
        {%- for name in column_dict if name in existing %}
            comment on column {{ relation }}.{{ adapter.quote(name) if column_dict[name]['quote'] else name }}
                is {{ duckdb_escape_comment(column_dict[name]['description']) }};
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
