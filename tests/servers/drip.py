"""Bytes and a pause go in, a server on loopback comes out that sends them one by one, headers or body."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def dripping(at_once: bytes, then: bytes, pause: float) -> Iterator[tuple[str, list[float]]]:
    """Its address, and the moments at which it was asked: sends ``at_once``, and then a byte after each ``pause`` seconds."""
    asked: list[float] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=_drip, args=(connection, at_once, then, pause, asked), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    finally:
        listener.close()


def _drip(connection: socket.socket, at_once: bytes, then: bytes, pause: float, asked: list[float]) -> None:
    with connection:
        try:
            connection.recv(1_000_000)
            asked.append(time.monotonic())
            connection.sendall(at_once)
            for byte in then:
                connection.sendall(bytes([byte]))
                time.sleep(pause)
        except OSError:
            pass  # whoever asked has hung up
