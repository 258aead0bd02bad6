"""A desk goes in, a server on loopback is run until the reviewer ends it."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable

import uvicorn

from survey_extract.core.ports import Pictures
from survey_extract.desk import Desk
from survey_extract.errors import InputError
from survey_extract.webapp.app import ReviewApp


def serve(desk: Desk, pictures: Pictures, port: int, *, opened: bool, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. The address is printed first, for scripts and for people.

    Raises:
        InputError: the port is taken.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)  # who comes before the server is up waits, rather than being turned away
    except OSError as error:
        raise InputError(f"port {port} cannot be used: {error.strerror}; leave --port out for a free one") from None
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    say(f"review at {address} as {desk.by}; Ctrl-C ends it, every decision is on disk already")
    if opened:
        webbrowser.open(address)
    config = uvicorn.Config(
        ReviewApp(desk, pictures).asgi(),
        log_level="warning",
        log_config=None,  # whoever starts this decides what a person is shown of a defect
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[listener])
