"""The views of the explorer, a module per kind of page: each takes what is asked and an open release, and gives a page."""
