"""Checks what the entries of sources/ say together: a family with its parameters, hosts with aliases, entry with entry."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from nianbao.model import Family
from nianbao.registry.problems import Place, Problems, did_you_mean
from nianbao.registry.references import Listed
from nianbao.registry.source_entry import FAMILY_PARAMETERS, PAGED_FAMILIES, SourceEntry, is_web_address

_PLACEHOLDER = re.compile(r"\{[^{}]{0,40}\}|[{}]")
_NUMBER = re.compile(r"0x[0-9a-f]+|[0-9]+")


def check_sources(sources: Sequence[Listed[SourceEntry]], problems: Problems) -> None:
    """Notes every fault that one key alone does not show."""
    for source in sources:
        if source.entry.family in tuple(Family):
            family = Family(source.entry.family)
            _parameters(source, family, problems)
            _pages(source, family, problems)
        _owners(source, problems)
        _private_addresses(source, problems)
        _aliases(source, problems)
    _one_entry_per_listing(sources, problems)
    _one_site_per_alias(sources, problems)


def _parameters(source: Listed[SourceEntry], family: Family, problems: Problems) -> None:
    known = FAMILY_PARAMETERS.get(family, ())
    for name in source.entry.parameters:
        if name not in known:
            hint = did_you_mean(name, known)
            if not hint:
                hint = f"; it has {_listed(known)}" if known else "; it has none, remove the line"
            problems.add(
                source.at("parameters", name), f"`{name}` is no parameter of the family {family}{hint}"
            )
    article = source.entry.parameters.get("article")
    if article is not None and "article" in known:
        fault = _article_fault(article, source.entry)
        if fault:
            problems.add(source.at("parameters", "article"), f"`article: {article}` {fault}")
    first = source.entry.parameters.get("first_page")
    if first is not None and "first_page" in known and not (first.isascii() and first.isdigit()):
        problems.add(
            source.at("parameters", "first_page"),
            f"`first_page: {first}` is no number; give the number of the listing's first page, mostly 0 or 1",
        )


def _article_fault(article: str, entry: SourceEntry) -> str:
    if not is_web_address(article):
        return "is no web address; give the article's address with {id} where its id stands"
    if _PLACEHOLDER.findall(article) != ["{id}"]:
        return "must hold {id} once and no other braces: the article's id goes there"
    if _host(article) not in {*map(_host, entry.addresses), *entry.hosts, *entry.aliases}:
        return f"lies on another host than the listing; add {_host(article)} to `hosts`"
    return ""


def _pages(source: Listed[SourceEntry], family: Family, problems: Problems) -> None:
    for place, address in _placed(source):
        given = _PLACEHOLDER.findall(address)
        if given and given != ["{page}"]:
            problems.add(
                place, f"'{address}' may hold {{page}} once and no other braces; write others as %7B and %7D"
            )
        elif given and family not in PAGED_FAMILIES:
            paged = _listed(sorted(PAGED_FAMILIES))
            problems.add(
                place,
                f"'{address}' holds {{page}}, and the family {family} finds its pages itself; give the address of"
                f" the first page ({{page}} is for {paged})",
            )


def _owners(source: Listed[SourceEntry], problems: Problems) -> None:
    entry = source.entry
    if entry.expected_since and not (entry.issuer or entry.expected_issuers):
        problems.add(
            source.at("expected_since"),
            f"`expected_since: {entry.expected_since}` says from when on, and nobody's reports are due; name the bodies"
            " under `expected_issuers`, or one as `issuer`",
        )


def _private_addresses(source: Listed[SourceEntry], problems: Problems) -> None:
    if source.entry.simulated:
        return
    named = [(place, urlsplit(address).hostname or "") for place, address in _placed(source)]
    named += [
        (source.at("hosts", number), host.partition(":")[0]) for number, host in enumerate(source.entry.hosts)
    ]
    for place, host in named:
        if _is_private(host):
            problems.add(
                place,
                f"{host} is an address of this machine or network, where no government publishes; give the real"
                " host, or `simulated: true` for a simulated site",
            )


def _is_private(host: str) -> bool:
    """True for localhost and for an address that is not public, in whatever way its number is written."""
    name = host.rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        if ":" in name:
            return not ipaddress.IPv6Address(name).is_global
        if all(_NUMBER.fullmatch(label) for label in name.split(".")):
            return not ipaddress.IPv4Address(socket.inet_aton(name)).is_global
    except (OSError, ValueError):
        return True  # a number that is no address leads nowhere
    return False


def _aliases(source: Listed[SourceEntry], problems: Problems) -> None:
    hosts = {_host(address) for address in source.entry.addresses}
    if source.entry.aliases and len(hosts) > 1:
        problems.add(
            source.at("aliases"),
            f"`aliases` are other names of one host, and the listings lie on {_listed(sorted(hosts))}; make a"
            " source for each host",
        )
        return
    for number, alias in enumerate(source.entry.aliases):
        if alias in hosts:
            problems.add(
                source.at("aliases", number),
                f"`{alias}` is the listing's own host; give its other names only, or none",
            )


def _one_entry_per_listing(sources: Sequence[Listed[SourceEntry]], problems: Problems) -> None:
    first: dict[tuple[str, str], tuple[Listed[SourceEntry], Place]] = {}
    for source in sources:
        for place, address in _placed(source):
            other, at = first.setdefault((_page(address), source.entry.kind), (source, place))
            if other is source and at is place:
                continue
            whose = "here" if other is source else f"by the source `{other.entry.id}`"
            problems.add(
                place,
                f"'{address}' is listed {whose} at {at} already; a listing is looked at once for one kind",
            )


def _one_site_per_alias(sources: Sequence[Listed[SourceEntry]], problems: Problems) -> None:
    sites: dict[str, tuple[str, str]] = {}
    for source in sources:
        for address in source.entry.addresses:
            sites.setdefault(_host(address), (_host(address), source.entry.id))
    for source in sources:
        own = {_host(address) for address in source.entry.addresses}
        if len(own) != 1:
            continue
        for number, alias in enumerate(source.entry.aliases):
            site, holder = sites.setdefault(alias, (min(own), source.entry.id))
            if site not in own:
                problems.add(
                    source.at("aliases", number),
                    f"`{alias}` stands for {site} in the source `{holder}` already; an alias is one site's",
                )


def _placed(source: Listed[SourceEntry]) -> list[tuple[Place, str]]:
    """The listing addresses of an entry, each with its place."""
    entry = source.entry
    placed = [(source.at("listings", number), address) for number, address in enumerate(entry.listings or ())]
    return [*placed, *([(source.at("listing"), entry.listing)] if entry.listing else [])]


def _page(address: str) -> str:
    """The page an address leads to, the same for http and https, and for a folder and its index page."""
    parts = urlsplit(address)
    path = re.sub(r"/index\.s?html?$", "/", parts.path) or "/"
    return f"{_host(address)}{path}?{parts.query}#{parts.fragment}"


def _host(address: str) -> str:
    """The host of an address as `hosts` writes it: with its port where it has one of its own."""
    parts = urlsplit(address)
    name = (parts.hostname or "").rstrip(".")
    return name if parts.port in (None, 80, 443) else f"{name}:{parts.port}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
