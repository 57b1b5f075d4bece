"""The calls at which trouble begins, named as "module:name" or "module:Class.method"."""

import importlib


def owner_of(point):
    """(what holds the function, its name there). Raises AttributeError for one that is not there any more."""
    module, _, name = point.partition(":")
    owner = importlib.import_module(module)
    *classes, name = name.split(".")
    for each in classes:
        owner = getattr(owner, each)
    getattr(owner, name)
    return owner, name
