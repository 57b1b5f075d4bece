"""Scrapy for harvest.py: fetches a list of addresses, collects the links of each page, prints answers per second.

With a folder as second argument each answer is also written there as a WARC record, synced to disk, one file per host.
"""

from __future__ import annotations

import json
import os
import sys
import time
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

GIVEN = json.loads(Path(sys.argv[1]).read_text())
PORTS = dict(pair.split("=127.0.0.1:") for pair in GIVEN["resolve"].split(","))


class Pages(scrapy.Spider):
    """Asks for every address once."""

    name = "pages"
    answers = 0

    async def start(self):
        """The addresses, led to the simulated sites, with the host's own name."""
        for url in GIVEN["urls"]:
            parts = urlsplit(url)
            local = parts._replace(netloc=f"127.0.0.1:{PORTS[parts.hostname]}").geturl()
            yield scrapy.Request(
                local,
                headers={"Host": parts.hostname},
                dont_filter=True,
                # One slot per host, as for sites of their own.
                meta={"download_slot": parts.hostname, "handle_httpstatus_all": True},
            )

    def parse(self, response):
        """Collects what a crawler would look at."""
        Pages.answers += 1
        if isinstance(response, scrapy.http.HtmlResponse):
            response.css("a::attr(href)").getall()
        if len(sys.argv) > 2:
            archive(response, Path(sys.argv[2]))


def archive(response, folder):
    """Writes an answer as a WARC record of its own gzip member."""
    sink = BytesIO()
    writer = WARCWriter(sink, gzip=True, warc_version="1.1")
    headers = [(k.decode(), v[0].decode("latin-1")) for k, v in response.headers.items() if v]
    head = StatusAndHeaders(f"{response.status} OK", headers, protocol="HTTP/1.1")
    host = response.meta["download_slot"]
    url = response.url.replace(urlsplit(response.url).netloc, host)
    writer.write_record(
        writer.create_warc_record(url, "response", payload=BytesIO(response.body), http_headers=head)
    )
    with (folder / f"{host}.warc.gz").open("ab") as file:
        file.write(sink.getvalue())
        file.flush()
        os.fsync(file.fileno())


def main() -> None:
    """Prints the rate."""
    process = CrawlerProcess(
        {
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS": 64,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "RETRY_ENABLED": False,
            "REDIRECT_ENABLED": False,
        }
    )
    process.crawl(Pages)
    began = time.perf_counter()
    process.start()
    print(Pages.answers / (time.perf_counter() - began))


if __name__ == "__main__":
    main()
