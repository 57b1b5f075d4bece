"""Alerts: what became wrong and what is well again is told once each, to whoever can be reached."""

from __future__ import annotations

import importlib
import io
import logging
import os
import re
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nights import BEGINNING
from receivers import dripping, mail_server, webhook

from nianbao.commands.alerts import alerts as show_alerts
from nianbao.monitoring import alerts as monitoring_alerts
from nianbao.monitoring.alerts import after_refresh, look, look_now, try_channels
from nianbao.monitoring.book import AlertBook
from nianbao.monitoring.channels import Channel, Message, channels, send
from nianbao.monitoring.conditions import AlertKind, Condition, Severity, conditions
from nianbao.monitoring.coverage import Pace
from nianbao.monitoring.disk import DiskUse
from nianbao.monitoring.health import health
from nianbao.settings import Settings
from nianbao.warehouse.ledger import RefreshState

DAY = timedelta(days=1)
SECRET = "hunter2-token"
CHANNELS = ("one", "two")


def wrong(*subjects, severity=Severity.WARNING):
    return [
        Condition(AlertKind.SOURCE_DOWN, subject, severity, f"{subject} is down", "look at it")
        for subject in subjects
    ]


def messages(*urls):
    return [Message(Channel(f"channel {n}", str(n), url), "title", "body") for n, url in enumerate(urls, 1)]


def kinds(home, registry, at=None):
    found = conditions(health(home.settings, registry, at or home.at), home.settings)
    return [(str(each.kind), each.subject) for each in found]


# --- what is wrong ---


def test_a_source_is_down_after_three_nights_and_not_before(home, registry):
    home.night(xiamen_city="ok")
    for expected in ([], [], [("source_down", "xiamen-city")]):
        home.night(xiamen_city="down")
        assert kinds(home, registry) == expected


@pytest.mark.parametrize(("state", "nights"), [("moved", 1), ("blocked", 2), ("changed", 2)])
def test_other_troubles_of_a_source_are_told_by_their_own_patience(home, registry, state, nights):
    home.night(xiamen_city="ok")
    for number in range(1, nights + 1):
        home.night(xiamen_city=state)
        assert kinds(home, registry) == ([(f"source_{state}", "xiamen-city")] if number == nights else [])


def test_a_column_that_never_had_a_report_has_not_lost_them(home, registry):
    for _ in range(3):
        home.night(xiamen_city="changed")
    assert kinds(home, registry) == []


@pytest.mark.parametrize(("state", "kind"), [("failed", "refresh_failed"), ("refused", "refresh_refused")])
def test_a_bad_night_is_told_until_the_next_good_one(home, registry, state, kind):
    home.night()
    home.night(RefreshState(state))
    home.night(RefreshState.INTERRUPTED)
    assert (kind, "") in kinds(home, registry)
    home.night()
    assert kinds(home, registry) == []


def test_silence_is_told_after_26_hours_when_nothing_runs(home, registry):
    assert kinds(home, registry, BEGINNING) == []  # nothing was ever asked of it
    home.night()
    assert kinds(home, registry, home.at + timedelta(hours=26)) == []
    assert kinds(home, registry, home.at + timedelta(hours=26, seconds=1)) == [("no_success", "")]


def test_a_home_that_never_succeeded_is_silent_from_its_first_refresh_on(home, registry):
    home.night(RefreshState.INTERRUPTED)
    assert kinds(home, registry, home.at + timedelta(hours=27)) == [("no_success", "")]


def test_a_full_disk_and_districts_that_fall_behind_are_told(home, registry):
    home.night()
    now = health(home.settings, registry, home.at)
    slow = Pace("310107", "普陀区", "rule_of_law", home.at.date(), 10, 3, 5, 0)
    few = replace(slow, region_code="310106", expected=20)  # two reports of twenty are not many
    one = replace(slow, region_code="310105", expected=2, published=1, former_published=2)
    now = replace(now, pace=(slow, few, one), disk=DiskUse({}, 4_000_000_000, 10**12))
    found = [(str(each.kind), each.subject) for each in conditions(now, home.settings)]
    assert found == [("disk_low", ""), ("coverage_behind", "310107/rule_of_law")]


def test_every_alert_has_its_section_in_the_runbook():
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    for kind in AlertKind:
        assert f"### {kind.replace('_', '-')}\n" in page


# --- told once ---


@settings(deadline=None)
@example([({"a"}, {"one", "two"}, 61), (set(), {"one"}, 61), ({"a"}, set(), 61)])
@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from("abc")), st.sets(st.sampled_from(CHANNELS)), st.integers(61, 200)),
        min_size=1,
        max_size=12,
    )
)
def test_each_opening_and_each_resolution_is_told_once_and_none_is_lost(tmp_path_factory, script):
    """Looks more than 60 hours apart, some of which reach nobody, or one channel of two."""
    book, at = AlertBook(tmp_path_factory.mktemp("book") / "alerts.sqlite"), BEGINNING
    is_open, known = set(), {channel: set() for channel in CHANNELS}
    for subjects, reached, hours in script:
        at += timedelta(hours=hours)
        is_open = set(subjects)
        with book.held() as held:
            held.note(wrong(*sorted(subjects)), at)
            for channel in sorted(reached):
                found, over = held.to_open(channel, at), held.to_resolve(channel)
                held.told(channel, found, over, at)
                opened, resolved = {a.subject for a in found}, {a.subject for a in over}
                # What is told is exactly what differs from what the channel knows.
                assert opened | (known[channel] - resolved) >= is_open
                assert not opened & known[channel] - resolved
                known[channel] = (known[channel] - resolved) | opened
                assert known[channel] == is_open
    with book.held() as held:
        held.note(wrong(*sorted(is_open)), at)
        for channel in CHANNELS:
            assert {a.subject for a in held.to_open(channel, at)} == is_open - known[channel]


def test_a_warning_that_comes_back_soon_waits_until_it_stays(tmp_path):
    book = AlertBook(tmp_path / "alerts.sqlite")

    def told(hours, *subjects):
        at = BEGINNING + timedelta(hours=hours)
        with book.held() as held:
            held.note(wrong(*subjects), at)
            opened, resolved = held.to_open("a channel", at), held.to_resolve("a channel")
            held.told("a channel", opened, resolved, at)
        return [a.subject for a in opened], [a.subject for a in resolved]

    assert told(0, "a") == (["a"], [])
    assert told(1) == ([], ["a"])
    assert told(2, "a") == ([], [])
    assert told(3) == ([], [])
    assert told(4, "a") == ([], [])
    assert told(63, "a") == ([], [])
    assert told(64, "a") == (["a"], [])
    assert told(65, "a") == ([], [])


def test_a_worse_alert_is_told_again_and_other_words_are_not(tmp_path):
    book = AlertBook(tmp_path / "alerts.sqlite")

    def opened(conditions, minutes):
        at = BEGINNING + timedelta(minutes=minutes)
        with book.held() as held:
            held.note(conditions, at)
            found = held.to_open("a channel", at)
            held.told("a channel", found, [], at)
        return len(found)

    assert opened(wrong("a"), 0) == 1
    assert opened([replace(wrong("a")[0], sentence="a has been down for longer")], 1) == 0
    assert opened(wrong("a", severity=Severity.CRITICAL), 2) == 1
    assert opened(wrong("a", severity=Severity.CRITICAL), 3) == 0
    assert opened(wrong("a"), 4) == 0
    assert book.open_alerts()[0].sentence == "a is down"


def told_of(home, registry, urls, at=None):
    settings = Settings(home=home.settings.home, alert_urls=urls)
    return look(settings, health(settings, registry, at or home.at), at or home.at)


def test_one_that_became_worse_and_could_not_be_told_is_told_as_resolved(tmp_path):
    book = AlertBook(tmp_path / "alerts.sqlite")
    for minutes, severity, reached in (
        (0, Severity.WARNING, True),
        (1, Severity.CRITICAL, False),
        (2, None, True),
    ):
        at = BEGINNING + timedelta(minutes=minutes)
        with book.held() as held:
            held.note(wrong("a", severity=severity) if severity else [], at)
            opened, resolved = held.to_open("a channel", at), held.to_resolve("a channel")
            if reached:
                held.told("a channel", opened, resolved, at)
    assert [alert.subject for alert in resolved] == ["a"]


def test_a_night_is_told_in_one_message_and_its_end_in_another(home, registry):
    with webhook() as (address, server):
        urls = f"json://{address}/{SECRET}"
        home.night(xiamen_city="ok", beijing_city="ok")
        assert told_of(home, registry, urls).opened == ()
        home.night(RefreshState.FAILED, xiamen_city="moved", beijing_city="moved")
        assert len(told_of(home, registry, urls).opened) == 3
        assert told_of(home, registry, urls).sent == ()
        home.night(xiamen_city="ok", beijing_city="moved")
        assert len(told_of(home, registry, urls).resolved) == 2
        assert [message["title"] for message in server.came] == ["nianbao: 3 new", "nianbao: 2 resolved"]
        first, last = (message["message"] for message in server.came)
        assert first.index("[critical]") < first.index("[warning]") and "→" in first
        assert "docs/operations.md#refresh-failed" in first and "docs/operations.md#source-moved" in first
        assert "厦门市 · xiamen-city" in first and "resolved: 厦门市 · xiamen-city" in last


def test_forty_sources_are_one_message_of_twenty_lines(home, registry):
    home.night(**{source.source_id.replace("-", "_"): "moved" for source in registry.sources[:40]})
    with webhook() as (address, server):
        told_of(home, registry, f"json://{address}")
        (message,) = server.came
    assert message["message"].count("[warning]") == 20 and "and 20 more" in message["message"]


def test_what_a_channel_did_not_take_the_next_look_tells_it_and_nobody_else_again(home, registry):
    home.night(xiamen_city="moved")
    with webhook() as (address, server), webhook() as (other, second):
        server.refuses = second.refuses = True
        urls = f"json://{address}/{SECRET} json://{other}"
        assert len(told_of(home, registry, urls).problems) == 2
        second.refuses = False
        told = told_of(home, registry, urls)
        assert [each.channel for each in told.problems] == ["channel 1 (json://…)"]
        out = io.StringIO()
        show_alerts(Settings(home=home.settings.home, alert_urls=urls), False, out, out)
        assert "not yet on channel 1 (json://…)" in out.getvalue() and SECRET not in out.getvalue()
        server.refuses = False
        assert told_of(home, registry, urls).problems == ()
        assert told_of(home, registry, urls).sent == ()
        assert len(second.came) == len(server.came) == 1
        # Each hears of the end of what it had heard of, also when the two swap places.
        home.night(xiamen_city="ok")
        server.refuses = True
        told_of(home, registry, urls)
        server.refuses = False
        told = told_of(home, registry, f"json://{other} json://{address}/{SECRET}")
        assert [each.channel for each in told.sent] == ["channel 2 (json://…)"]
        assert [m["title"] for m in server.came] == [m["title"] for m in second.came]


def test_a_channel_that_is_new_hears_what_is_open_and_not_what_was(home, registry):
    home.night(xiamen_city="moved", beijing_city="moved")
    with webhook() as (address, server), webhook() as (other, second):
        told_of(home, registry, f"json://{address}")
        home.night(xiamen_city="moved", beijing_city="ok")
        told_of(home, registry, f"json://{address} json://{other}")
        assert [message["title"] for message in server.came] == ["nianbao: 2 new", "nianbao: 1 resolved"]
        assert [message["title"] for message in second.came] == ["nianbao: 1 new"]


def test_a_book_kept_before_channels_were_told_apart_repeats_nothing(home, registry):
    home.night(xiamen_city="moved", beijing_city="moved")
    with webhook() as (address, server):
        urls = f"json://{address}"
        told_of(home, registry, urls)
        with closing(sqlite3.connect(home.settings.alerts)) as book:  # as it was in its first version
            for name in ("told_at", "told_severity", "resolution_told_at"):
                book.execute(f"alter table alert add column {name} text")
            book.execute("update alert set told_at = seen_at, told_severity = 'warning'")
            book.execute("drop table telling")
            book.commit()
        assert [alert.told_at is None for alert in AlertBook(home.settings.alerts).open_alerts()] == [
            False,
            False,
        ]
        assert told_of(home, registry, urls).sent == ()
        home.night(xiamen_city="moved", beijing_city="ok")
        told_of(home, registry, urls)
        assert [message["title"] for message in server.came] == ["nianbao: 2 new", "nianbao: 1 resolved"]


def test_nothing_is_marked_as_told_while_there_is_nobody_to_tell(home, registry):
    home.night(xiamen_city="moved")
    assert told_of(home, registry, "").sent == ()
    with webhook() as (address, server):
        told_of(home, registry, f"json://{address}")
        assert len(server.came) == 1


def test_two_who_look_at_the_same_moment_tell_once(home, registry, tmp_path):
    home.night(xiamen_city="moved")
    with webhook() as (address, server):
        environment = os.environ | {
            "NIANBAO_HOME": str(home.settings.home),
            "NIANBAO_ALERT_URLS": f"json://{address}",
            "NIANBAO_CLOCK_OFFSET": "0",
        }
        lookers = [
            subprocess.Popen([sys.executable, "-m", "nianbao.cli", "alerts", "look"], env=environment)
            for _ in range(2)
        ]
        assert [looker.wait(60) for looker in lookers] == [0, 0]
        told = [
            line for message in server.came for line in message["message"].splitlines() if "xiamen" in line
        ]
    assert len(told) == 1


def test_a_mail_arrives_with_chinese_in_it(home, registry):
    home.night(xiamen_city="moved")
    with mail_server() as (port, came):
        told = told_of(
            home, registry, f"mailto://localhost:{port}/?from=nianbao@a.test&to=office@b.test&mode=insecure"
        )
        assert told.problems == ()
    assert len(came) == 1 and "office@b.test" in came[0]


def test_receivers_that_hang_are_waited_for_together_not_one_after_the_other(monkeypatch):
    monkeypatch.setattr("nianbao.monitoring.channels._SECONDS", 0.5)
    waits = []
    join = threading.Thread.join

    def noted(thread, timeout=None):
        waits.append(timeout)
        join(thread, timeout)

    with dripping() as address, monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "join", noted)
        sent = send(messages(*(f"json://{address}/{number}" for number in range(3))))
    assert all("did not answer" in each.problem for each in sent)
    assert max(waits[1:3]) < 0.1  # the first used up what all have


def test_a_receiver_that_never_ends_its_answer_does_not_hold_a_look(monkeypatch):
    monkeypatch.setattr("nianbao.monitoring.channels._SECONDS", 1.0)
    with dripping() as address, webhook() as (other, server):
        sent = send(messages(f"json://{address}", f"json://{other}"))
    assert [bool(each.problem) for each in sent] == [True, False] and len(server.came) == 1


# --- the robots of WeCom, DingTalk, Feishu and Slack: Apprise's own code, sent to the loopback ---

ROBOTS = {
    "wecombot": ("wecombot://botkey", "NotifyWeComBot.notify_url", "/send?key={key}", "/send?key=botkey"),
    "dingtalk": (
        f"dingtalk://SEC{'0a' * 30}@{'b' * 64}",
        "NotifyDingTalk.notify_url",
        "/send?access_token={token}",
        f"/send?access_token={'b' * 64}&timestamp=",
    ),
    "feishu": (
        "feishu://token0123456789",
        "NotifyFeishu.notify_url",
        "/hook/{token}/",
        "/hook/token0123456789/",
    ),
    "slack": (
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
        "NotifySlack.webhook_url",
        "/services",
        "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    ),
}
TEXTS = {
    "wecombot": lambda sent: (sent["msgtype"], sent["text"]["content"]),
    "dingtalk": lambda sent: (sent["msgtype"], sent["text"]["content"]),
    "feishu": lambda sent: (sent["msg_type"], sent["content"]["text"]),
    "slack": lambda sent: ("text", sent["attachments"][0]["text"]),
}
GOOD = {
    "wecombot": b'{"errcode":0,"errmsg":"ok"}',
    "dingtalk": b'{"errcode":0,"errmsg":"ok"}',
    "feishu": b'{"code":0,"data":{},"msg":"success"}',
    "slack": b"ok",
}


@pytest.fixture
def robot(request, monkeypatch):
    """(scheme, address for the settings, receiver), the plugin's service being on the loopback."""
    scheme = request.param
    url, attribute, path, _ = ROBOTS[scheme]
    plugin, name = attribute.split(".")
    with webhook() as (address, server):
        server.says = GOOD[scheme]
        module = importlib.import_module(f"apprise.plugins.{scheme}")
        monkeypatch.setattr(getattr(module, plugin), name, f"http://{address}{path}")
        yield scheme, url, server


@pytest.mark.parametrize("robot", ROBOTS, indirect=True)
def test_what_a_robot_is_sent_has_its_form_and_whole_sentences(home, registry, robot):
    scheme, url, server = robot
    home.night(xiamen_city="moved")
    assert told_of(home, registry, url).problems == ()
    (sent,), (path,) = server.came, server.asked
    kind, text = TEXTS[scheme](sent)
    assert kind == "text" and "厦门市 · xiamen-city" in text and "docs/operations.md#source-moved" in text
    assert path.startswith(ROBOTS[scheme][3])
    assert scheme == "slack" or "nianbao: 1 new" in text


@pytest.mark.parametrize("robot", ["wecombot", "dingtalk", "feishu"], indirect=True)
@pytest.mark.parametrize(
    "says", [b'{"errcode":93000,"code":19001,"errmsg":"invalid webhook"}', b"<html>a portal</html>"]
)
def test_a_robot_that_refuses_with_200_has_not_taken_it(home, registry, robot, says):
    scheme, url, server = robot
    server.says = says
    home.night(xiamen_city="moved")
    (problem,) = told_of(home, registry, url).problems
    assert "refused with" in problem.problem or "is not that of" in problem.problem
    server.says = GOOD[scheme]
    assert told_of(home, registry, url).problems == ()
    assert told_of(home, registry, url).sent == ()


@pytest.mark.parametrize("robot", ["wecombot"], indirect=True)
def test_a_long_message_fits_into_what_the_robot_takes_and_counts_the_rest(home, registry, robot):
    scheme, url, server = robot
    home.night(**{source.source_id.replace("-", "_"): "moved" for source in registry.sources[:40]})
    told_of(home, registry, url)
    text = TEXTS[scheme](server.came[0])[1]
    assert 1_000 < len(text.encode()) <= 2_048 and 0 < text.count("[warning]") < 20
    assert f"and {40 - text.count('[warning]')} more" in text


def test_the_addresses_in_the_documentation_are_ones_that_apprise_knows():
    import apprise

    page = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| `(\w+://[^`]+)`(?:, or `(\w+://)`[^|]*)? \|$", page, re.M)
    assert len(rows) == 6
    for url, _ in rows:
        url = url.replace("SECRET@TOKEN", f"SEC{'0a' * 30}@{'b' * 64}").replace(
            "://TOKEN_A/TOKEN_B/TOKEN_C", "://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
        )
        assert apprise.Apprise().add(url), url


# --- secrets, files, the end of a refresh ---


def test_no_address_of_a_channel_is_shown_anywhere(home, registry, caplog, capfd, tmp_path):
    home.night(xiamen_city="moved")
    with webhook() as (address, server), caplog.at_level(logging.DEBUG):
        logging.getLogger("apprise").setLevel(logging.DEBUG)
        server.refuses = True
        names = tmp_path / "channels"
        names.write_text(
            f"# ours\njson://user:{SECRET}@{address}/{SECRET}\nslack://{SECRET}\nnonsense{SECRET}\n\n"
            f"json://127.0.0.1:1/{SECRET}\n"
        )
        settings = Settings(
            home=home.settings.home, alert_urls_file=names, heartbeat_url=f"http://127.0.0.1:1/{SECRET}"
        )
        told = look(settings, health(settings, registry, home.at), home.at)
        assert len(told.problems) == 4
        assert SECRET not in repr(told) and SECRET not in repr(settings)
        assert all(each.problem for each in try_channels(settings))
        after_refresh(settings, registry, success=True)
    assert SECRET not in caplog.text and "the heartbeat could not be sent" in caplog.text
    out, err = capfd.readouterr()
    assert SECRET not in out + err
    for path in home.settings.home.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()


def test_a_file_of_channels_that_cannot_be_read_is_said_and_the_others_are_told(home, registry, tmp_path):
    home.night(xiamen_city="moved")
    with webhook() as (address, server):
        settings = Settings(
            home=home.settings.home, alert_urls=f"json://{address}", alert_urls_file=tmp_path / "gone"
        )
        told = look(settings, health(settings, registry, home.at), home.at)
        assert len(server.came) == 1
    (problem,) = told.problems
    assert "NIANBAO_ALERT_URLS_FILE names, cannot be read" in problem.problem
    assert len(channels(settings).all) == 1


def test_a_heartbeat_that_is_never_answered_to_its_end_does_not_hold_a_refresh(
    home, registry, caplog, monkeypatch
):
    monkeypatch.setattr("nianbao.monitoring.alerts._HEARTBEAT_SECONDS", 0.6)
    home.night()
    with dripping() as address:
        settings = Settings(home=home.settings.home, heartbeat_url=f"http://{address}/beat")
        after_refresh(settings, registry, success=True)
    assert "the heartbeat could not be sent (no answer within" in caplog.text


def test_the_heartbeat_is_sent_after_a_success_only(home, registry):
    home.night()
    with webhook() as (address, server):
        settings = Settings(home=home.settings.home, heartbeat_url=f"http://{address}/beat")
        after_refresh(settings, registry, success=False)
        assert server.asked == []
        after_refresh(settings, registry, success=True)
        assert server.asked == ["/beat"]


def test_a_look_that_fails_does_not_fail_the_refresh(home, registry, monkeypatch, caplog):
    monkeypatch.setattr(monitoring_alerts, "health", lambda *_: 1 / 0)
    after_refresh(home.settings, registry, success=False)
    assert "`nianbao alerts look` repeats it" in caplog.text


def test_a_home_that_cannot_be_written_to_is_told_once_each_time(home, registry, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    home.night(xiamen_city="moved")
    told = []
    with webhook() as (address, _):
        for writable in (True, False, False, True, True, False):
            monkeypatch.setattr(os, "access", lambda *_, now=writable: now)
            look_told = told_of(home, registry, f"json://{address}")
            told.append(([str(a.kind) for a in look_told.opened], [str(a.kind) for a in look_told.resolved]))
    assert told == [
        (["source_moved"], []),
        (["home_unwritable"], []),
        ([], []),
        ([], ["home_unwritable"]),
        ([], []),
        (["home_unwritable"], []),
    ]


def test_a_registry_that_cannot_be_read_is_told_and_silences_nothing(home, registry, tmp_path, monkeypatch):
    home.night(xiamen_city="moved")
    with webhook() as (address, server):
        urls = f"json://{address}"
        told_of(home, registry, urls)
        broken = Settings(home=home.settings.home, alert_urls=urls, data=tmp_path / "gone")
        told = look_now(broken)
        assert [str(a.kind) for a in told.opened if a.kind != "no_success"] == ["unreadable"]
        assert told.resolved == ()
        assert "there is no such folder" in server.came[-1]["message"]


def test_a_ledger_that_cannot_be_read_is_told_and_nothing_else_is_called_well(home, registry, monkeypatch):
    home.night(RefreshState.FAILED, xiamen_city="moved")
    with webhook() as (address, server):
        urls = f"json://{address}"
        told_of(home, registry, urls)
        home.settings.ledger.write_bytes(b"no ledger")
        told = told_of(home, registry, urls)
    assert [str(alert.kind) for alert in told.opened] == ["unreadable"] and told.resolved == ()
    assert "ledger.sqlite cannot be read" in server.came[-1]["message"]


def test_a_critical_alert_is_told_before_older_warnings_and_without_delay(tmp_path):
    book = AlertBook(tmp_path / "alerts.sqlite")
    for hours, expected in ((0, 1), (1, 0), (2, 1)):
        at = BEGINNING + timedelta(hours=hours)
        with book.held() as held:
            bad = [Condition(AlertKind.REFRESH_FAILED, "", Severity.CRITICAL, "it failed", "look")]
            held.note([*wrong(*"abc"), *bad] if expected else [], at)
            opened = held.to_open("a channel", at)
            held.told("a channel", opened, held.to_resolve("a channel"), at)
        assert [a.kind for a in opened][:expected] == [AlertKind.REFRESH_FAILED] * expected


def test_a_source_that_goes_from_one_trouble_to_another_is_never_told_as_well(home, registry):
    home.night(xiamen_city="ok")
    for _ in range(3):
        home.night(xiamen_city="down")
    home.night(xiamen_city="blocked")
    assert kinds(home, registry) == [("source_blocked", "xiamen-city")]


def test_a_damaged_book_is_said(home):
    home.settings.home.mkdir()
    home.settings.alerts.write_text("no book")
    command = [sys.executable, "-m", "nianbao.cli", "alerts"]
    environment = os.environ | {"NIANBAO_HOME": str(home.settings.home)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "set it aside" in done.stderr and "Traceback" not in done.stderr
