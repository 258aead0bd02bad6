"""A host goes in, a connection to one of its public addresses comes out; everything inside our own network is refused.

sources.csv comes from pull requests of strangers, and the job that fetches its
URLs has a key and runs where metadata services and internal pages answer.
Every address that a name resolves to is looked at, and the one that was looked
at is the one that is connected to, so that a name cannot resolve to another
between the two. Redirects connect through here as well.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2

from survey_extract.errors import FetchError

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


def refusal(host: str, address: str) -> str | None:
    """Why a host may not be asked at this address, None when it may."""
    try:
        seen = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{host} resolves to something that is not an address ({address})"
    if is_public(seen):
        return None
    return f"{host} resolves to a private address ({address}); only public addresses are fetched"


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


def addresses(host: str, port: int) -> list[str]:
    """Every address of a host, in the resolver's order. Raises socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def checked(host: str, port: int) -> list[str]:
    """The addresses of a host, all of them public.

    Raises:
        FetchError: one of them is not.
    """
    found = addresses(host, port)
    for address in found:
        if why := refusal(host, address):
            raise FetchError(why)
    return found


class PublicOnly(httpcore2.NetworkBackend):
    """Connects to public addresses, and to ``exempt`` (host, port), which is the mirror's."""

    def __init__(self, exempt: tuple[str, int] | None) -> None:
        self._exempt, self._backend = exempt, httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """The first address that answers. Raises FetchError for an address that may not be asked."""
        if (host, port) == self._exempt:
            return self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        try:
            found = checked(host, port)
        except (socket.gaierror, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host}: the name does not resolve ({error})") from error
        failure: Exception | None = None
        for address in found:
            try:
                return self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        """Never."""
        raise FetchError(f"{path}: sockets of this machine are not fetched from")


def guard(client: httpx2.Client, mirror: str | None) -> None:
    """Let a client connect to public addresses alone, and speak http(s) alone, on every hop.

    Behind a proxy, which connects in our stead, what can be resolved here is
    checked before the proxy is asked.
    """
    exempt = _place(mirror) if mirror else None
    # httpx2 has no public way to give its pool a backend; to be called before the client is bound to an allowance
    client._transport._pool._network_backend = PublicOnly(exempt)  # type: ignore[attr-defined]
    by_proxy = any(client._mounts.values())

    def look(request: httpx2.Request) -> None:
        if request.url.scheme not in ("http", "https"):
            raise FetchError(f"{request.url}: only http(s) is fetched")
        place = _place(str(request.url))
        if by_proxy and place != exempt:
            try:
                checked(*place)
            except (socket.gaierror, UnicodeError):
                return  # only the proxy knows this name

    client.event_hooks["request"].append(look)


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
