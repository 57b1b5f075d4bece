"""Prefect flows: thin wrappers over the stages. The only place that knows Prefect."""

from nianbao.settings import Settings, library_environment

# Before Prefect is imported anywhere: it reads its environment once.
library_environment(Settings())
