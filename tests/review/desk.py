"""A survey's folder goes in; the desk of its review page comes out, without the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from survey_extract.review import Desk
from survey_extract.settings import load_settings
from survey_extract.wiring import open_archive, open_desk
from tests.conftest import Folder


@contextmanager
def desk_of(folder: Folder, by: str = "Ada") -> Iterator[Desk]:
    archive = open_archive(folder.path, warn=pytest.fail)
    settings = load_settings(folder.path, options={"engine": "extractive"})
    with open_desk(folder.path, archive, settings, (folder.path / "sources.csv").read_bytes(), by) as (desk, _):
        yield desk
