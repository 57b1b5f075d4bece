"""Sphinx's settings for the documentation site; docs/site/build.py calls it."""

from words import PairedSearch

project = "nianbao 年报"
copyright = "the authors of nianbao"
extensions = ["myst_parser", "sphinx.ext.graphviz"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # pages written by programs skip levels
html_theme = "furo"
html_title = "nianbao 年报"
html_show_sphinx = False
html_copy_source = False
html_favicon = "static/mark.svg"
smartquotes = False  # what is quoted is to be found as it was written
html_show_sourcelink = False
html_search_language = "pairs"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_search_summary = False  # it would fetch each page, which a site opened as files may not
graphviz_output_format = "svg"


def setup(app: object) -> None:
    """Registers the way the search cuts text."""
    app.add_search_language(PairedSearch)  # type: ignore[attr-defined]
