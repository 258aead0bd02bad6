"""A host goes in, a connection to one of its public addresses comes out; everything inside our own network is refused.

sources.csv comes from pull requests of strangers, and the job that fetches its
URLs has a key and runs where metadata services and internal pages answer.
Every address that a name resolves to is looked at, and the one that was looked
at is the one that is connected to, so that a name cannot resolve to another
between the two. Redirects connect through here as well.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2

from survey_extract.adapters.http.addresses import refusal
from survey_extract.errors import FetchError


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
