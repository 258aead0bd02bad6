"""A page of ours goes in, the picture that Chromium draws of it and its elements at the end come out.

The process has a home, a cache and variables of its own, which go with it; it
reaches no network, whatever a page asks for, and is ended with all that it
started when its time is over.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from survey_extract.errors import ReadError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SECONDS = 40.0
"""Patience with one picture, on a busy machine."""
SETTLED = 2_000
"""Milliseconds of the page's own time, which passes as fast as it can, until the picture is taken."""
DUMPED = 200_000_000
"""Bytes of elements that are read, at most."""
NOWHERE = "http://127.0.0.1:9"
"""A proxy that is not there, through which every address would be asked for, those of this machine too."""
FLAGS = (
    "--headless", "--disable-gpu", "--hide-scrollbars", "--run-all-compositor-stages-before-draw", "--disable-features=IsolateSandboxedIframes", "--no-first-run", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-breakpad", "--disable-crash-reporter",
    "--disable-quic", "--mute-audio", "--force-device-scale-factor=1", "--blink-settings=minimumLogicalFontSize=0",
    f"--proxy-server={NOWHERE}", "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


@cache
def executable() -> str | None:
    """Where Chromium or Chrome is, None where neither is at hand."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def drawn(page: str, size: tuple[int, int], seconds: float = SECONDS) -> tuple[bytes, str]:
    """The picture, a PNG of that many pixels, and the elements of a page as text.

    Raises:
        ReadError: there is no browser, it took too long, or it drew nothing.
    """
    program = executable()
    if program is None:
        raise ReadError("neither Chromium nor Chrome is installed")
    with tempfile.TemporaryDirectory(prefix="survey-extract-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "page.html").write_text(page, encoding="utf-8", errors="replace")
        _run(_command(program, folder, size, seconds), folder, seconds)
        picture = folder / "page.png"
        if not picture.is_file():
            raise ReadError("the browser drew no picture of the page")
        with (folder / "elements").open("rb") as elements:
            return picture.read_bytes(), elements.read(DUMPED).decode("utf-8", "replace")


def _command(program: str, folder: Path, size: tuple[int, int], seconds: float) -> list[str]:
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # it does not start otherwise
    width, height = size
    guard = shutil.which("timeout")  # it goes on counting when this process is killed
    return [
        *((guard, "-k", "5", f"{seconds + 10:g}") if guard else ()), program, *FLAGS, *as_root, f"--user-data-dir={folder / 'profile'}", f"--window-size={width},{height}",
        "--kiosk", f"--screen-info={{{width}x{height}}}",  # so that the window has the picture's size

        f"--virtual-time-budget={SETTLED}", f"--screenshot={folder / 'page.png'}", "--dump-dom",
        (folder / "page.html").as_uri(),
    ]  # fmt: skip


def _run(command: list[str], folder: Path, seconds: float) -> None:
    kept = {name: value for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if (value := os.environ.get(name))}
    with (folder / "elements").open("wb") as elements:
        process = subprocess.Popen(  # a program of this machine, with arguments of our own
            command, stdin=subprocess.DEVNULL, stdout=elements, stderr=subprocess.DEVNULL, cwd=folder,
            env=kept | {"HOME": str(folder), "TMPDIR": str(folder)}, start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise ReadError(f"the browser took longer than {seconds:g} s for a picture of the page") from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # whatever it left behind is of its session
            process.wait()
