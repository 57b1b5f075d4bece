"""Objects under an address: what archive, lake and releases last in when not on this machine alone (docs/storage.md)."""

from nianbao.storage.bundles import Bundle, bundles_below, fetch_bundle, put_bundle, verify_bundle
from nianbao.storage.objects import Objects, StaleError, StorageError, each_of

__all__ = [
    "Bundle",
    "Objects",
    "StaleError",
    "StorageError",
    "bundles_below",
    "each_of",
    "fetch_bundle",
    "put_bundle",
    "verify_bundle",
]
