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
