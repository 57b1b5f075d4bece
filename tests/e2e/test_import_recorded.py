"""A recording of other software, imported: the reports in it, from the hosts of the registry, with their own dates."""

import json
from io import BytesIO
from urllib.parse import urlsplit

from support import Command
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from nianbao.settings import project_dir
from nianbao.simulation import build_world, write_registry


def recording(world):
    """The world's pages and files as somebody's crawler recorded them, with a page of a foreign site among them."""
    sink = BytesIO()
    writer = WARCWriter(sink, gzip=True)
    for url in sorted(
        {url for report in world.reports for url in report.urls} | {page.url for page in world.pages}
    ):
        parts = urlsplit(url)
        found = world.sites[parts.hostname].find(parts.path)
        body = found.body
        _write(writer, url, body, found.media_type)
    _write(writer, "http://copies.test/report.html", body, "text/html")
    return sink.getvalue()


def _write(writer, url, body, media_type):
    http = StatusAndHeaders("200 OK", [("Content-Type", media_type)], protocol="HTTP/1.1")
    fields = {"WARC-Date": "2025-04-05T06:07:08Z"}
    writer.write_record(
        writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict=fields,
        )
    )


def test_a_recording_gives_the_reports_that_its_pages_hold(tmp_path, prefect_api):
    world = build_world(districts=1, issuers=2, years=(2023,))
    write_registry(world, tmp_path / "registry", project_dir("data"))
    (tmp_path / "recorded.warc.gz").write_bytes(recording(world))
    command = Command(tmp_path / "home", PREFECT_API_URL=prefect_api, NIANBAO_DATA=str(tmp_path / "registry"))
    command("import", tmp_path / "recorded.warc.gz")
    assert command.rows("select count(*) as n from fct_report") == [{"n": len(world.reports)}]
    captures = json.loads(command("archive", "list", "--json"))
    assert captures and {row["fetched_at"] for row in captures} == {"2025-04-05T06:07:08+00:00"}
    assert not [row for row in captures if "copies.test" in row["url"]]
    outcomes = json.loads(command("status", "--json"))["outcomes"]
    (foreign,) = [row for row in outcomes if row["outcome"] == "host_not_allowed"]
    assert "copies.test" in foreign["sentence"]
    assert "The archive is whole." in command("archive", "verify")
    assert "nothing is new" in command("import", tmp_path / "recorded.warc.gz")
