"""How the site's search cuts text: Chinese into pairs of characters, all else as Sphinx cuts English.

Sphinx takes a run of Chinese for one word, so that only whole runs would be found. Pairs find every piece of two characters
and more, as nianbao's own index does (docs/search.md).
"""

from __future__ import annotations

import re

from sphinx.search.en import SearchEnglish

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")


class PairedSearch(SearchEnglish):
    """Sphinx's search language `pairs`."""

    lang = "pairs"
    js_splitter_code = """
var splitQuery = (query) => (query.match(/[\\u3400-\\u9fff]+|[^\\s\\p{P}\\u3400-\\u9fff]+/gu) || []).flatMap((run) =>
  /^[\\u3400-\\u9fff]{2,}$/.test(run) ? [...run].slice(0, -1).map((sign, at) => sign + [...run][at + 1]) : [run]);
"""

    def split(self, input: str) -> list[str]:
        """The words of a text, in its order."""
        return [word for run in _RUN.findall(input) for word in _pairs(run)]


def _pairs(run: str) -> list[str]:
    if len(run) < 2 or not "\u3400" <= run[0] <= "\u9fff":
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]
