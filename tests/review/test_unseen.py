"""What somebody else decided while a cell was looked at is not replaced unseen."""

from __future__ import annotations

import re
import urllib.error
from urllib.parse import urlencode

import pytest

from tests.conftest import Folder
from tests.review.conftest import reviewing

CELL = "/cell/file-papers-harbor.pdf/training_methods"


def form(page: str, value: str) -> bytes:
    held = {
        name: (re.search(rf'name="{name}" value="([^"]*)"', page) or ["", ""])[1]
        for name in ("token", "judged", "standing")
    }
    return urlencode(held | {"verdict": "e", "value": value, "reason": "so it is"}).encode()


def test_an_edit_replaces_only_what_was_seen(one_read: Folder) -> None:
    """An edit of what no longer stands is refused, with its words kept on the page; seen again, it is taken."""
    with reviewing(one_read, by="Ada") as ada, reviewing(one_read, by="Bob") as bob:
        ada.open(CELL, form(ada.get(CELL), "it is tuned")).close()
        seen = bob.get(CELL)
        ada.open(CELL, form(ada.get(CELL), "it is tuned twice")).close()
        with pytest.raises(urllib.error.HTTPError) as refused:
            bob.open(CELL, form(seen, "it is tuned by hand"))
        told = refused.value.read().decode()
        assert (refused.value.code, "it is tuned by hand" in told, "look again" in told) == (409, True, True)
        bob.open(CELL, form(told, "it is tuned by hand")).close()
    decided = (one_read.path / "warehouse/decisions/file-papers-harbor.pdf.jsonl").read_text().splitlines()
    assert [re.search(r'"value":"([^"]*)"', line)[1] for line in decided if '"edited"' in line] == [  # type: ignore[index]
        "it is tuned", "it is tuned twice", "it is tuned by hand",
    ]  # fmt: skip
