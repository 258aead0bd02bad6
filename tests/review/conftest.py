"""A running review server, and a real browser on it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import ROOT, Folder, Once

expect.set_options(timeout=60_000)  # a machine that does much else is no failure; what never comes still is one

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Reviewing:
    """A review server as a process of its own, and a client that was let in as its opener."""

    folder: Folder
    address: str
    """As printed, with the secret."""
    process: subprocess.Popen[str]

    def __post_init__(self) -> None:
        self._client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with self._client.open(self.address, timeout=20) as answer:
            self.url = answer.url.removesuffix("/")
        """Where the pages are, behind the entrance."""
        self.host, self.base = urlsplit(self.url)[1:3]

    def open(self, path: str | urllib.request.Request, data: bytes | None = None) -> HTTPResponse:
        """Ask as the opener, by a path as a page has it or as it is behind the entrance. The caller closes the answer."""
        asked = self.url + path.removeprefix(self.base) if isinstance(path, str) else path
        return cast("HTTPResponse", self._client.open(asked, data, timeout=20))

    def get(self, path: str) -> str:
        with self.open(path) as answer:
            return answer.read().decode()

    def let_in(self, page: Page) -> None:
        """Open the printed address, as the opener does first of all."""
        page.goto(self.address)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def reviewing(folder: Folder, page: Page | None = None, *options: str, by: str = "Ada") -> Iterator[Reviewing]:
    """Start ``survey-extract review`` on a free port and wait for its address; a page is let in as the opener's."""
    command = [sys.executable, "-m", "survey_extract", "--project", str(folder.path), "review", "--no-open", *options]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("SURVEY_", "OPENAI_"))}
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=environ | folder.env | {"SURVEY_REVIEWER": by}
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/\?\S+", said)
        assert address, said + process.stderr.read()
        review = Reviewing(folder, address[0], process)
        if page is not None:
            review.let_in(page)
        yield review
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def read_demo(once: Once) -> Path:
    """The demo survey, read by the engine without a model, with nothing decided; tests work on copies of it."""

    def make(folder: Path) -> None:
        shutil.copytree(
            ROOT / "examples" / "demo", folder, ignore=shutil.ignore_patterns("warehouse"), dirs_exist_ok=True
        )
        Folder(folder, {"SURVEY_READERS": "1"}).ok("refresh")

    return once("demo", make)


@pytest.fixture
def demo(read_demo: Path, tmp_path: Path) -> Folder:
    """A copy of it."""
    shutil.copytree(read_demo, tmp_path / "demo")
    return Folder(tmp_path / "demo", {"SURVEY_READERS": "1"})


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: `apt-get install chromium`, as .ci/run does, and run again")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test when anything goes wrong in it, or asks for anything outside.

    That a verdict came back (409, 422) and that there is no such page (404) is said on the page itself.
    """
    context = browser.new_context(viewport={"width": 1360, "height": 860})
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith("http://127.0.0.1:") else troubles.append(f"asked for {request.url}")
        ),
    )
    page.on("dialog", lambda dialog: troubles.append(f"a dialog: {dialog.message}"))
    yield page
    context.close()
    # The server may be gone before the last page has its icon; a refused or missing resource reads otherwise.
    expected = ("net::ERR_", "status of 404", "status of 409", "status of 422")
    assert not [trouble for trouble in troubles if not any(words in trouble for words in expected)]


def press(page: Page, key: str) -> None:
    """Press a key on a page whose script listens: on one that has only just come, it would be lost."""
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press(key)


COLOURS = {"runOnly": ["cat.color"]}
"""The rules of axe-core that look at colours."""


def found_by_axe(page: Page, rules: Mapping[str, Any] = MappingProxyType({})) -> list[str]:
    """What axe-core finds, each with the element; by all of its rules, if nothing else is said."""
    if page.evaluate("typeof axe") == "undefined":  # half a megabyte, which stays until the page goes
        page.evaluate(Axe().axe_script)
    options = {"resultTypes": ["violations"], **rules}
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
