"""Families of sites: one small class per way of publishing (docs/families.md)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from nianbao.harvest.families import pages
from nianbao.harvest.families.answers import DetailsJson, Jsonp
from nianbao.harvest.families.base import ListingPage, Page, SiteFamily
from nianbao.harvest.families.gkmlpt import Gkmlpt
from nianbao.harvest.families.recordset import Jpage, TrsRecordset
from nianbao.model import Family, Source

# In the order in which a page is asked what speaks for each: what only one system has comes first.
FAMILIES: Mapping[Family, SiteFamily] = MappingProxyType(
    {
        family.name: family
        for family in (
            Gkmlpt(),
            Jsonp(),
            DetailsJson(),
            TrsRecordset(),
            Jpage(),
            pages.TRS,
            pages.SHANGHAI_HEX,
            pages.DAY_OF_YEAR,
            pages.SNOWFLAKE,
            pages.CONTENT_ID,
            pages.PUBLIC_PLATFORM,
            pages.VSB,
            pages.GENERIC,
        )
    }
)


def family_of(source: Source) -> SiteFamily:
    """The family that a source says its site belongs to."""
    return FAMILIES[source.family]


__all__ = ["FAMILIES", "ListingPage", "Page", "SiteFamily", "family_of"]
