"""Simulated district websites, with the truth about them (docs/simulation.md)."""

from __future__ import annotations

from .config import Fate
from .copies import CopyKind
from .faults import Fault, FaultKind, named_faults
from .formats.scan import find_chinese_font
from .hazards import HAZARDS, hazards_world
from .injection import inject_faults
from .overlay import OverlaidSite
from .pages_folder import FolderSite, PagesFolderError, folder_sites
from .registry_files import write_registry
from .server import SimulatedSites
from .site import Resource, Site, StaticSite, Validators
from .world import World, build_world, truth_json

__all__ = [
    "HAZARDS",
    "CopyKind",
    "Fate",
    "Fault",
    "FaultKind",
    "FolderSite",
    "OverlaidSite",
    "PagesFolderError",
    "Resource",
    "SimulatedSites",
    "Site",
    "StaticSite",
    "Validators",
    "World",
    "build_world",
    "find_chinese_font",
    "folder_sites",
    "hazards_world",
    "inject_faults",
    "named_faults",
    "truth_json",
    "write_registry",
]
