"""No compiled pattern of the package takes more than linear time over what strangers wrote, wherever it is used."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from typing import Any

import pytest

import survey_extract
from tests.core.test_growth import HOSTILE, grows_as_its_text
from tests.growth import NOTICED

LETTERS = 12_000
"""At this length a quadratic pattern takes tenths of a second, a linear one a millisecond."""
SHORT = tuple(30 * 3**step // 2**step for step in range(8))
"""Lengths up to 500 letters, over which no linear pattern is noticed; an exponential one shows before it takes minutes."""

MARKUP = {
    "comments": "<!---->", "open comments": "<!--", "tags": "<a ", "ends": "</a", "doctypes": "<!doctype ", "attributes": "<a b='",
    "links": "[a](", "pictures": "![", "entities": "&amp", "fences": "```\n", "front matter": "---\n", "rows": "| a ", "lines": "\n", "blank lines": " \n",
    "headings": "# ", "numbered headings": "1.1 A", "addresses": "http://a.", "paths": "a/", "questions": "?a=", "mails": "a@", "escapes": "\\u00", "braces": "{a",
    "objects": '{"a":', "quotes": '"', "backslashes": "\\", "dots": ". ", "stops": "A. ", "initials": "A. B. ", "et al": "et al. ", "figures": "Figure 1: ",
    "tables": "Table 1. ", "stars": "*", "seals": ',"seal":"', "hexadecimal": "0f", "identifiers": "2401.00001v1", "old identifiers": "hep-th/9901001",
    "withdrawn": "withdrawn by ", "tabs": "\t", "spaces and commas": " ,", "words with hyphens": "two-", "line ends with hyphens": "two-\n", "colons": ":a", "percent": "%20",
}  # fmt: skip


@cache
def patterns() -> dict[str, re.Pattern[Any]]:
    """Every pattern that a module holds, by module and name."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in pkgutil.walk_packages(survey_extract.__path__, "survey_extract."):
        if module.name.endswith("__main__"):
            continue
        for name, item in vars(importlib.import_module(module.name)).items():
            if isinstance(item, re.Pattern):
                found[f"{module.name.removeprefix('survey_extract.')}.{name}"] = item
    return found


@pytest.mark.parametrize("name", sorted(patterns()))
def test_every_pattern_is_linear(name: str) -> None:
    """Almost-matches, repeated, cost a search no more than their length."""
    pattern = patterns()[name]

    def search(text: str) -> None:
        for _ in pattern.finditer(text.encode() if isinstance(pattern.pattern, bytes) else text):
            pass

    slow = [kind for kind, piece in (HOSTILE | MARKUP).items() if _is_slow(search, piece)]
    assert slow == []


def _is_slow(search: Any, piece: str) -> bool:
    from tests.core.test_growth import seconds

    for length in SHORT:
        if (
            seconds(search, (piece * length)[:length]) > NOTICED
            and seconds(search, (piece * length)[:length]) > NOTICED
        ):
            return True
    return not grows_as_its_text(search, piece, LETTERS)


def test_there_are_patterns_to_try() -> None:
    """The package is found whole: a hundred patterns and more, in every part of it."""
    assert len(patterns()) > 60
    assert {name.split(".")[0] for name in patterns()} >= {"adapters", "core", "commands"}
