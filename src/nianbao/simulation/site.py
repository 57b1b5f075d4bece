"""What a simulated website holds: addresses and the bytes they answer with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from .faults import Fault

HTML = "text/html"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC = "application/msword"
WPS = "application/vnd.ms-works"
OFD = "application/ofd"


class Validators(StrEnum):
    """What a site says about the age of its pages: a closed list."""

    STRONG = "strong"  # ETag made of the bytes, and Last-Modified
    WEAK = "weak"  # the same with a weak ETag
    DATE = "date"  # Last-Modified only
    CHANGING = "changing"  # another ETag at every answer, and no date: never a 304
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Resource:
    """What one address answers with. media_type: as the Content-Type header says it, charset included or not.

    last_modified: aware time, None for an answer without validators (then there is no ETag either). validators: which
    of them the site gives.
    """

    body: bytes
    media_type: str
    last_modified: datetime | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    validators: Validators = Validators.STRONG

    @property
    def etag(self) -> str:
        """A strong validator made of the bytes: the same content always has the same one."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


class Site(Protocol):
    """What the server asks of a website. Targets are paths with their query, as in the request line."""

    def find(self, target: str) -> Resource | None:
        """The answer for a target; None where there is nothing."""

    def fault(self, target: str) -> Fault | None:
        """What goes wrong for a target; None where nothing does."""

    @property
    def refused(self) -> bool:
        """True for a host that nobody listens on."""


@dataclass(slots=True)
class StaticSite:
    """A website of fixed resources. faults may be set and removed while it is served."""

    resources: Mapping[str, Resource]
    faults: dict[str, Fault] = field(default_factory=dict)
    refused: bool = False

    def find(self, target: str) -> Resource | None:
        """The resource of exactly this target; a folder answers with its index page."""
        found = self.resources.get(target)
        if found is None and target.endswith("/"):
            found = self.resources.get(target + "index.html")
        return found

    def fault(self, target: str) -> Fault | None:
        """The fault of exactly this target."""
        return self.faults.get(target)
