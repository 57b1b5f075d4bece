"""Lake rows made by hand, for tests of the warehouse."""

from datetime import UTC, date, datetime
from decimal import Decimal


def batch(
    capture="urn:uuid:1", edition="e1", fetched=datetime(2026, 3, 2, tzinfo=UTC), value="35", year=2025
):
    """The tables of a batch with one capture of one edition that holds one figure."""
    key = {"edition_id": edition, "capture_id": capture}
    return {
        "capture": [
            {
                **key,
                "url": "http://www.qinghe.gov.test/1.html",
                "source_id": "qinghe",
                "role": "page",
                "link_title": "",
                "fetched_at": fetched,
                "status": 200,
                "media_type": "text/html",
                "payload_sha256": "00",
                "segment": "s.warc.gz",
                "record_offset": 0,
                "record_length": 10,
                "outcome": "report",
                "sentence": "",
                "rules_version": "r",
            }
        ],
        "edition": [
            {
                **key,
                "report_id": f"qinghe-gov/rule_of_law/{year}",
                "issuer_id": "qinghe-gov",
                "issuer_name": "澜川市青禾区人民政府",
                "issuer_registered": True,
                "issuer_level": "county",
                "department_type": "government",
                "region_code": "990101",
                "region_name": "澜川市青禾区",
                "report_kind": "rule_of_law",
                "report_year": year,
                "title": f"{year}年法治政府建设情况报告",
                "published_date": date(year + 1, 3, 1),
                "n_chars": 12,
                "evidence": "{}",
                "rules_version": "r",
            }
        ],
        "text": [{**key, "text": "召开党组会议35次。"}],
        "figure": [
            {
                **key,
                "figure_id": f"{edition}:6-9",
                "ordinal": 0,
                "start_offset": 6,
                "end_offset": 9,
                "text": "35次",
                "value": Decimal(value),
                "unit": "次",
                "qualifier": "exact",
                "measure": "党组会议",
                "scope": "own",
                "fact_year": year,
                "is_target": False,
                "indicator_id": "party_group_meetings",
                "sentence": "召开党组会议35次。",
                "rule": "count",
                "rules_version": "r",
            }
        ],
    }
