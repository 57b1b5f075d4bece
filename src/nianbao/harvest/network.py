"""Which network addresses may be connected to: those of the public internet."""

from __future__ import annotations

import ipaddress

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_CARRIER = ipaddress.IPv4Network("100.64.0.0/10")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


class PrivateAddressError(Exception):
    """A host's name leads to no address of the public internet. The message is a sentence's middle part."""


def is_public(address: str) -> bool:
    """True for an address of the public internet; an IPv6 address that holds an IPv4 address is judged by that too.

    address: as the resolver gives it. Raises ValueError for anything else.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id is not None:
            return False
        inner = _inner(ip)
        if inner is not None and not is_public(str(inner)):
            return False
        if inner is not None and (ip.ipv4_mapped is not None or ip in _NAT64):
            return True
        if ip not in _GLOBAL_UNICAST:
            return False
    elif ip in _CARRIER:
        return False
    return ip.is_global and not (
        ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local or ip.is_unspecified
    )


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    if ip in _NAT64 or ip in _COMPATIBLE:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None
