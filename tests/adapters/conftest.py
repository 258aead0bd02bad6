"""A browser that judges what of a page is seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.pixels import NO_LEAST_SIZE
from tests.review.conftest import CHROMIUM, FLAGS


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: `apt-get install chromium`, as .ci/run does, and run again")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, NO_LEAST_SIZE])
        yield browser
        browser.close()
