"""No compiled pattern of the package takes more than linear time over what strangers wrote, wherever it is used."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

import survey_extract
from tests.core.test_growth import HOSTILE, grows_as_its_text
from tests.growth import NOTICED, cpu_seconds, is_linear
from tests.pieces import Attack, attacks

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
    def takes(length: int) -> float:
        text = (piece * length)[:length]
        return cpu_seconds(lambda: search(text))

    if any(takes(length) > NOTICED and takes(length) > NOTICED for length in SHORT):
        return True
    return not grows_as_its_text(search, piece, LETTERS)


OWN = int(os.environ.get("TEST_PIECES", "24"))
"""Texts for each pattern that are made from itself."""
NOT_SEARCHED = frozenset({"match", "fullmatch"})


@cache
def methods(module: str) -> dict[str, set[str]]:
    """For each pattern that a module holds by a name of its own, which of its methods are called there."""
    found: dict[str, set[str]] = {}
    source = inspect.getsource(importlib.import_module(f"survey_extract.{module}"))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, set()).add(node.attr)
    return found


@pytest.mark.parametrize("name", sorted(patterns()))
def test_every_pattern_is_linear_over_its_own_pieces(name: str) -> None:
    """Whatever a pattern is made of, repeated between a beginning and an end of its own: used as its module uses it, it takes no more than linear time."""
    pattern = patterns()[name]
    module, _, own = name.rpartition(".")
    called = methods(module).get(own, set())
    is_anchored = bool(called) and called <= NOT_SEARCHED

    def search(text: str) -> None:
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        if is_anchored:
            (pattern.fullmatch if "fullmatch" in called else pattern.match)(given)
            return
        for _ in pattern.finditer(given):
            pass

    assert [attack for attack in attacks(pattern, OWN, seed=9) if _slows(search, attack)] == []


def _slows(search: Callable[[str], None], attack: Attack) -> bool:
    def takes(length: int) -> float:
        text = attack.of_length(length)
        return cpu_seconds(lambda: search(text))

    is_noticed = takes(SHORT[-1]) > NOTICED and takes(SHORT[-1]) > NOTICED
    return is_noticed or not is_linear(takes, LETTERS)
