"""A website with changes on top: other answers at some addresses, faults, manners of the whole site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .faults import Fault
from .site import Resource, Site


@dataclass(slots=True)
class OverlaidSite:
    """Answers from `resources` first (None: nothing is there), else from the site below.

    change: applied to everything that is found. faults: by target; may be set and removed while the site is served.
    everywhere: what goes wrong where no other fault is set.
    """

    base: Site
    resources: Mapping[str, Resource | None] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    everywhere: Fault | None = None
    change: Callable[[str, Resource], Resource] | None = None
    refused: bool = False

    def find(self, target: str) -> Resource | None:
        """The answer for a target."""
        found = self.resources[target] if target in self.resources else self.base.find(target)
        return self.change(target, found) if found and self.change else found

    def fault(self, target: str) -> Fault | None:
        """What goes wrong for a target."""
        return self.faults.get(target) or self.base.fault(target) or self.everywhere


@dataclass(slots=True)
class MovedSite:
    """A website that has gone to another host: every address redirects there for good."""

    host: str
    refused: bool = False

    def find(self, target: str) -> Resource | None:
        """A permanent redirect to the same path of the new host; nothing at robots.txt."""
        if target == "/robots.txt":
            return None
        return redirect(f"http://{self.host}{target}")

    def fault(self, target: str) -> Fault | None:
        """Nothing goes wrong here."""
        return None


def redirect(location: str) -> Resource:
    """A permanent redirect."""
    return Resource(b"", "text/html", status=301, headers=(("Location", location),))
