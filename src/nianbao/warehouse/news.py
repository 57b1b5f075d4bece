"""What the reports of a candidate are beside those of the current release: edited, late, or under a second address."""

from __future__ import annotations

from pathlib import Path

import duckdb

from nianbao import clock
from nianbao.model import Outcome, OutcomeRow
from nianbao.warehouse.database import Database, attach
from nianbao.warehouse.engine import DUCKDB_CONFIG
from nianbao.warehouse.schema import RAW_SCHEMA

# Captures that held a report, each with the report and the text it held. `added` are those the release does
# not have. Days are those of China, whatever clock the machine keeps.
_REPORTS = f"""
create temp table report as
select c.capture_id, c.url, c.source_id, c.fetched_at, e.edition_id, e.report_id, e.issuer_name, e.report_kind,
       e.report_year, cast(c.fetched_at at time zone 'Asia/Shanghai' as date) as fetched_on,
       coalesce(e.published_date, fetched_on) as published, {{added}} as added
from candidate.{RAW_SCHEMA}.capture c join candidate.{RAW_SCHEMA}.edition e using (edition_id)
"""
_IN_RELEASE = f"c.capture_id not in (select capture_id from published.{RAW_SCHEMA}.capture)"
# The text that stood at the same address before is the one that was edited.
_EDITED = """
select 'edited', now.capture_id, now.url, now.source_id,
       printf('%s %d at %s has been edited: its text differs from the one of %s (capture %s)', now.issuer_name,
              now.report_year, now.url, strftime(before.fetched_on, '%Y-%m-%d'), before.capture_id)
from report now asof join report before
  on now.url = before.url and now.fetched_at > before.fetched_at
where now.added and now.edition_id <> before.edition_id and now.report_id = before.report_id
"""
_DUPLICATE = """
select 'duplicate', now.capture_id, now.url, now.source_id,
       printf('%s %d at %s stands also at %s; both addresses count as one report', now.issuer_name, now.report_year,
              now.url, first.url)
from report now join (
    select report_id, edition_id, arg_min(url, (fetched_at, capture_id)) as url from report group by all
) first using (report_id, edition_id)
where now.added and now.url <> first.url
"""
# Only beside a release: what an archive begins with has no news in it.
_LATE = """
select 'late', now.capture_id, now.url, now.source_id,
       printf('%s %d at %s came out on %s, %d days late', now.issuer_name, now.report_year, now.url,
              strftime(now.published, '%Y-%m-%d'), now.published - due.publish_by + 1)
from report now join lateral (
    select make_date(now.report_year + 1, publish_month, publish_day) as publish_by
    from read_csv($calendar) as calendar
    where calendar.report_kind in (now.report_kind, '*')
      and now.report_year between first_report_year and last_report_year
    order by case when calendar.report_kind = '*' then 1 else 0 end limit 1
) due on true
where now.added and now.published >= due.publish_by
  and now.report_id not in (select report_id from published.main.fct_report)
qualify row_number() over (partition by now.report_id order by now.fetched_at, now.capture_id) = 1
"""


def news(candidate: Database, published: Path | None, project: Path) -> list[OutcomeRow]:
    """Compares the reports of a loaded candidate with those of a release; one row of stage compare for each that is edited, late or double.

    published: the current release's file, None before the first release. project: the dbt project, whose seed
    report_calendar.csv says until when a report has to be made public.
    """
    with duckdb.connect(config=DUCKDB_CONFIG) as connection:
        attach(connection, "candidate", candidate)
        if published is not None:
            attach(connection, "published", published)
        connection.execute(_REPORTS.format(added=_IN_RELEASE if published is not None else "true"))
        found = connection.execute(_EDITED).fetchall() + connection.execute(_DUPLICATE).fetchall()
        if published is not None:
            calendar = str(project / "seeds" / "report_calendar.csv")
            found += connection.execute(_LATE, {"calendar": calendar}).fetchall()
    now = clock.now()
    return [
        OutcomeRow("compare", Outcome(outcome), sentence, url, source_id, now, capture_id)
        for outcome, capture_id, url, source_id, sentence in sorted(found, key=lambda row: (row[0], row[2]))
    ]
