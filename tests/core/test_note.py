"""The note under a row, and what cells say of themselves: in every state, of what is shown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from survey_extract.core.readme.note import NOTE_BEGINNINGS, CellOrigin, marks, note

BY_ADA = CellOrigin("decided", "Ada", "2026-11-20")
BY_BO = CellOrigin("decided", "Bo", "2026-11-21", at=9)
FORCED = CellOrigin("decided", "Ada", "2026-11-20", "it is in the code", confirmed=("LAION-2B",))
WRITTEN = CellOrigin("decided", "Ada", "2026-11-20", "edited in README.md", unasked=("94 patients",))
APART = CellOrigin("decided", "Ada", "2026-11-20", apart=("46",))
PARTLY = CellOrigin("decided", "Ada", "2026-11-20", "misprint", confirmed=("65 °",), unasked=("95 %",))
OTHERWISE = CellOrigin("undecided", model="m1", checked="said otherwise", otherwise=("mV",))
LISTED_OTHERWISE = CellOrigin("imported", "Ada", "2026-11-01", checked="said otherwise", otherwise=("mV",))
LISTED = CellOrigin("imported", "Ada", "2026-11-01")
LISTED_FOUND = CellOrigin("imported", "Ada", "2026-11-01", checked="in evidence")
LISTED_LACKS = CellOrigin("imported", "Ada", "2026-11-01", checked="nowhere", unfound=("7B",))
LISTED_WAITS = CellOrigin("imported", "Ada", "2026-11-01", waits=True)
PICKED = CellOrigin("undecided")
ANSWERED = CellOrigin("undecided", model="m1")
NOTHING_FOUND = CellOrigin("undecided", empty=True, unanswered=True)
ANSWERED_LACKS = CellOrigin("undecided", model="m1", checked="nowhere", unfound=("7B",))
EMPTY = CellOrigin()
BLANK = CellOrigin(blank=True, waits=True)
EMPTY_WAITS = CellOrigin(waits=True)

CASES: dict[str, tuple[list[CellOrigin], str]] = {
    "decided": ([BY_ADA] * 7, "Ada decided all 7 cells, last on 2026-11-20."),
    "decided by two": (
        [BY_ADA] * 5 + [BY_BO] * 2,
        "Ada and Bo decided all 7 cells, last Bo on 2026-11-21.",
    ),
    "decided by two on a day": (
        [replace(BY_BO, at=1), replace(BY_ADA, on=BY_BO.on, at=3), replace(BY_BO, at=2)],
        "Bo and Ada decided all 3 cells, last Ada on 2026-11-21.",
    ),
    "decided by two in one moment": (
        [BY_BO, replace(BY_ADA, on=BY_BO.on, at=9)],
        "Bo and Ada decided all 2 cells, last on 2026-11-21.",
    ),
    "decided against the check": (
        [BY_ADA] * 6 + [FORCED],
        "Ada decided all 7 cells, last on 2026-11-20. 1 of these was accepted although the source does not contain every figure and name.",
    ),
    "one decided, against the check": (
        [FORCED, EMPTY],
        "Ada decided 1 of 2 cells, last on 2026-11-20. It was accepted although the source does not contain every figure and name.",
    ),
    "written by hand, and not in the source": (
        [BY_ADA, WRITTEN],
        "Ada decided all 2 cells, last on 2026-11-20. 1 of these was written by hand; the source does not contain every figure "
        "and name in it.",
    ),
    "written by hand, and not in its sentences": (
        [APART, EMPTY],
        "Ada decided 1 of 2 cells, last on 2026-11-20. It was written by hand; the sentences given do not say every figure and name in it.",
    ),
    "imported": ([LISTED] * 7, "7 cells imported, not checked against the source."),
    "imported, proposals wait": (
        [LISTED_WAITS] * 7,
        "7 cells imported, not checked against the source; 7 new proposals wait.",
    ),
    "imported, one waits": (
        [LISTED] * 6 + [LISTED_WAITS],
        "7 cells imported, not checked against the source; 1 new proposal waits.",
    ),
    "imported, all found": (
        [LISTED_FOUND] * 2,
        "2 cells imported; the source contains every figure and name in them.",
    ),
    "imported, of all kinds": (
        [LISTED, LISTED, LISTED_FOUND, LISTED_LACKS],
        "4 cells imported: 2 not checked against the source, 1 whose figures and names stand in the source, "
        "1 with a figure or name that the source does not contain.",
    ),
    "a list with two empty cells": (
        [LISTED] * 5 + [EMPTY_WAITS] * 2,
        "5 cells imported, not checked against the source; 2 new proposals wait.",
    ),
    "undecided": (
        [PICKED] * 7,
        "Nobody has decided on these 7 cells: they were taken from sentences of the source, without a model.",
    ),
    "undecided, two engines": (
        [PICKED, ANSWERED, ANSWERED],
        "Nobody has decided on these 3 cells: 1 was taken from sentences of the source, without a model, 2 were answered by the model m1.",
    ),
    "undecided, and nothing was found": (
        [PICKED] * 5 + [NOTHING_FOUND] * 2,
        "Nobody has decided on these 7 cells: 5 were taken from sentences of the source, without a model, 2 have no answer, since no sentence was found without a model.",
    ),
    "undecided, and the model found nothing": (
        [CellOrigin("undecided", model="m1", empty=True)] * 2,
        "Nobody has decided on these 2 cells: they were answered with “not reported” by the model m1.",
    ),
    "answered by a model, with the sentences it cites": (
        [CellOrigin("undecided", model="m1", cited=3)] * 2 + [CellOrigin("decided", "Ada", "2026-11-20", cited=5)],
        "Ada decided 1 of 3 cells, last on 2026-11-20. Nobody has decided on 2 cells: they were answered by the model m1. "
        "All 6 cited sentences are in the document.",
    ),
    "answered by a model from one sentence": (
        [CellOrigin("undecided", model="m1", cited=1), EMPTY],
        "Nobody has decided on 1 cell: it was answered by the model m1. The one cited sentence is in the document.",
    ),
    "answered by a model from a sentence that is not seen": (
        [CellOrigin("undecided", model="m1", cited=2, unseen=1)] * 2,
        "Nobody has decided on these 2 cells: they were answered by the model m1. "
        "All 4 cited sentences are in the document; 2 cannot be seen on the page.",
    ),
    "some decided, some not": (
        [BY_ADA] * 4 + [ANSWERED] * 3,
        "Ada decided 4 of 7 cells, last on 2026-11-20. Nobody has decided on 3 cells: they were answered by the model m1.",
    ),
    "decided, one has a new proposal": (
        [BY_ADA] * 6 + [CellOrigin("decided", "Ada", "2026-11-20", waits=True)],
        "Ada decided all 7 cells, last on 2026-11-20. 1 new proposal waits for a decision.",
    ),
    "one that a newer list proposes": (
        [CellOrigin("undecided", listed=True), EMPTY],
        "Nobody has decided on 1 cell: it was proposed by a newer list.",
    ),
    "said otherwise": (
        [OTHERWISE] * 2,
        "2 cells say otherwise than their sentences. Nobody has decided on these 2 cells: they were answered by the model m1.",
    ),
    "nothing": ([EMPTY] * 7, ""),
}


@pytest.mark.parametrize("case", CASES)
def test_the_note_says_what_is_shown(case: str) -> None:
    """What was read comes first, then remarks, then who decided, what is imported, what nobody decided, what waits."""
    origins, said = CASES[case]
    assert note("arXiv 2304.08485v2", origins) == f"Read: arXiv 2304.08485v2. {said}".rstrip()
    assert note("v1", origins, ["A remark."]) == f"Read: v1. A remark. {said}".rstrip()
    assert note(None, origins).startswith(NOTE_BEGINNINGS)


@pytest.mark.parametrize("case", CASES)
def test_every_cell_is_counted_once(case: str) -> None:
    """The numbers of decided, imported and undecided cells add up to the cells that show something."""
    origins, _ = CASES[case]
    said = note("v1", origins)
    decided = re.search(r"decided (?:all )?(\d+)(?: of \d+)? cells", said)
    counts = [int(match[1]) for match in (decided, re.search(r"(\d+) cells? imported", said)) if match]
    counts += [int(number) for number in re.findall(r"Nobody has decided on (?:these )?(\d+)", said)]
    assert sum(counts) == sum(origin.standing is not None for origin in origins)


@pytest.mark.parametrize(
    ("origins", "said"),
    [
        ([BY_ADA] * 2, [None, None]),
        ([LISTED] * 2, [None, None]),
        ([LISTED, EMPTY], [None, None]),
        ([PICKED, ANSWERED], [None, None]),
        ([PICKED, BY_ADA, EMPTY], ["not yet decided", None, None]),
        ([BY_ADA, BLANK], [None, "not yet decided"]),
        ([LISTED, BLANK], [None, "not yet decided"]),
        ([LISTED, BY_ADA], ["imported, not checked", None]),
        ([LISTED, LISTED_FOUND], ["imported, not checked", "imported; its figures and names stand in the source"]),
        ([LISTED_LACKS] * 2, ["imported; the source does not contain “7B”"] * 2),
        ([ANSWERED, ANSWERED_LACKS], ["not yet decided", "not yet decided; the source does not contain “7B”"]),
        ([FORCED, BY_ADA], ["accepted although the source does not contain “LAION-2B”: it is in the code", None]),
        ([WRITTEN, BY_ADA], ["written by hand; the source does not contain “94 patients”", None]),
        ([APART], ["written by hand; the sentences given for it do not say “46”"]),
        (
            [PARTLY],
            ["accepted although the source does not contain “65 °”: misprint; the source also does not contain “95 %”"],
        ),
        ([OTHERWISE, ANSWERED], ["not yet decided; the sentences given for it say “mV” otherwise", "not yet decided"]),
        ([LISTED_OTHERWISE], ["imported; the sentences nearest to it say “mV” otherwise"]),
        ([FORCED], ["accepted although the source does not contain “LAION-2B”: it is in the code"]),
    ],
)
def test_cells_are_told_apart(origins: list[CellOrigin], said: list[str | None]) -> None:
    """A cell that nobody decided says so, unless the whole row is alike; a term that the source lacks is named in its cell."""
    assert list(marks(origins)) == said
