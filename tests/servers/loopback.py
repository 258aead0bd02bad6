"""A handler goes in, a real HTTP server on loopback comes out, with a list of what was asked of it."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Response:
    """What it gets: ``cut`` sends that many bytes of the body and closes; ``drip`` seconds between bytes."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip: Callable[[], bool] | None = None


Answer = Callable[[Request], Response]


class Server(ThreadingHTTPServer):
    """Serves ``answer`` on a free port of 127.0.0.1."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the game."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer: without it each call waits 40 ms for a delayed ACK

    def _handle(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        request = Request(
            self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, self.rfile.read(length)
        )
        self.server.requests.append(request)
        response = self.server.answer(request)
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 304 and "Content-Length" not in response.headers:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self._send_body(response)

    def _send_body(self, response: Response) -> None:
        if response.drip is not None:
            for byte in response.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if not response.drip():
                    break
        elif response.status != 304:
            self.wfile.write(response.body if response.cut is None else response.body[: response.cut])
        if response.cut is not None or response.drip is not None:
            self.close_connection = True

    do_GET = do_POST = do_HEAD = _handle

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(answer: Answer, port: int = 0) -> Iterator[Server]:
    """A running server; ended and joined on the way out."""
    server = Server(answer, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def endless_gzip(megabytes: int, head: bytes = b"") -> bytes:
    """A small gzip that unpacks to ``head`` and so many megabytes, and has no end.

    One megabyte is packed once and repeated: after a full flush, nothing refers to what was before.
    """
    packer = zlib.compressobj(9, wbits=31)
    begin, piece = (packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH) for data in (head, b"x" * 1_000_000))
    return begin + piece * megabytes
