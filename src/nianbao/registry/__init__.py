"""The registry: what people configure under `data/`, read and checked as a whole before anything runs.

`load_registry(folder, fallback)` gives a `model.Registry` or raises one `RegistryError` that lists every problem
found, each as "file:line: what is wrong, what to do". The layout is described in docs/registry.md.
"""

from nianbao.registry.load import load_registry
from nianbao.registry.problems import RegistryError

__all__ = ["RegistryError", "load_registry"]
