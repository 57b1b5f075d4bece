-- Wholes that reports divide (其中), and whether the parts add up.
with part as (
    select
        parent_figure_id,
        count(*) as n_parts,
        {{ ordered_list('figure_id', 'start_offset, figure_id') }} as part_figure_ids,
        sum(value) as parts_sum,
        count(distinct unit) as n_units,
        min(unit) as part_unit,
        sum(case when qualifier = 'exact' and value_max is null then 0 else 1 end) as n_not_exact
    from {{ changed(ref('fct_figure')) }} as figure
    where is_current and parent_figure_id is not null and direction is null
    group by parent_figure_id
),

judged as (
    select
        whole.*,
        part.n_parts,
        part.part_figure_ids,
        part.parts_sum,
        case
            when part.n_units > 1 or part.part_unit <> whole.unit then 'unit'
            when whole.unit in ('%', '‰') then 'share'
            when whole.qualifier <> 'exact' or whole.value_max is not null or part.n_not_exact > 0 then 'approximate'
        end as reason
    from {{ changed(ref('fct_figure')) }} as whole
    inner join part on whole.figure_id = part.parent_figure_id
)

select
    figure_id as parent_figure_id,
    report_id,
    issuer_id,
    report_year,
    edition_id,
    indicator_id,
    value as whole,
    unit,
    n_parts,
    case when reason is null then cast(parts_sum as decimal(28, 6)) end as parts_sum,
    part_figure_ids,
    case
        when reason is not null then 'uncheckable'
        when parts_sum = value then 'adds_up'
        when parts_sum < value then 'partial'
        else 'exceeds'
    end as verdict,
    reason,
    sentence
from judged
