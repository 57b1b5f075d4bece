"""The stage: units that changed are computed, others are not, and their rows lie in the lake as one batch."""

import json

import duckdb
import pyarrow.parquet as pq
import pytest

from nianbao.warehouse.align import align, alignment_version
from nianbao.warehouse.align_lake import AlignmentLake
from nianbao.warehouse.lake import ContractError

KEPT = "组织人民调解员深入村社排查矛盾纠纷，全年调处各类纠纷320件，化解成功率达到百分之九十八。"
EDITED = KEPT.replace("320", "410").replace("深入村社", "深入各村社")
EARLIER = f"{KEPT}\n一、存在问题\n一线执法力量不足，案多人少。\n二、下一步\n建立重大行政决策事项目录制度。"
LATER = f"{EDITED}\n已公布重大行政决策事项目录12项。\n一、存在问题\n执法人员编制偏少，一人多岗。\n二、下一步\n建立重大行政决策事项目录制度。"


def rows_of(edition, issuer, year, text):
    at = text.index("二、下一步")
    promise, problem = text.rindex("建立重大"), text.index("\n二") - 1
    start = text.index("问题\n") + 3
    return {
        "edition": (edition, issuer, "gov_rule_of_law", year, "r1"),
        "section": (edition, 1, "plan", at, len(text)),
        "statement": [
            (edition, 0, "shortcoming", text[start:problem], start, problem),
            (edition, 1, "commitment", text[promise : len(text) - 1], promise, len(text) - 1),
        ],
    }


class World:
    """A candidate's raw tables with some editions in them, their texts, and a lake."""

    def __init__(self, folder):
        self.connection = duckdb.connect()
        self.texts, self.asked = {}, []
        self.lake = AlignmentLake(folder / "lake", alignment_version())
        self.connection.execute("""
            create schema raw;
            create table raw.edition(edition_id text, issuer_id text, report_kind text, report_year bigint, rules_version text);
            create table raw.section(edition_id text, ordinal bigint, kind text, start_offset bigint, body_end_offset bigint);
            create table raw.statement(edition_id text, ordinal bigint, kind text, text text, start_offset bigint, end_offset bigint)
        """)

    def add(self, edition, issuer, year, text):
        rows = rows_of(edition, issuer, year, text)
        self.texts[edition] = text
        self.connection.execute("insert into raw.edition values (?, ?, ?, ?, ?)", rows["edition"])
        self.connection.execute("insert into raw.section values (?, ?, ?, ?, ?)", rows["section"])
        self.connection.executemany("insert into raw.statement values (?, ?, ?, ?, ?, ?)", rows["statement"])

    def align(self):
        def texts(ids):
            self.asked += ids
            return {edition: self.texts[edition] for edition in ids}

        return align(self.connection, self.lake, texts)

    def rows(self, table):
        return [row for path in self.lake.files(table) for row in pq.read_table(path).to_pylist()]


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    world.add("e1", "putuo", 2021, EARLIER)
    world.add("e2", "putuo", 2022, LATER)
    world.add("f1", "other", 2021, LATER)
    return world


def test_a_pair_of_years_gives_reuse_followup_and_recurrence(world):
    aligned = world.align()
    assert aligned.computed == 2
    assert aligned.unit_keys == {row["unit_key"] for row in world.rows("unit")}
    (reuse,) = world.rows("text_reuse")
    assert (reuse["earlier_edition_id"], reuse["later_edition_id"]) == ("e1", "e2")
    assert (reuse["n_edited"], reuse["n_copied"]) == (1, 0)
    earlier_start, earlier_end, later_start, later_end, _, manner = json.loads(reuse["passages"])[0]
    assert (EARLIER[earlier_start:earlier_end], LATER[later_start:later_end]) == (KEPT, EDITED)
    assert manner == "edited"
    (followed,) = world.rows("commitment_followup")
    assert followed["passage"] == "已公布重大行政决策事项目录12项。"
    assert LATER[followed["passage_start"] : followed["passage_end"]] == followed["passage"]
    (again,) = world.rows("shortcoming_recurrence")
    assert (again["edition_id"], again["other_edition_id"]) == ("e1", "e2")


def test_a_promise_made_again_is_no_follow_up_of_itself(world):
    world.texts["e2"] = LATER.replace("已公布重大行政决策事项目录12项。", "")
    world.connection.execute(
        "update raw.section set start_offset = ? where edition_id = 'e2'", [world.texts["e2"].index("二、下")]
    )
    world.align()
    (followed,) = world.rows("commitment_followup")
    assert (followed["passage"], followed["score"]) == (None, None)


def test_only_units_whose_editions_changed_are_computed_again(world):
    before = world.align()
    world.asked.clear()
    assert (world.align().computed, world.asked) == (0, [])
    world.add("f2", "other", 2022, EARLIER)
    after = world.align()
    assert after.computed == 1
    assert sorted(world.asked) == ["f1", "f2"]
    assert len(before.unit_keys & after.unit_keys) == 1


def test_many_units_in_processes_give_the_rows_that_one_process_gives(tmp_path, monkeypatch):
    many, one = World(tmp_path / "many"), World(tmp_path / "one")
    for world in (many, one):
        for number in range(12):
            world.add(f"a{number}", f"issuer-{number}", 2021, EARLIER)
            world.add(f"b{number}", f"issuer-{number}", 2022, LATER)
    one.align()
    monkeypatch.setattr("nianbao.warehouse.align._MANY", 10)
    monkeypatch.setattr("nianbao.warehouse.align._BATCH", 5)
    assert many.align().computed == 12
    assert len(many.lake.batches()) == 3
    for table in ("unit", "text_reuse", "commitment_followup", "shortcoming_recurrence"):
        assert sorted(map(str, many.rows(table))) == sorted(map(str, one.rows(table)))


def test_a_damaged_batch_is_told_and_a_half_written_one_removed(world):
    world.align()
    (batch,) = world.lake.batches()
    left = batch.with_name(".partial-x-1")
    left.mkdir()
    world.align()
    assert not left.exists()
    (batch / "unit.parquet").write_bytes(b"no parquet")
    with pytest.raises(ContractError, match=r"unit\.parquet: cannot be read .*delete this batch folder"):
        world.align()
