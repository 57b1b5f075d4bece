"""Families of sites: one small class per way of publishing (docs/families.md)."""
