"""The flow of benchmarks/workers.py. It goes to the workers with each task: by its name as it stands in a module, with all that it
refers to if it stood in the program."""

from __future__ import annotations

from collections.abc import Sequence

from prefect import flow

from flows.reading import hand_out
from nianbao.warehouse.workplace import Parcel

parcels: Sequence[Parcel] = ()


@flow(name="workers", validate_parameters=False)
def read(workers: str) -> None:
    """Reads and extracts the batches that were laid out."""
    hand_out(workers, parcels, lambda done: None)
