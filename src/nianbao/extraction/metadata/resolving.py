"""Who reports, and for which division: chosen among the bodies that a text, its title and its address name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...model import Department, Host, Issuer, Region
from ..text.cleaning import fold
from ..text.script import simplify
from .addresses import Address, AddressIndex
from .candidates import POSTING, Stated, named_bodies
from .issuers import IssuerIndex, Wording, abbreviates, full_name
from .naming import (
    BODY,
    Name,
    is_own,
    lead_beginning,
    speaker,
    split_party,
    spoken_by,
)
from .regions import RegionIndex

# A division by its form, known or not; zones of all kinds end like districts and are none.
_DIVISION = re.compile(
    r"(?![我本全各该每两])[\u4e00-\u9fff]{1,6}[省市县旗盟州区](?<!开发区|高新区|经开区|示范区|保税区|度假区|试验区|管理区)(?<!新区|景区|园区|社区|校区|林区|矿区|库区|灌区)"
)
_SITE = re.compile(r"人民政府(?:门户)?网|政府(?:门户)?网")
_DIVISIONS = "省市区县州旗盟"
_LOCAL_KINDS = ("街道", "镇", "乡")
_LOCAL_BODY = re.compile(
    r"(?<![\u4e00-\u9fff])((?:[\u4e00-\u9fff]{2,6}?[区县市旗])?(?![我本全各该每有所乡镇街])[\u4e00-\u9fff]{2,4}?(?:街道|镇|乡))(?!镇)"
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The issuer: its full name, the registry's entry if there is one, its region and what said so."""

    name: str
    issuer: Issuer | None
    region: Region | None
    source: Name
    confidence: str


class Bodies:
    """Everything that the registry knows about bodies and divisions, ready for lookup."""

    def __init__(
        self,
        regions: Sequence[Region],
        issuers: Sequence[Issuer],
        hosts: Sequence[Host],
        departments: Sequence[Department],
    ) -> None:
        self.regions = RegionIndex(regions)
        self.issuers = IssuerIndex(issuers, self.regions)
        self.wording = Wording(departments)
        self.addresses = AddressIndex(hosts, departments, self.regions)


def resolve_issuer(
    stated: Stated, bodies: Bodies
) -> tuple[Resolved | None, tuple[str, ...], tuple[Region, str, str] | None]:
    """(issuer, co-issuers, region with its confidence and place), the region also when no issuer could be made out."""
    names = named_bodies(stated)
    government, party = split_party([n.text for n in names if n.rule == "issuer.title"])
    own = [n for n in names if n.rule != "issuer.title" or n.text in government]
    own = [n for n in own if n.text not in party]
    choice = _Choice(stated, bodies, names)
    resolved = choice.among(own)
    co_issuers = tuple(dict.fromkeys(party)) if government else ()
    if resolved is None and party and not government:
        resolved = choice.among([n for n in names if n.text in party])
    if resolved is None:
        resolved = choice.by_default() or choice.by_speaker() or choice.by_mention() or choice.by_address()
    if resolved is None:
        return None, co_issuers, choice.region_alone()
    if choice.region is not None and choice.region[1] != "sure" and resolved.confidence == "sure":
        resolved = replace(resolved, confidence="likely")
    if resolved.region is None:
        return resolved, co_issuers, None
    place = "url" if choice.by_host else resolved.source.place
    return resolved, co_issuers, (resolved.region, resolved.confidence, place)


def _trust(name: Name, *, sure: bool = True) -> str:
    return "sure" if sure and name.rule not in POSTING else "likely"


class _Choice:
    """Chooses among names, makes the choice full and looks it up."""

    def __init__(self, stated: Stated, bodies: Bodies, names: Sequence[Name]) -> None:
        self.bodies, self.regions = bodies, bodies.regions
        self.default = stated.default_issuer
        self.names = names
        self.address: Address = bodies.addresses.read(stated.url)
        self.lead = stated.lead
        self.speaker = speaker(stated.lead)
        given = self.regions.by_code.get(self.default.region_code) if self.default else None
        self.hints = (given,) if given else self.address.regions
        self.context = simplify(
            f"{stated.page_title} {stated.link_title} {' '.join(stated.meta.values())}"
            f" {fold(stated.text[:1500])} {fold(stated.text[-400:])}"
        )
        self.by_host = False
        self.region = self._region(stated, given)

    def _region(self, stated: Stated, given: Region | None) -> tuple[Region, str] | None:
        """The division that the issuer belongs to, and how sure that is."""
        places = [n.text for n in self.names if n.rule not in POSTING]
        places.append(lead_beginning(stated.lead))
        places += [n.text for n in self.names if n.rule in ("issuer.source", "issuer.meta", "issuer.site")]
        context = self.context
        places += [context[max(0, match.start() - 16) : match.start()] for match in _SITE.finditer(context)]
        places += [stated.title or "", stated.page_title, stated.lead[:120]]
        for place in places:
            located = self.regions.locate(fold(place), context, self.hints)
            if located is not None and self._from_here(located.region):
                return located.region, "sure" if located.sure else "likely"
        if given is not None:
            return given, "sure"
        for name in self.names:
            named = self.regions.by_short_name(name.text)
            if named is not None:
                return named, "likely"
        if self.address.region is not None:
            self.by_host = True
            return self.address.region, "likely" if self.address.listed else "weak"
        return None

    def _from_here(self, region: Region) -> bool:
        """False where a place is only what the issuer's own division lies in: 区 of a city whose host says which."""
        known = self.hints[0] if len(self.hints) == 1 else None
        return (
            known is None
            or region.code not in {r.code for r in self.regions.ancestors(known)}
            or bool(self.speaker in _DIVISIONS and region.name.endswith(self.speaker or "-"))
        )

    def among(self, names: Sequence[Name]) -> Resolved | None:
        """The issuer that the names speak of, None if none is one."""
        wanted = [n for n in names if not self._only_posted(n)]
        for name in wanted:
            place = self._region_of(name)
            if place is None and self.regions.begins_with_name(name.text):
                continue  # one of several namesakes; that the registry knows just one of them proves nothing
            for form in (name.text, self.bodies.wording.expand(name.text)):
                issuer = self.bodies.issuers.find(form, place)
                if issuer is not None and not is_own(name.text):
                    region = self.regions.by_code.get(issuer.region_code)
                    return Resolved(issuer.name, issuer, region, name, _trust(name))
        for name in wanted:
            resolved = self._unregistered(name, names)
            if resolved is not None:
                return resolved
        return None

    def by_default(self) -> Resolved | None:
        """The issuer whose reports the source holds."""
        if self.default is None:
            return None
        region = self.regions.by_code.get(self.default.region_code)
        name = Name(self.default.name, "given", "issuer.source")
        return Resolved(self.default.name, self.default, region, name, "likely")

    def region_alone(self) -> tuple[Region, str, str] | None:
        """The region where no issuer could be made out, unless the text is about a division in it (我区 of a city)."""
        if self.region is None or (
            self._speaks_for_division() and self._division(self.speaker, self.region[0]) is None
        ):
            return None
        return *self.region, "url" if self.by_host else "text"

    def _speaks_for_division(self) -> bool:
        return self.speaker != "" and self.speaker in _DIVISIONS

    def by_speaker(self) -> Resolved | None:
        """The government of the division that the text calls its own (我区)."""
        if self.region is None or not self._speaks_for_division():
            return None
        region = self._division(self.speaker, self.region[0])
        if region is None:
            return None
        made = self._made("人民政府", region, "issuer.speaker")
        # The division itself may be known by the address alone.
        return made if self.by_host else replace(made, source=replace(made.source, place="text"))

    def by_mention(self) -> Resolved | None:
        """The street or town that a text names most which calls itself 我街道, 我镇."""
        if self.speaker not in _LOCAL_KINDS:
            return None
        named = Counter(
            match[1] for match in _LOCAL_BODY.finditer(self.context) if match[1].endswith(self.speaker)
        )
        if not named:
            return None
        name = Name(named.most_common(1)[0][0], "text", "issuer.mention")
        resolved = self._unregistered(name, ())
        return replace(resolved, confidence="weak") if resolved else None

    def by_address(self) -> Resolved | None:
        """The body that the address speaks of, where the text only says 我局 or nothing."""
        address, kind = self.address, self.speaker
        region = self.region[0] if self.region else None
        if address.region is None or region is None or self._speaks_for_division():
            return None
        if address.body and spoken_by(address.body, kind):
            return self._made(address.body, address.region, "issuer.address")
        fitting = [name for name in address.departments if spoken_by(name, kind)]
        fitting = fitting or [name for name in address.columns if kind and spoken_by(name, kind)]
        if fitting:
            # Labels are short: 商务局 and 水务局 are both swj, and the text says which.
            best = max(fitting, key=lambda name: min(self.context.count(name[:2]), 5))
            return self._made(best, region, "issuer.address")
        if not kind and address.general:
            return self._made("人民政府", region, "issuer.address")
        return None

    def _made(self, text: str, region: Region, rule: str) -> Resolved:
        full = full_name(text, region, self.regions)
        issuer = self.bodies.issuers.find(full, region)
        name = Name(text, "url", rule)
        return Resolved(issuer.name if issuer else full, issuer, region, name, "weak")

    def _division(self, kind: str, region: Region) -> Region | None:
        """The region or the one it lies in whose name ends in `kind`."""
        chain = (region, *self.regions.ancestors(region))
        return next((each for each in chain if each.name.endswith(kind)), None)

    def _only_posted(self, name: Name) -> bool:
        """Whether a name only says who put the page up: someone else is named, or the text speaks of itself otherwise."""
        if name.rule not in POSTING:
            return False
        if self.speaker and not spoken_by(self.bodies.wording.expand(name.text), self.speaker):
            return True
        return any(n.rule not in POSTING and not is_own(n.text) and self._is_body(n.text) for n in self.names)

    def _is_body(self, text: str) -> bool:
        if BODY.match(text) or self._unknown_division(text):
            return True
        located = self.regions.locate(text, self.context, self.hints)
        return located is not None and located.start == 0 and located.end == len(text)

    def _unknown_division(self, text: str) -> bool:
        """True for the name of a division that the registry does not have: such a report is of no body it has."""
        return (
            len(text) >= 3
            and _DIVISION.fullmatch(text) is not None
            and not self.regions.begins_with_name(text)
            and self.regions.locate(text, self.context, self.hints) is None
        )

    def _region_of(self, name: Name) -> Region | None:
        located = self.regions.locate(name.text, self.context, self.hints)
        if located is not None and located.start == 0:
            return located.region
        return self.region[0] if self.region else None

    def _unregistered(self, name: Name, names: Sequence[Name]) -> Resolved | None:
        """A body that the registry does not know, by its name alone or with what completes it."""
        text, wording = name.text, self.bodies.wording
        if is_own(text):
            return None
        located = self.regions.locate(text, self.context, self.hints)
        if located is None and self.regions.begins_with_name(text):
            # namesakes that nothing tells apart: no region rather than a wrong one
            body = text + "人民政府" if text[-1] in _DIVISIONS else wording.expand(text)
            return Resolved(body, None, None, name, "weak")
        if located is not None and located.start == 0:
            if located.end == len(text):
                # a title that names only the division speaks of its government
                return self._full(text + "人民政府", located.region, name, "likely")
            trust = _trust(name, sure=located.sure)
            return self._full(wording.expand(text), located.region, name, trust) if BODY.match(text) else None
        if name.rule == "issuer.title" and self._unknown_division(text):
            return Resolved(text + "人民政府", None, None, name, "weak")
        if not BODY.match(text) or len(text) < 3:
            return None
        return self._completed(name, names) or self._local(name)

    def _completed(self, name: Name, names: Sequence[Name]) -> Resolved | None:
        """A short name that another name or the address spells out."""
        text, wording = name.text, self.bodies.wording
        for other in names:
            if other is not name and abbreviates(text, other.text) and BODY.match(other.text):
                located = self.regions.locate(other.text, self.context, self.hints)
                if located is not None and located.start == 0:
                    trust = "sure" if located.sure else "likely"
                    return self._full(wording.expand(other.text), located.region, other, trust)
        body, region = self.address.body, self.address.region
        if region is not None and body and abbreviates(wording.expand(text), body):
            return self._made(body, region, "issuer.address")
        return None

    def _local(self, name: Name) -> Resolved:
        """A name without its division, which is the one of the report."""
        text = name.text
        region, trust = self.region or (None, "weak")
        if region is not None and text[0] in _DIVISIONS:
            # 县教育局 on the site of a city: which county is not known
            region = self._division(text[0], region)
        confidence = "weak" if region is None or trust == "weak" else "likely"
        return self._full(self.bodies.wording.expand(text), region, name, confidence)

    def _full(self, text: str, region: Region | None, name: Name, confidence: str) -> Resolved:
        full = full_name(text, region, self.regions)
        issuer = self.bodies.issuers.find(full, region) if region else None
        return Resolved(issuer.name if issuer else full, issuer, region, name, confidence)
