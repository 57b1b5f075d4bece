"""Looks at sources over HTTP: politeness, discovery, fetching, outcomes. Every body is archived before it is read."""
