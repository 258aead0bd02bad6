"""A desk goes in, a server on loopback is run until the reviewer ends it."""

from __future__ import annotations

import html
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import uvicorn

from survey_extract.core.ports import Pictures
from survey_extract.errors import InputError
from survey_extract.review import Desk
from survey_extract.review.pages import ReviewApp
from survey_extract.review.security import Entrance

_TO_THE_PAGE = (
    '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
    '<meta http-equiv="refresh" content="0; url={0}"><title>Review</title><a href="{0}">To the review page</a>\n'
)


def serve(desk: Desk, pictures: Pictures, port: int, *, opened: bool, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. The address is printed first, for scripts and for people; its secret lets in who has it.

    Raises:
        InputError: the port is taken.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)  # who comes before the server is up waits, rather than being turned away
    except OSError as error:
        raise InputError(f"port {port} cannot be used: {error.strerror}; leave out --port for a free one") from None
    entrance = Entrance(listener.getsockname()[1])
    config = uvicorn.Config(
        ReviewApp(desk, pictures, entrance).asgi(),
        log_level="warning",
        log_config=None,  # whoever starts this decides what a person is shown of a defect
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    with _closing_when_told_to(), tempfile.TemporaryDirectory(prefix="survey-extract-") as folder:
        say(f"review at {entrance.address} as {desk.by}; Ctrl-C ends it, every decision is already on disk")
        if opened:
            webbrowser.open(way_in(Path(folder), entrance).as_uri())
        uvicorn.Server(config).run(sockets=[listener])


def way_in(folder: Path, entrance: Entrance) -> Path:
    """A file that leads to the page, for its owner alone to read.

    Every user can see in the list of processes which address a browser was started with.
    """
    path = folder / "review.html"
    path.touch(mode=0o600)
    path.write_text(_TO_THE_PAGE.format(html.escape(entrance.address)), encoding="utf-8")
    return path


@contextmanager
def _closing_when_told_to() -> Iterator[None]:
    """End by leaving the code, not by dying in it, when the terminal closes or the machine shuts down: nothing stays behind."""
    signals = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, _leave) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _leave(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)
