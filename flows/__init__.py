"""Prefect flows: thin wrappers over the stages. The only place that knows Prefect."""

import os
from pathlib import Path

from nianbao.settings import Settings, library_environment

# Before Prefect is imported anywhere: it reads its environment once, and does not make its home.
library_environment(Settings())
if "PREFECT_HOME" in os.environ:
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
