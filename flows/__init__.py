"""Prefect flows: thin wrappers over the stages. The only place that knows Prefect."""

import logging
import os
from pathlib import Path

from nianbao.settings import Settings, library_environment

# Before Prefect is imported anywhere: it reads its environment once, and does not make its home.
library_environment(Settings())
if "PREFECT_HOME" in os.environ:
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
# Prefect takes what the stages log into a run's pages, but leaves it to others which of it is worth telling.
if logging.getLogger("nianbao").level == logging.NOTSET:
    logging.getLogger("nianbao").setLevel(logging.INFO)
