"""Chaos: what a refresh survives."""
