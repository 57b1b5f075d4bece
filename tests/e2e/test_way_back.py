"""From a release back to the bytes, to the release before it, and to what was known on a day."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from support import Command, serving

from nianbao.simulation import build_world

WORLD = build_world(districts=1, issuers=2, years=(2021, 2023))


@pytest.fixture(scope="module")
def nights(tmp_path_factory, prefect_api):
    """Two nights: what was published first, and after an edit, a withdrawal and a late report."""
    folder = tmp_path_factory.mktemp("nights")
    command = Command(folder / "home", PREFECT_API_URL=prefect_api)
    later = WORLD.revised(edited=1, withdrawn=1, late=0)
    with serving(WORLD, folder / "registry") as (_, settings):
        command("refresh", **settings)
    first = command.current
    with serving(later, folder / "registry") as (_, settings):
        command("refresh", **settings)
        yield command, first, {change.change: change for change in later.changes}, settings


def test_the_difference_is_the_edit_and_the_withdrawal(nights):
    command, first, changes, _ = nights
    found = json.loads(command("releases", "diff", first, "current", "--json"))
    marts = {mart["mart"]: mart for mart in found["marts"]}
    assert marts["fct_report"]["changed"] >= 2
    assert marts["fct_report"]["causes"].items() >= {"edited_report": 1, "withdrawal": 1}.items()
    assert (marts["fct_edition"]["added"], marts["fct_edition"]["gone"]) == (1, 0)
    assert [mart for mart in found["marts"] if "unknown" in mart["causes"]] == []
    shown = command("releases", "diff", "previous", "current", "--mart", "fct_report")
    edited = changes["edited"]
    assert f"{edited.issuer_id}/" in shown
    assert "the publisher changed a report" in shown


def test_a_figure_leads_to_its_sentence_its_page_and_its_record(nights):
    command, *_ = nights
    (figure,) = command.rows(
        "select * from fct_figure where indicator_id is not null and is_current order by figure_id limit 1"
    )
    found = json.loads(command("why", figure["figure_id"], "--json"))
    (origin,) = found["origins"]
    before, span, after = origin["sentence"]
    assert span == figure["text"]
    assert before + span + after == figure["sentence"]
    assert origin["report"]["report_id"] == figure["report_id"]
    assert origin["capture"]["url"] == figure["url"]
    assert origin["archive"]["kept"] is True
    (text,) = command.rows(
        f"select url, archive_segment from fct_edition where edition_id = '{figure['edition_id']}'"
    )
    out = command("why", figure["figure_id"])
    assert f"⟦{''.join(figure['text'].split())}⟧" in out
    assert text["url"] in out
    assert text["archive_segment"] in out
    assert "still holds the payload" in out


def test_a_derived_row_leads_to_both_its_inputs(nights):
    command, *_ = nights
    (cell,) = command.rows(
        "select * from fct_indicator_yoy where prior_figure_id is not null and scope = 'own' order by all limit 1"
    )
    key = f"{cell['issuer_id']}/{cell['indicator_id']}/{cell['fact_year']}"
    found = json.loads(command("why", key, "--json"))
    roles = {origin["role"]: origin["figure"]["figure_id"] for origin in found["origins"]}
    assert roles["chosen_figure_id"] == cell["chosen_figure_id"]
    assert roles["prior_figure_id"] == cell["prior_figure_id"]
    named = json.loads(command("why", f"fct_indicator_yoy:{key}/own", "--json"))
    assert named["row"] == found["row"]


def test_every_mart_has_a_way_back_for_its_rows(nights):
    command, *_ = nights
    manifest = json.loads(command("releases", "show", "--json"))
    lost = []
    for mart in sorted(name for name in manifest["marts"] if name.startswith(("fct_", "mart_"))):
        key = manifest["marts"][mart]["key"]
        rows = command.rows(f"select {', '.join(key)} from {mart} order by all limit 1")
        if rows:
            text = json.dumps(rows[0], ensure_ascii=False, default=str)
            found = json.loads(command("why", f"{mart}:{text}", "--json"))
            if not found["origins"] and mart != "fct_coverage":
                lost.append(mart)
    assert lost == []


def test_a_wrong_key_is_told_what_a_key_is(nights):
    command, *_ = nights
    command("why", "nonsense", exit_code=2)
    assert "no mart:key" in command.err
    command("why", "0123456789:1-2", exit_code=2)
    assert "has no row with figure_id" in command.err
    command("why", "fct_coverage:one", exit_code=2)
    assert "issuer_id, report_kind, report_year" in command.err


def test_full_texts_are_at_hand_and_nothing_else_is(nights):
    command, *_ = nights
    found = json.loads(
        command(
            "sql",
            "select count(*) as n, sum((substr(t.text, f.start_offset + 1, length(f.text)) = f.text)::int) as same"
            " from fct_figure f join edition_text t using (edition_id)",
            "--json",
        )
    )
    assert found[0]["n"] == found[0]["same"] == command.rows("select count(*) as n from fct_figure")[0]["n"]
    command("sql", f"select * from read_parquet('{command.home}/lake/*/*/text.parquet')", exit_code=1)
    assert "disabled" in command.err
    assert "edition_text" in command("sql")


def test_a_day_before_the_first_look_knew_nothing(nights):
    command, *_ = nights
    query = "select count(*) as n from fct_report"
    today = datetime.now(UTC).date() + timedelta(days=1)
    known = json.loads(command("sql", query, "--known-on", today.isoformat(), "--json"))
    assert known == command.rows(query)
    assert json.loads(command("sql", query, "--known-on", "2001-01-01", "--json")) == [{"n": 0}]
    command("sql", "from fct_indicator_yoy", "--known-on", "2001-01-01", exit_code=1)
    assert "says what is known today" in command.err


def test_a_refresh_does_not_make_again_what_was_rolled_back_from(nights):
    command, first, _, settings = nights
    second = command.current
    command("releases", "rollback", "previous")
    assert command.current == first
    assert "nothing is new" in command("refresh", **settings)
    assert second in command.err
    assert command.current == first
    status = json.loads(command("status", "--json"))
    assert [row["purpose"] for row in status["refreshes"][:2]] == ["refresh", "rollback"]
    command("releases", "rollback", second)
    assert json.loads(command("releases", "verify", "--json"))[0]["problems"] == []


def test_a_record_that_is_no_longer_what_was_read_is_said(nights):
    command, *_ = nights
    (figure,) = command.rows("select figure_id, edition_id from fct_figure order by figure_id limit 1")
    (edition,) = command.rows(f"select * from fct_edition where edition_id = '{figure['edition_id']}'")
    (segment,) = (command.home / "archive").rglob(edition["archive_segment"])
    content = segment.read_bytes()
    try:
        mode = segment.stat().st_mode
        segment.chmod(0o644)
        at = edition["archive_offset"] + 40
        segment.write_bytes(content[:at] + bytes(64) + content[at + 64 :])
        command("why", figure["figure_id"], exit_code=1)
        assert "restore the file from a copy" in command.out
    finally:
        segment.write_bytes(content)
        segment.chmod(mode)
