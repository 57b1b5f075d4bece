"""Full text search over reports, sections, figures and references (docs/search.md).

    index = open_index(release.folder / "search")
    found = index.search('行政复议 -信访', regions=["31"], years=(2021, None))

No database and no network: whoever builds an index hands over editions (entries.Edition), whoever searches one a folder.
"""

from nianbao.search.found import KINDS, Facets, Found, Hit, SearchError, Snippet
from nianbao.search.index import Index, open_index
from nianbao.search.schema import index_version
from nianbao.search.snippet import marks

__all__ = [
    "KINDS",
    "Facets",
    "Found",
    "Hit",
    "Index",
    "SearchError",
    "Snippet",
    "index_version",
    "marks",
    "open_index",
]
