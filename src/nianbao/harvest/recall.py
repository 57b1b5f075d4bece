"""Gives a memory that is new, or was lost, what the archive knows: which pages and files each source has."""

from __future__ import annotations

from nianbao.archive import Archive
from nianbao.harvest.memory import Address, Memory
from nianbao.harvest.roles import ATTACHMENT, PAGE
from nianbao.model import Outcome


def recall(memory: Memory, archive: Archive) -> int:
    """Notes the newest capture of each page and file; returns how many. Pages that are no longer listed are thus looked
    at again all the same, and told when they are withdrawn."""
    captures = archive.captures(roles=(PAGE, ATTACHMENT), latest_per_url=True)
    for capture in captures:
        memory.note(
            Address(
                capture.url,
                capture.source_id,
                capture.role,
                parent_url=capture.parent_url,
                link_title=capture.link_title,
                link_date=capture.link_date,
                final_url=capture.url,
                etag=capture.etag,
                last_modified=capture.last_modified,
                looked_at=capture.fetched_at,
                outcome=Outcome.OK,
                capture_id=capture.capture_id,
            )
        )
    return len(captures)
