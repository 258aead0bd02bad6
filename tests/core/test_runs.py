"""Sentences that never stood on a page are found, and those that did are left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.core.paper_text import FORMULA, PaperText, SentenceKind
from survey_extract.core.reading.joins import false_runs, without_false_runs
from survey_extract.core.reading.sentences import Block, assemble
from tests.core.test_growth import grows_as_its_text

FULL = {"column": "1 full", "is_full": True, "size": 10.0}
FIRST, SECOND = "We look at all the boats of the", "harbour and count them twice."


def read(*blocks: Block, pages: int = 1) -> PaperText:
    return assemble(blocks, reader="t", title=None, page_count=pages)


def printed(*blocks: Block, pages: int = 1) -> list[str]:
    """The page texts as the file draws them: all blocks, in their order."""
    return ["\r\n".join(block.text for block in blocks if block.page == page) for page in range(1, pages + 1)]


def joined(*between: Block) -> tuple[list[str], PaperText]:
    """Two pieces made one sentence by force, whatever stands between them, and their page."""
    first, second = Block("body", FIRST, **FULL), Block("body", SECOND, **FULL)  # type: ignore[arg-type]
    whole = read(Block("body", f"{FIRST} {SECOND}"), *between)
    return printed(first, *between, second), whole


@pytest.mark.parametrize(
    "between",
    [
        [Block("debris", "K 2")],
        [Block("formula", "L = x + y")],
        [Block("heading", "3 Another Matter")],
        [Block("body", "Something else was said here.")],
        [Block("caption", "Figure 1: A boat."), Block("formula", "L = x + y")],
    ],
)
def test_what_was_joined_over_something_is_found(between: list[Block]) -> None:
    """Whatever kind of thing that is no float stands between two parts, the sentence is named, and may not be cited."""
    pages, text = joined(*between)
    (run,) = false_runs(pages, text)
    assert text.quote(run.sentence) == f"{FIRST} {SECOND}"
    kept = without_false_runs(pages, text)
    assert f"{FIRST} {SECOND}" not in [kept.quote(s) for s in kept.citable()]
    assert kept.sha256 != text.sha256
    assert kept.notes == ("1 sentence kept out: the page does not hold it as read",)
    assert false_runs(pages, kept) == ()


@pytest.mark.parametrize(
    "between",
    [
        [],
        [Block("caption", "Figure 1: A boat.")],
        [Block("debris", "0.81 1.2"), Block("caption", "Figure 1: A boat.")],
        [Block("inset", "User: What is this? It is a boat.")],
        [Block("note", "1 A note at the foot.")],
    ],
)
def test_what_a_float_parts_is_one_sentence(between: list[Block]) -> None:
    """A figure with its caption, a sample or a note may stand between; so may words that no sentence holds."""
    pages, text = joined(*between)
    assert false_runs(pages, text) == ()
    assert without_false_runs(pages, text) is text
    dressed = [pages[0].replace(SECOND, f"A running head 7\r\n{SECOND}")]
    assert false_runs(dressed, text) == ()


def test_words_that_stand_nowhere_are_found() -> None:
    """One that was made up, or turned round, is no run of the page."""
    text = read(Block("body", "We look at the boats."))
    assert len(false_runs(["We look at the cats."], text)) == 1
    assert len(false_runs([""], text)) == 1
    assert false_runs(["We look\r\nat the bo\ufffeats."], text) == ()


def test_a_formula_counts_where_the_sentence_names_it() -> None:
    """Its mark stands for a formula and for nothing else."""
    pages = ["The loss is\r\nL = x + y\r\nwhere x is small."]
    formula = Block("formula", "L = x + y")
    named = read(Block("body", f"The loss is {FORMULA} where x is small."), formula)
    silent = read(Block("body", "The loss is where x is small."), formula)
    assert false_runs(pages, named) == ()
    assert len(false_runs(pages, silent)) == 1
    other = read(Block("body", f"The loss is {FORMULA} where x is small."), Block("body", "L = x + y"))
    assert len(false_runs(pages, other)) == 1


def test_a_page_break_is_one_where_only_floats_stand_around_it() -> None:
    """The rest of one page and the begin of the next hold no other running text."""
    blocks = [Block("body", FIRST, 1, **FULL), Block("caption", "Table 1: Boats.", 2), Block("body", SECOND, 2, **FULL)]  # type: ignore[arg-type]
    text = read(*blocks, pages=2)
    assert f"{FIRST} {SECOND}" in [text.quote(s) for s in text.sentences]
    pages = printed(*blocks, pages=2)
    assert false_runs(pages, text) == ()
    foreign = read(*blocks, Block("heading", "4 A Heading", 2), pages=2)
    assert len(false_runs([pages[0], f"4 A Heading\r\n{pages[1]}"], foreign)) == 1


KINDS: list[SentenceKind] = ["body", "caption", "note", "heading", "reference", "debris", "inset", "formula"]
WORDS = st.lists(
    st.sampled_from(["alpha", "Beta", "gamma", "delta.", "Epsilon,", "zeta", "eta:", "theta"]), min_size=1, max_size=9
)
BLOCKS = st.lists(
    st.builds(
        Block,
        st.sampled_from(KINDS),
        WORDS.map(" ".join),
        st.integers(1, 3),
        size=st.sampled_from([9.0, 10.0]),
        column=st.sampled_from(["left", "right"]),
        is_full=st.booleans(),
        indent=st.sampled_from([None, 0.0, 12.0]),
        hang=st.sampled_from([None, 0.0, 12.0]),
    ),
    max_size=14,
)


@given(BLOCKS)
def test_whatever_is_assembled_stood_there(blocks: list[Block]) -> None:
    """Of any blocks, in any order of kinds, no sentence is made that the pages do not hold."""
    # Each word is told from all others by its number, so that nothing is found by chance.
    ordered = sorted(blocks, key=lambda block: block.page)
    numbered = [
        replace(block, text=" ".join(f"{word}" if word[-1] in ".:," else f"{word}{at}x{n}" for n, word in enumerate(block.text.split())))
        for at, block in enumerate(ordered)
    ]  # fmt: skip
    text = read(*numbered, pages=3)
    assert [text.quote(run.sentence) for run in false_runs(printed(*numbered, pages=3), text)] == []


@pytest.mark.parametrize("piece", ["a", "ab ", "a. ", "Aa ", "A b. C d. ", "1 ", "xyz. "])
def test_the_check_takes_no_more_than_its_text(piece: str) -> None:
    """Pages that were made to hold it up, and that do not hold what was read, cost their length."""

    def step(words: str) -> None:
        text = read(Block("body", words + "."), Block("debris", words), Block("body", words[::-1]))
        false_runs([words[::-1], words], text)
        false_runs([words.replace("a", "a q"), ""], text)

    assert grows_as_its_text(step, piece, 12_000)
