"""The archive: every exchange and imported file as WARC 1.1, with an index that is derived from it.

`Archive(folder)` keeps `segments/<batch>.warc.gz` (one gzip member per record, appended and synced record by record),
`segments/<batch>.cdxj` beside each that is sealed, and `index.sqlite`, which can be deleted at any time: `rebuild()`,
or the next use, makes it from the segments. docs/archive.md says more.

Writing (`with archive.writer(batch) as writer`) is for one process at a time, which the caller's lock guarantees;
its threads may each have a writer of their own. Reading is open to any number of processes meanwhile.
"""

from nianbao.archive.records import ArchiveError
from nianbao.archive.store import Archive
from nianbao.archive.verify import Finding, Verification, verify_archive
from nianbao.archive.writer import ArchiveWriter

__all__ = ["Archive", "ArchiveError", "ArchiveWriter", "Finding", "Verification", "verify_archive"]
