"""The SQL that makes rows out of numbers, for benchmarks/warehouse_rows.py.

`prepare` gives a connection the phrases and macros, `read_batch` the readings (captures that hold a report) and the
figures of one batch; TABLES has a query per table of the lake, whose columns are at least those of the contract.
"""

# ruff: noqa: S608 - constants and names of the contract only

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa
from warehouse_phrases import (
    ADVERBS,
    CLOSERS,
    COMMITMENTS,
    INSTRUMENTS,
    LACKS,
    LOCAL_INSTRUMENTS,
    MIDDLES,
    OBJECTS,
    OPENERS,
    SECTIONS,
    SHORTCOMINGS,
)

_N_REFERENCES, _N_STATEMENTS = 12, 8

# What the figures of a report are, in the order of the text: role, and the figure that it hangs on. The first eight are
# values of indicators of the year; `indicator` roles carry the indicator of their root.
_SLOTS = (
    *(("value", root) for root in range(8)),
    ("change", 0), ("change", 1), ("change", 2), ("change", 3), ("prior", 0), ("target", 1), ("part_same", 2),
    ("part_same", 2), ("region", 4), ("again", 5), ("part", 3), ("part", 3), ("part", 3), ("rate", 5),
    *(("plain", number) for number in range(22, 32)),
)  # fmt: skip
_OF_INDICATOR = "('value', 'prior', 'target', 'part_same', 'region', 'again')"

_LISTS = {
    "opener": OPENERS, "object": OBJECTS, "middle": MIDDLES, "closer": CLOSERS, "shortcoming": SHORTCOMINGS, "lack": LACKS,
    "commitment": COMMITMENTS, "adverb": ADVERBS, "local_instrument": LOCAL_INSTRUMENTS,
    "counted": ("件", "次", "场", "份", "人次", "名", "项", "个"),
}  # fmt: skip


def prepare(
    connection: duckdb.DuckDBPyConnection,
    *,
    issuers: Sequence[tuple[str, ...]],
    indicators: Sequence[tuple[str, ...]],
    seed: int,
    first_year: int,
    rules: str,
) -> None:
    """Makes the tables issuer, indicator, section_plan, slot and instrument, and the macros, on a connection.

    issuers: id, name, region code and name, level, department type. indicators: id, label, unit.
    """
    _numbered(
        connection, "issuer", "issuer_id issuer_name region_code region_name level department_type", issuers
    )
    _numbered(connection, "indicator", "indicator_id label unit", indicators)
    _numbered(connection, "slot", "role root", [(role, str(root)) for role, root in _SLOTS])
    _numbered(connection, "instrument", "kind name", INSTRUMENTS)
    _numbered(
        connection, "section_plan", "level kind subkind heading", [(str(s[0]), *s[1:]) for s in SECTIONS]
    )
    connection.execute("alter table slot alter root type bigint")
    connection.execute("alter table section_plan alter level type bigint")
    for name, words in _LISTS.items():
        spelled = ", ".join(f"'{word}'" for word in words)
        connection.execute(f"create macro {name}_(n) as ([{spelled}])[1 + cast(n % {len(words)} as integer)]")
    for macro in (
        f"constants() as {{'seed': {seed}, 'first_year': {first_year}, 'rules': '{rules}'}}",
        # A number that stands for chance: below `below`, and the same for the same reasons.
        f"chance(why, below) as cast(hash(why, {seed}) % below as bigint)",
        # An issuer's true value of its n-th indicator in a year: a level of its own that moves by up to a quarter a year.
        """truth(issuer_no, root, year, unit) as case
            when unit = '%' then cast(60 + chance([issuer_no, root, year, 1], 400) / 10.0 as decimal(28, 6))
            else cast(round((4 + chance([issuer_no, root, 2], 400)) * (0.75 + chance([issuer_no, root, year, 3], 100) / 200.0))
                as decimal(28, 6))
            end""",
        """sentence_of(why, stated) as concat(opener_(hash(why, 11)), ',', stated, ',',
            middle_(hash(why, 12)), ',', middle_(hash(why, 13)), ',', closer_(hash(why, 14)),
            ',', closer_(hash(why, 15)), '。')""",
        "number_text(value) as case when value = floor(value) then cast(cast(value as bigint) as varchar)"
        " else cast(cast(value as decimal(18, 1)) as varchar) end",
    ):
        connection.execute(f"create macro {macro}")


def read_batch(connection: duckdb.DuckDBPyConnection, reports: str) -> None:
    """Makes the tables reading and stated of one batch. reports: a query that gives the column report_no."""
    connection.execute(_READING.format(reports=reports))
    connection.execute(_STATED)


def _numbered(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Sequence[tuple[str, ...]]
) -> None:
    given = pa.table(dict(zip(columns.split(), zip(*rows, strict=True), strict=True)))
    connection.register("given", given)
    connection.execute(f"create table {name} as select row_number() over () - 1 as {name}_no, * from given")
    connection.unregister("given")


# One row per capture that held a report. Edited: a second edition, 40 days later; found twice: another address.
_READING = """
create or replace temp table reading as
select
    report_no, edition_no, address_no, issuer.*,
    constants().first_year + report_no // n as report_year,
    concat_ws('-', report_no, edition_no) as edition_key,
    substr(md5(concat_ws('-', 'edition', report_no, edition_no, constants().seed)), 1, 20) as edition_id,
    concat('urn:uuid:', cast(md5(concat_ws('-', 'capture', report_no, edition_no, address_no, constants().seed)) as uuid))
        as capture_id,
    make_timestamptz(constants().first_year + report_no // n + 1, 4, 2, 1, 0, 0.0)
        + to_days(cast(edition_no * 40 as integer)) + to_seconds(chance([report_no, address_no, 21], 80000)) as fetched_at,
    2900 + chance([report_no, edition_no, 22], 200) as n_chars
from ({reports}) as asked
cross join (select count(*) as n from issuer) as counted
cross join (values (0, 0), (1, 0), (0, 1)) as variant (edition_no, address_no)
inner join issuer on issuer.issuer_no = report_no % n
where (edition_no = 0 or chance([report_no, 23], 100) < 3) and (address_no = 0 or chance([report_no, 24], 100) < 4)
"""

# One row per figure of a reading, before the links between figures: one body in ten leaves a value out each year.
_STATED = f"""
create or replace temp table stated as
with asked as (
    select
        reading.*, slot_no as ordinal, role, root, (report_no * 64 + slot_no) * 4 + edition_no as figure_no,
        case when role <> 'plain' then
            (hash(department_type, case when root < 5 then 0 else issuer_no end) % n + 17 * root) % n end as indicator_no
    from reading
    cross join slot
    cross join (select count(*) as n from indicator) as counted
    where chance([issuer_no, root, report_year, 32], 10) > 0
),
placed as (
    select
        asked.*, indicator.indicator_id, indicator.label, indicator.unit as indicator_unit, role in {_OF_INDICATOR} as of_indicator,
        case when role = 'plain' then cast(chance([issuer_no, ordinal, report_year, 31], 500) as decimal(28, 6))
            else truth(issuer_no, root, report_year, indicator.unit) end as now,
        truth(issuer_no, root, report_year - 1, indicator.unit) as before
    from asked
    left join indicator on asked.indicator_no = indicator.indicator_no
),
valued as (
    select *, cast(case role
        when 'value' then now + case when edition_no = 1 and chance([figure_no, 33], 5) = 0 then 1 else 0 end
        when 'change' then round(abs(case when indicator_unit = '%' then now - before else 100 * (now - before) / before end), 1)
            + case when chance([figure_no, 34], 20) = 0 then 7.3 else 0 end
        when 'prior' then before + case when chance([figure_no, 35], 5) = 0 then 2 else 0 end
        when 'target' then round(now * 1.1)
        when 'part_same' then case when ordinal % 2 = 0 then floor(now * 0.3) else now - floor(now * 0.3) end
        when 'region' then now * 9
        when 'again' then now + case when chance([figure_no, 36], 10) = 0 then 1 else 0 end
        when 'part' then case ordinal % 3 when 0 then floor(now * 0.2) when 1 then floor(now * 0.3)
            else now - floor(now * 0.2) - floor(now * 0.3) + case when chance([report_no, 37], 10) = 0 then 1 else 0 end end
        when 'rate' then chance([figure_no, 38], 1000) / 10.0
        else now end as decimal(28, 6)) as value,
        case when role in ('change', 'rate') then '%' when role = 'plain' then counted_(ordinal)
            when chance([figure_no, 39], 100) = 0 then '项' else indicator_unit end as unit,
        case when role in ('value', 'plain', 'again') and chance([figure_no, 40], 8) = 0 then 'approx_over' else 'exact' end as qualifier,
        role = 'value' and chance([issuer_no, root, report_year, 41], 12) = 0 as is_partial
    from placed
),
written as (
    select *, concat(number_text(value), case when qualifier = 'exact' then '' else '余' end, unit) as text,
        180 + ordinal * 80 + chance([figure_no, 42], 30) as start_offset
    from valued
)
select *, start_offset + length(text) as end_offset,
    concat(edition_id, ':', start_offset, '-', start_offset + length(text)) as figure_id
from written
"""

_FIGURE = """
select
    stated.*, coalesce(stated.label, object_(stated.ordinal)) as measure, constants().rules as rules_version,
    case when stated.role = 'region' then 'region' else 'own' end as scope,
    case stated.role when 'prior' then stated.report_year - 1 when 'target' then stated.report_year + 1
        else stated.report_year end as fact_year,
    stated.role = 'target' as is_target,
    case when stated.role = 'change' then if(stated.now >= stated.before, 'increase', 'decrease') end as direction,
    case when stated.is_partial then '1至10月' when stated.role = 'prior' then '上年' end as period_text,
    case when stated.is_partial then make_date(stated.report_year, 1, 1) end as period_start,
    case when stated.is_partial then make_date(stated.report_year, 10, 31) end as period_end,
    case when stated.role in ('part', 'part_same') then root.figure_id end as parent_figure_id,
    case when stated.role in ('part', 'part_same') then root.indicator_id end as parent_indicator_id,
    case when stated.role = 'change' then root.figure_id end as yoy_of_figure_id,
    case when stated.role = 'rate' then root.figure_id end as rate_of_figure_id,
    3 + stated.ordinal % 12 as section_ordinal, 'measures' as section_kind,
    sentence_of((stated.report_no * 64 + stated.root) * 4 + stated.edition_no,
        concat('全年', coalesce(stated.label, object_(stated.ordinal)), told.texts)) as sentence,
    'quantity.arabic' as rule
from (select * exclude (indicator_id), case when of_indicator then indicator_id end as indicator_id from stated) as stated
left join stated as root
    on stated.capture_id = root.capture_id and stated.root = root.ordinal and stated.ordinal <> root.ordinal
inner join (select capture_id, root, string_agg(text, ',其中' order by ordinal) as texts from stated group by all) as told
    on stated.capture_id = told.capture_id and stated.root = told.root
"""

_CAPTURE = """
with seen as (
    select *, 'report' as outcome, edition_id as held, address_no as other from reading
    union all by name
    select *, 'not_a_report' as outcome, null as held, 2 as other from reading where edition_no + address_no = 0 and chance([report_no, 51], 20) = 0
    union all by name
    select *, 'unreadable' as outcome, null as held, 3 as other from reading where edition_no + address_no = 0 and chance([report_no, 52], 200) = 0
)
select
    held as edition_id, concat('http://www.c', region_code, '.test/reports/', report_year, '/t', report_no, '_', other, '.html') as url,
    if(outcome = 'report', capture_id, concat('urn:uuid:', cast(md5(concat(capture_id, other)) as uuid))) as capture_id,
    concat(region_code, '-reports') as source_id, 'page' as role, concat(issuer_name, report_year, '年法治政府建设年度报告') as link_title,
    fetched_at, 200 as status, 'text/html; charset=utf-8' as media_type, sha256(concat(edition_key, other)) as payload_sha256,
    strftime(fetched_at, '%Y%m%dT010000Z-') || region_code || '-reports.warc.gz' as segment,
    chance([report_no, 53], 100000000) as record_offset, 4000 + chance([report_no, 54], 20000) as record_length,
    outcome, concat(issuer_name, ' ', report_year, ': ', outcome) as sentence, constants().rules as rules_version,
    if(outcome = 'unreadable', issuer_id, null) as told_issuer_id, if(outcome = 'unreadable', 'rule_of_law', null) as told_report_kind,
    if(outcome = 'unreadable', report_year + 20, null) as told_report_year
from seen
"""

_EDITION = """
select
    *, concat(issuer_id, '/rule_of_law/', report_year) as report_id, true as issuer_registered, level as issuer_level,
    'rule_of_law' as report_kind, concat(issuer_name, report_year, '年法治政府建设年度报告') as title,
    if(chance([report_no, 61], 3) = 0, concat('府法〔', report_year + 1, '〕', chance([report_no, 62], 90) + 1, '号'), null) as doc_number,
    make_date(report_year + 1, 1, 8) + cast(chance([report_no, 63], 60) as integer) as signed_date,
    if(chance([report_no, 64], 20) = 0, null, make_date(report_year + 1, 1, 10) + cast(chance([report_no, 65], 110) as integer)) as published_date,
    if(chance([report_no, 66], 2) = 0, issuer_name, null) as source_line, if(chance([report_no, 67], 3) = 0, '区委依法治区办', null) as recipient,
    if(chance([report_no, 68], 50) = 0, 0.9 + chance([report_no, 69], 100) / 1000.0, null) as ocr_confidence,
    '{"issuer": {"rule": "issuer.title", "place": "text", "confidence": "sure"}, "published_date": {"rule": "date.meta", "place": "meta",'
        || ' "confidence": "sure"}, "report_year": {"rule": "year.title", "place": "text", "confidence": "sure"}}' as evidence,
    constants().rules as rules_version
from reading
"""

# The figures at their places, with sentences between them that are written anew every first, second or third year.
_TEXT = """
with gaps as (
    select capture_id, edition_id, ordinal, issuer_no, report_year, text,
        start_offset - lag(end_offset, 1, 0) over (partition by capture_id order by ordinal) as gap
    from stated
    union all by name
    select capture_id, edition_id, 99 as ordinal, issuer_no, report_year, '' as text, any_value(n_chars) - max(end_offset) as gap
    from stated group by all
),
filled as (
    select *, sentence_of([issuer_no, ordinal, report_year // (1 + chance([issuer_no, ordinal, 71], 3))],
        concat('持续', object_(ordinal + issuer_no))) as sentence
    from gaps
)
select edition_id, capture_id,
    string_agg(concat(substr(repeat(sentence, cast(1 + gap // 40 as bigint)), 1, gap - 1), chr(10), text), '' order by ordinal) as text
from filled group by all
"""

_SECTION = """
select
    reading.*, section_plan_no as ordinal, if(level = 1, null, parent_no) as parent_ordinal, level, kind, subkind,
    heading, 60 + section_plan_no * 112 as start_offset, 60 + section_plan_no * 112 + length(heading) + 2 as end_offset,
    60 + (section_plan_no + 1) * 112 as body_end_offset
from (select * exclude (level) from reading) as reading
cross join (select *, max(if(level = 1, section_plan_no, 0)) over (order by section_plan_no) as parent_no from section_plan) as planned
"""

_REFERENCE = f"""
select
    reading.*, ordinal, start_offset, start_offset + length(name) + 2 as end_offset, concat('《', name, '》') as text, kind
from (
    select
        reading.*, ordinal, 100 + ordinal * 200 + chance([report_no, ordinal, 81], 50) as start_offset,
        if(ordinal < 10, instrument.kind, 'policy_doc') as kind,
        if(ordinal < 10, instrument.name, region_name || report_year || local_instrument_(chance([report_no, ordinal, 82], 100))) as name
    from (select * from reading) as reading
    cross join unnest(range({_N_REFERENCES})) as numbered (ordinal)
    inner join instrument on instrument_no = chance([issuer_no, ordinal, report_year // 3, 83], {len(INSTRUMENTS)})
) as reading
"""

_STATEMENT = f"""
select
    *, 2000 + ordinal * 90 as start_offset, 2000 + ordinal * 90 + length(said) as end_offset, said as text,
    if(ordinal < 4, 'shortcoming', 'commitment') as kind
from (
    select
        *, case
            when ordinal < 4 then concat(shortcoming_(chance([issuer_no, ordinal, report_year // 2, 91], 100)),
                lack_(chance([issuer_no, ordinal, report_year, 92], 100)))
            else concat(adverb_(chance([issuer_no, ordinal, report_year, 93], 100)),
                commitment_(chance([issuer_no, ordinal, report_year // 2, 94], 100)), ',', closer_(chance([report_no, ordinal, 95], 100)))
        end as said
    from reading
    cross join unnest(range({_N_STATEMENTS})) as numbered (ordinal)
) as worded
"""

TABLES = {
    "capture": _CAPTURE,
    "edition": _EDITION,
    "text": _TEXT,
    "section": _SECTION,
    "figure": _FIGURE,
    "reference": _REFERENCE,
    "statement": _STATEMENT,
}
