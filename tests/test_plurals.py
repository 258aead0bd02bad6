"""What is counted agrees with its number: "1 cell", "2 cells"."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from survey_extract.core.plural import one_of
from tests.conftest import ROOT

PACKAGE = ROOT / "src" / "survey_extract"
COUNTED = (
    "answer|cell|change|column|comparison|decision|document|edit|entry|field|file|finding|header|heading|kind|line|minute|name|number|"
    "opinion|page|place|question|reply|row|run|second opinion|sentence|source|term|value|verdict|word"
).split("|")
PLURALS = "|".join(word[:-1] + "ies" if word.endswith(("ry", "ly")) else f"{word}s" for word in COUNTED)
BEHIND = re.compile(rf" (?:[a-z]+ )?(?:{PLURALS})\b")
ALWAYS_MANY = ("SOURCES", "FIELD_LIMIT", "many['most']", "len(columns)", "pages", "cited", "'holds'")
"""What is never one where it is said: limits, and words for which another sentence stands where there is one."""


def _plurals(path: Path) -> Iterator[str]:
    """Numbers of a text that is put together, with a plural right behind."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, behind in pairwise(node.values):
            if isinstance(value, ast.FormattedValue) and isinstance(behind, ast.Constant):
                counted = ast.unparse(value.value)
                if BEHIND.match(str(behind.value)) and not any(word in counted for word in ALWAYS_MANY):
                    yield f"{path.name}:{node.lineno}: {counted}{str(behind.value)[:40]}"


def test_no_plural_follows_a_number_that_may_be_one() -> None:
    """``count_of`` puts both together; a plural that is written out is wrong once in a while."""
    found = [line for path in sorted(PACKAGE.rglob("*.py")) for line in _plurals(path)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("word", ["species", "series", "news", "analyses", "corpora", "data", "classes", "studies", "indices", "bias", "gas", "lens",
                                  "physics", "focus", "basis", "branches", "leaves", "boxes", "test_species", "means", "media", "stimuli"])  # fmt: skip
def test_a_word_whose_singular_is_not_certain_keeps_its_form(word: str) -> None:
    """Only a plural that loses no more than its s is made a singular."""
    assert one_of(word) == word
    assert [one_of(f"{noun}s") for noun in ("dataset", "metric", "test_language", "source")] == [
        "dataset",
        "metric",
        "test_language",
        "source",
    ]


def test_no_plural_follows_a_number_in_a_template() -> None:
    """There the filter ``count_of`` does the same."""
    pattern = re.compile(rf"\}}\}}(?: \w+)? (?:{PLURALS})\b")
    paths = [path for ending in ("*.j2", "*.html") for path in PACKAGE.rglob(ending)]
    lines = [(path, line) for path in sorted(paths) for line in path.read_text(encoding="utf-8").splitlines()]
    found = [f"{path.name}: {line.strip()}" for path, line in lines if pattern.search(line)]
    assert not found, "\n".join(found)
