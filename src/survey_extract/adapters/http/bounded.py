"""An HTTP client goes in, one whose answers have an end comes out: in time, and in bytes, packed and unpacked.

A client's time-out is between two bytes, so a server that drips one now and
then holds a connection for ever, in its headers as well as in its body. Here
every read of a connection ends at the request's own deadline. Bytes are
counted as they arrive and as they unpack, piece by piece: ten megabytes of gzip
that unpack to gigabytes are dropped where they pass the limit.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore2
import httpx2

from survey_extract.core.ports import Clock

ERROR_BYTES = 64_000
"""Bytes of an error's page that are read; what is said stands at its beginning."""
STEP_BYTES = 256
"""Bytes that are unpacked at once where what breaks is kept up to its break."""
_PACKED = (b"content-encoding", b"content-length", b"transfer-encoding")


class TooLarge(httpx2.TransportError):
    """More bytes than allowed came, or unpacked."""


class Overdue(httpx2.ReadTimeout):
    """The answer was not complete in time."""


@dataclass
class _Terms(threading.local):
    """What holds for the request of this thread: until when, and how many bytes."""

    until: float = float("inf")
    seconds: float = 0.0
    size: int = 0


class Allowance:
    """How long an answer may take, whole, and how large it may be: ``seconds`` and ``size`` where nothing else is said.

    ``setting`` names what an operator changes to allow more time. With
    ``keeps``, an answer that is not packed as its headers say is given as it
    came: whoever paid for it reads what is there.
    """

    def __init__(
        self, clock: Clock, seconds: float, size: int, setting: str | None = None, *, keeps: bool = False
    ) -> None:
        self._clock, self._seconds, self._size, self._setting = clock, seconds, size, setting
        self.keeps = keeps
        self._terms = _Terms(size=size)

    @contextmanager
    def within(self, seconds: float, size: int | None = None) -> Iterator[None]:
        """All that is asked in here, by this thread, shares this time: redirects too."""
        terms, before = self._terms, dict(vars(self._terms))
        until = self._clock.monotonic() + seconds
        if until < terms.until:
            terms.until, terms.seconds = until, seconds
        terms.size = self._size if size is None else size
        try:
            yield
        finally:
            vars(terms).update(before)

    @contextmanager
    def _request(self) -> Iterator[None]:
        """A request that nobody gave a time has the standard one."""
        if self._terms.until < float("inf"):
            yield
        else:
            with self.within(self._seconds, self._terms.size):
                yield

    @property
    def limit(self) -> int:
        """Bytes that an answer may have now."""
        return self._terms.size

    def left(self, timeout: float | None) -> float | None:
        """The seconds that a read may take.

        Raises:
            Overdue: none are left.
        """
        seconds = self._terms.until - self._clock.monotonic()
        if seconds <= 0:
            setting = f" (setting {self._setting})" if self._setting else ""
            raise Overdue(f"not complete after {self._terms.seconds:g} s{setting}")
        return seconds if timeout is None else min(timeout, seconds)

    def bind(self, client: httpx2.Client) -> None:
        """Hold a client to it, whichever way it connects."""
        # httpx2 has no public way to give a pool a backend, or a client another transport
        client._transport = self._held(client._transport)
        client._mounts = {
            pattern: self._held(transport) if transport else None for pattern, transport in client._mounts.items()
        }

    def _held(self, transport: Any) -> httpx2.BaseTransport:
        pool = transport._pool
        pool._network_backend = _Backend(pool._network_backend, self)
        return _Transport(transport, self)


class _Transport(httpx2.BaseTransport):
    """Gives answers whose bodies are unpacked and counted as they are read."""

    def __init__(self, inner: httpx2.BaseTransport, allowance: Allowance) -> None:
        self._inner, self._allowance = inner, allowance

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        with self._allowance._request():
            packed = self._inner.handle_request(request)
        # as bytes: what a server writes into its headers need not be text
        headers = [(name, value) for name, value in packed.headers.raw if name.lower() not in _PACKED]
        stream = _Counted(packed, self._allowance)
        return httpx2.Response(packed.status_code, headers=headers, stream=stream, extensions=packed.extensions)

    def close(self) -> None:
        self._inner.close()


class _Counted(httpx2.SyncByteStream):
    def __init__(self, packed: httpx2.Response, allowance: Allowance) -> None:
        self._packed, self._allowance = packed, allowance
        self._limit = allowance.limit

    def __iter__(self) -> Iterator[bytes]:
        unpacked, is_error = 0, self._packed.status_code >= 400
        with self._allowance._request():
            for piece in _Raw(self._packed, self._limit, keeps=self._allowance.keeps).iter_bytes():
                unpacked += len(piece)
                if is_error and unpacked > ERROR_BYTES:
                    return
                if unpacked > self._limit:
                    raise TooLarge(f"larger than {self._limit / 1e6:g} MB")
                yield piece

    def close(self) -> None:
        self._packed.close()


class _Raw(httpx2.SyncByteStream):
    """The bytes as they come, counted before they are unpacked: a stream that unpacks to nothing ends as well."""

    def __init__(self, packed: httpx2.Response, limit: int, *, keeps: bool) -> None:
        self._packed, self._limit = packed, limit
        self._rest = self._counted()
        self._keeps = keeps
        self._held = bytearray() if keeps else None

    def iter_bytes(self) -> Iterator[bytes]:
        """The bytes, unpacked piece by piece; with ``keeps``, as they came where not even the first piece unpacks.

        Raises:
            TooLarge: there are more than allowed.
            httpx2.DecodingError: what had begun to unpack broke.
        """
        try:
            for piece in httpx2.Response(200, headers=self._packed.headers, stream=self).iter_bytes():
                self._held = None
                yield piece
        except httpx2.DecodingError:
            if self._held is None:
                raise
            yield bytes(self._held)
            yield from self._rest

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._rest:
            if self._held is not None:
                self._held += chunk
            yield chunk

    def _counted(self) -> Iterator[bytes]:
        came = 0
        for chunk in self._packed.iter_raw():
            came += len(chunk)
            if came > self._limit + ERROR_BYTES:
                raise TooLarge(f"larger than {self._limit / 1e6:g} MB")
            step = STEP_BYTES if self._keeps else max(len(chunk), 1)
            yield from (chunk[start : start + step] for start in range(0, len(chunk), step))


class _Backend(httpcore2.NetworkBackend):
    """Connections whose every read and write ends at the request's deadline."""

    def __init__(self, inner: httpcore2.NetworkBackend, allowance: Allowance) -> None:
        self._inner, self._allowance = inner, allowance

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection."""
        stream = self._inner.connect_tcp(host, port, self._allowance.left(timeout), local_address, socket_options)
        return _Stream(stream, self._allowance)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        """The same as of the backend within."""
        stream = self._inner.connect_unix_socket(path, self._allowance.left(timeout), socket_options)
        return _Stream(stream, self._allowance)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, allowance: Allowance) -> None:
        self._inner, self._allowance = inner, allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._inner.read(max_bytes, self._allowance.left(timeout))
        except httpcore2.ReadTimeout:
            self._allowance.left(timeout)  # says so when it was the deadline that ended it
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._allowance.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._inner.start_tls(ssl_context, server_hostname, self._allowance.left(timeout))
        return _Stream(stream, self._allowance)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
