"""Where a run is killed: in the place of a call of a function, or some time after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PUBLISHING = "nianbao.warehouse.release.publication"


@dataclass(frozen=True)
class Kill:
    """One point. arguments: what is run and then run again. short: also part of `make test`."""

    stage: str
    calls: str
    number: int = 1
    do: str = "kill"
    after: float | None = None
    arguments: tuple[str, ...] = ("refresh",)
    short: bool = False

    @property
    def name(self) -> str:
        """The stage and the point in it."""
        what = self.calls.partition(":")[2] + (f" {self.number}" if self.number > 1 else "")
        return f"{self.stage}: {what}" + (f" + {self.after:g} s" if self.after is not None else "")

    @property
    def plan(self) -> dict[str, Any]:
        """For driver.py."""
        plan: dict[str, Any] = {"calls": self.calls, "number": self.number, "do": self.do}
        return plan | ({} if self.after is None else {"after": self.after})


REEXTRACT = ("reextract", "--publish")
IMPORT = ("import", "{files}")
COLLECT = ("releases", "gc")

KILLS = (
    Kill("harvest, half a record", "nianbao.archive.segments:_write_all", 3, do="half", short=True),
    Kill("harvest, a record nobody knows", "nianbao.archive.index:Index.add", 2),
    Kill("harvest, before a request", "nianbao.harvest.fetcher:Fetcher.send", 4),
    Kill("harvest, the visit's memory", "nianbao.harvest.memory:Memory.end_visit"),
    Kill("harvest, between sources", "nianbao.warehouse.ledger:Ledger.add_visit"),
    Kill("harvest, before a segment is sealed", "nianbao.archive.writer:write_cdxj"),
    Kill("read, in a file", "nianbao.sandbox.reader:BoundedReader.read", 2),
    Kill("extract, in a batch", "nianbao.extraction.extractor:Extractor.extract", 2),
    Kill("lake, half a batch", "nianbao.warehouse.lake:pq.write_table", 3, short=True),
    Kill("lake, after a batch", "nianbao.warehouse.ledger:Ledger.add_outcomes", 4),
    Kill("outcomes of earlier nights", "nianbao.warehouse.operation:OutcomeLake.catch_up"),
    Kill("load, before the copy", "nianbao.warehouse.load:_copy"),
    Kill("load, in the tables", "nianbao.warehouse.load:_replace", 3, short=True),
    Kill("load, changes", "nianbao.warehouse.load:_load_changes"),
    Kill("news", "flows.build:news"),
    Kill("align, computing", "nianbao.warehouse.align:_computed", after=0.2),
    Kill("align, half a batch", "nianbao.warehouse.align_lake:pq.write_table", 2),
    Kill("align, loading", "flows.build:load_alignment"),
    Kill("transform, parsing", "nianbao.warehouse.transform:Dbt.__init__", after=1.0),
    Kill("transform, building", "nianbao.warehouse.transform:Dbt.results", after=0.7, short=True),
    Kill("transform, testing", "nianbao.warehouse.transform:Dbt.results", after=4.0),
    Kill("validate, Great Expectations", "flows.build:validate", after=1.0),
    Kill("validate, verdicts as rows", "flows.build:write_verdicts"),
    Kill("validate, verdicts in the ledger", "nianbao.warehouse.ledger:Ledger.add_verdicts"),
    Kill("release, checkpoint", "flows.build:finish"),
    Kill("release, Parquet", f"{PUBLISHING}:export", 5),
    Kill("release, texts", f"{PUBLISHING}:_link_texts"),
    Kill("release, hashing", f"{PUBLISHING}:sha256_of", 3),
    Kill("release, sealing", f"{PUBLISHING}:seal"),
    Kill("release, before the link moves", f"{PUBLISHING}:point_current", short=True),
    Kill("release, half a link", "nianbao.warehouse.release.store:sync"),
    Kill("end, before the row", "nianbao.warehouse.ledger:Ledger.end"),
    Kill("end, before the outcomes are kept", "nianbao.warehouse.operation:OutcomeLake.write"),
    Kill("import, archiving", "nianbao.archive.index:Index.add", 2, arguments=IMPORT),
    Kill("import, reading", "nianbao.warehouse.lake:pq.write_table", 2, arguments=IMPORT),
    Kill("reextract, noting kept rows", "nianbao.warehouse.lake:Lake.keep", arguments=REEXTRACT),
    Kill("reextract, half a batch", "nianbao.warehouse.lake:pq.write_table", 3, arguments=REEXTRACT),
    Kill("reextract, comparing", "flows.build:difference", arguments=REEXTRACT),
    Kill("reextract, before the link moves", f"{PUBLISHING}:point_current", arguments=REEXTRACT),
    Kill("gc, removing", "nianbao.warehouse.release.retention:shutil.rmtree", arguments=COLLECT),
)
