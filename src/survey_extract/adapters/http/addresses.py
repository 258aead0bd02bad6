"""A host's name or address goes in; why it must not be asked comes out: only public addresses of the internet are.

Nothing that speaks to a network is loaded here: a name or address alone can be enough to refuse it, before any request.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from contextlib import suppress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_UNICAST = ipaddress.ip_network("2000::/3")
"""All that the IPv6 internet is; what lies outside stands for something local, or for an IPv4 address."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Well-known prefix behind which an IPv4 address stands (RFC 6052)."""
_NOT_ROUTED = tuple(
    map(ipaddress.ip_network, ("192.88.99.0/24", "3fff::/20", "2001:10::/28", "192.0.0.0/24", "168.63.129.16/32"))
)
"""Relays of 6to4 (RFC 7526), examples (RFC 9637), ORCHID (RFC 4843), protocols (RFC 6890; Oracle's machines ask 192.0.0.192
about themselves), which older releases of ``ipaddress`` take for global; and what Azure's machines, GitHub's among them, ask
about themselves, which looks like any other address."""
_ISATAP = (0x00005EFE, 0x02005EFE)
"""An IPv6 address whose third quarter is one of these stands for the IPv4 address in its last (RFC 5214): of a site, always."""

_NUMBERS = re.compile(r"[0-9a-fx.]+")
"""What an IPv4 address is made of in all its forms: 127.1, 0x7f000001, 2130706433."""


def refusal(host: str, address: str) -> str | None:
    """Why a host may not be asked at this address, None when it may."""
    try:
        seen = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{host} resolves to something that is not an address ({address})"
    if is_public(seen):
        return None
    return f"{host} resolves to a private address ({address}); only public addresses are fetched; a server of your own is named by the setting mirror"


def is_public(address: Address) -> bool:
    """Whether an address, and every IPv4 address that it stands for, is one of the internet's."""
    if isinstance(address, ipaddress.IPv6Address):
        if embedded := _embedded(address):
            return all(map(is_public, embedded))
        if address not in _UNICAST or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
            return False
    local = (
        address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
        or address.is_reserved or address.is_unspecified or any(address in network for network in _NOT_ROUTED)
    )  # fmt: skip
    return address.is_global and not local


def _embedded(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address is translated to on its way (mapped, NAT64, 6to4, Teredo)."""
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.teredo:
        return address.teredo
    return tuple(found for found in (address.ipv4_mapped, address.sixtofour) if found)


def own_refusal(host: str) -> str | None:
    """Why a host may not be asked, as far as its name alone tells, without asking anybody; None where it may, or a resolver knows."""
    address = _written(host)
    return refusal(host, str(address)) if address else None


def _written(host: str) -> Address | None:
    """The address that a host is written as, in whatever form resolvers take; this machine's for the names that always mean it."""
    if host == "localhost" or host.endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")  # RFC 6761, 6.3
    with suppress(ValueError):
        return ipaddress.ip_address(host.partition("%")[0])
    if not _NUMBERS.fullmatch(host):
        return None
    with suppress(OSError):
        return ipaddress.IPv4Address(socket.inet_aton(host))
    return None
