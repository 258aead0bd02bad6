"""Which rewordings of a sentence can matter, of made pairs.

Those of ``worked.txt`` were seen while the rules were made. ``held_out.txt`` was kept back, and run once: what is allowed here
is what came out then, before the two were mended. So it is with ``later.txt``, which was written after that.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_extract.core.due.rewording import may_matter, roots_of_value

FOLDER = Path(__file__).parents[1] / "rewordings"


def pairs(name: str) -> list[tuple[str, str, str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    kinds = [tuple(part.strip() for part in line.split(" | ")) for line in lines if not line.startswith("#")]
    return [(kind, before, after) for kind, before, after in kinds]


@pytest.mark.parametrize(
    ("name", "warned", "missed"), [("worked.txt", 0, 0), ("held_out.txt", 1, 1), ("later.txt", 1, 0)]
)
def test_what_matters_is_told_from_what_does_not(name: str, warned: int, missed: int) -> None:
    """At most so many harmless rewordings are taken for others, and so many others for harmless ones."""
    every = pairs(name)
    assert sum(kind == "H" for kind, *_ in every) >= 20
    assert sum(kind == "M" for kind, *_ in every) >= 20
    wrong = [(kind, before, after) for kind, before, after in every if may_matter(before, after) != (kind == "M")]
    assert sum(kind == "H" for kind, *_ in wrong) <= warned, wrong
    assert sum(kind == "M" for kind, *_ in wrong) <= missed, wrong


@pytest.mark.parametrize("name", ["worked.txt", "held_out.txt", "later.txt"])
def test_the_same_words_never_matter_and_a_denial_always_does(name: str) -> None:
    """Whatever the sentence: itself, itself in other white space, and itself with the denial of all of it behind a "not"."""
    for _, before, after in pairs(name):
        for words in (before, after):
            assert not may_matter(words, f"  {words.replace(' ', '  ')} ")
            assert may_matter(words, f"It is not the case that {words[0].lower()}{words[1:]}"), words


def test_of_a_figure_what_was_said_beside_it_may_be_left_out() -> None:
    """Where the value is in the new sentence; not a word of the value, a figure, or what stands in another word's place."""
    value = roots_of_value("24 ponds")
    before = "In all, 24 ponds of the northern heath were surveyed by careful staff."
    assert may_matter(before, "In all, 24 ponds of the northern heath were surveyed by staff.")
    assert not may_matter(before, "In all, 24 ponds of the northern heath were surveyed by staff.", value)
    assert may_matter(before, "In all, 24 ponds of the heath were surveyed by careful staff.", value)
    assert may_matter(before, "In all, 24 lakes of the northern heath were surveyed by careful staff.", value)
    assert may_matter(before, "In all, 24 of the northern heath were surveyed by careful staff.", value)
