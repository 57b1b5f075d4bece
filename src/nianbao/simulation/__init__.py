"""Simulated district websites, with the truth about them (docs/simulation.md)."""

from __future__ import annotations

from .faults import Fault, FaultKind, named_faults
from .hazards import HAZARDS, hazards_world
from .pages_folder import FolderSite, PagesFolderError, folder_sites
from .registry_files import write_registry
from .server import SimulatedSites
from .site import Resource, Site, StaticSite
from .world import World, build_world, truth_json

__all__ = [
    "HAZARDS",
    "Fault",
    "FaultKind",
    "FolderSite",
    "PagesFolderError",
    "Resource",
    "SimulatedSites",
    "Site",
    "StaticSite",
    "World",
    "build_world",
    "folder_sites",
    "hazards_world",
    "named_faults",
    "truth_json",
    "write_registry",
]
