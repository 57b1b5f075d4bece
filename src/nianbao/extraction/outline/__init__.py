"""Headings of all styles, their levels, kinds and sub-kinds."""
