{#- Digits behind the point of a decimal with six of them, without zeros at the end. -#}
{% macro decimals_of(value) -%}
    length(rtrim(split_part(cast({{ value }} as varchar), '.', 2), '0'))
{%- endmacro %}

{#-
  Whether a computed change is the stated one, to the digits that are stated. 余 and 多 state a lower bound within a tenth,
  近 an upper one, 约 either; at_least and at_most bound one side only.
-#}
{% macro agrees(computed, stated, precision, qualifier) -%}
    case {{ qualifier }}
        when 'exact' then abs({{ computed }} - {{ stated }}) <= {{ precision }} + 0.000001
        when 'about' then abs({{ computed }} - {{ stated }}) <= {{ precision }} + 0.1 * abs({{ stated }})
        when 'approx_over' then
            sign({{ computed }}) = sign({{ stated }})
            and abs({{ computed }}) between abs({{ stated }}) - {{ precision }}
            and abs({{ stated }}) * 1.1 + 10 * {{ precision }}
        when 'approx_under' then
            sign({{ computed }}) = sign({{ stated }})
            and abs({{ computed }}) between abs({{ stated }}) * 0.9 - 10 * {{ precision }}
            and abs({{ stated }}) + {{ precision }}
        when 'at_least' then
            sign({{ computed }}) = sign({{ stated }}) and abs({{ computed }}) >= abs({{ stated }}) - {{ precision }}
        else
            sign({{ computed }}) = sign({{ stated }}) and abs({{ computed }}) <= abs({{ stated }}) + {{ precision }}
    end
{%- endmacro %}
