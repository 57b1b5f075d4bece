"""The analysts' web pages: what a release says, to look at, search, compare and take away. They only read.

Every view has an address; `lang=en` in it gives English, `release=ID` pins one release. Docs: docs/explorer.md.
"""

from nianbao.explorer.app import explorer_routes
from nianbao.explorer.asked import Asked

__all__ = ["Asked", "explorer_routes"]
