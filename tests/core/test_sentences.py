"""Sentences: where they end, and that their spans are exact."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.core.characters import HYPHEN_MARK, clean, mend_hyphens, vocabulary
from survey_extract.core.records import SentenceKind
from survey_extract.core.sentences import Block, assemble, split_sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["We train it.", "It works."],
        ["See Fig. 3 and Eq. 4 of Smith et al. Then it ends.", "Next."],
        ["It uses e.g. CLIP and, i.e. Vicuna.", "Both are frozen."],
        ["The rate is 3.5 points.", "It falls."],
        ["Is it true?", "Yes!", "“It is.”", "(We checked.)"],
        ["J. R. Smith wrote it.", "It is old."],
        ["Figure 1. A long caption.", "It goes on."],
        ["1. First we train."],
        ["Tokens, cf. Sec. 2, w.r.t. Tab. 1 are few.", "Done."],
        ["我们训练模型。", "它很小！"],
        ["See this:", "• one thing", "• another"],
    ],
)
def test_sentences_end_where_people_say_so(sentences: list[str]) -> None:
    """Abbreviations, initials, numbers and labels end no sentence; marks of the end do."""
    text = ("" if "。" in sentences[0] else " ").join(sentences)
    assert split(text) == sentences


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        (f"docu{HYPHEN_MARK}mentation", "documentation"),
        (f"state{HYPHEN_MARK}of-the-art", "state-of-the-art"),
        (f"GPT-{HYPHEN_MARK}4", "GPT-4"),
        (f"LLaVA{HYPHEN_MARK}Med", "LLaVA-Med"),
        (f"image{HYPHEN_MARK}text", "image-text"),
        (f"model{HYPHEN_MARK}ing", "modeling"),
        (f"fine{HYPHEN_MARK}tuned", "finetuned"),
        (f"pre{HYPHEN_MARK}training", "pre-training"),
    ],
)
def test_words_are_mended_and_compounds_keep_their_hyphen(broken: str, mended: str) -> None:
    """The document's own spelling decides, then what compounds look like."""
    words = vocabulary(["The documentation is finetuned by training and pre-training, state-of-the-art.", broken])
    assert mend_hyphens(broken, words) == mended


def test_characters_are_normalised() -> None:
    """Ligatures and odd spaces become plain, control characters and lone surrogates go, raised digits stay."""
    assert clean("e\ufb03cient\u00a0x\u00b2 \x00\x03\ud835 \U0001d44e\u200b\n b") == "efficient x\u00b2 a b"


KINDS: list[SentenceKind] = ["body", "caption", "note", "heading", "reference", "debris", "front"]
TEXTS = st.text(st.sampled_from("aB.? -\ufffe\u2022,1\n\u00a0\ufb01\ud83dé漢。"), max_size=60)
BLOCKS = st.lists(
    st.builds(Block, st.sampled_from(KINDS), TEXTS, st.integers(1, 4), st.integers(1, 3), st.sampled_from([9.0, 10.0])),
    max_size=25,
)


@given(BLOCKS)
def test_spans_are_exact(blocks: list[Block]) -> None:
    """Sentences follow one another, lie within their page, and together are the whole of it."""
    ordered = sorted(blocks, key=lambda block: block.page)
    text = assemble(ordered, reader="test", title=None, page_count=4)
    assert [s.number for s in text.sentences] == list(range(1, len(text.sentences) + 1))
    for page, whole in enumerate(text.pages, start=1):
        on_page = [s for s in text.sentences if s.page == page]
        assert "\n".join(text.quote(s) for s in on_page) == whole
        assert all(0 <= s.start < s.end <= len(whole) for s in on_page)
        assert all(a.end + 1 == b.start for a, b in itertools.pairwise(on_page))
    assert [s.page for s in text.sentences] == sorted(s.page for s in text.sentences)
    assert all(0 <= s.section < len(text.sections) for s in text.sentences)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\ufb01\ud800-\udfff]", "".join(text.pages))


@given(BLOCKS)
def test_no_word_is_lost_or_made_up(blocks: list[Block]) -> None:
    """Letters come out as they went in, in number; only hyphens, spaces and ligatures may change."""
    text = assemble(sorted(blocks, key=lambda b: b.page), reader="test", title=None, page_count=4)
    letters = sorted(c for b in blocks for c in clean(b.text) if c.isalnum())
    assert sorted(c for page in text.pages for c in page if c.isalnum()) == letters


def test_a_paragraph_goes_on_behind_a_float_and_a_page() -> None:
    """A sentence broken by a page and a caption is one sentence, on the page where it begins."""
    blocks = [
        Block("body", "We train the mo\ufffe", 1, size=10.0),
        Block("caption", "Figure 1: A thing.", 1, size=9.0),
        Block("body", "del on all the data. It is small.", 2, size=10.0),
    ]
    text = assemble(blocks, reader="test", title=None, page_count=2)
    assert [(s.page, text.quote(s)) for s in text.sentences] == [
        (1, "We train the model on all the data."),
        (1, "Figure 1: A thing."),
        (2, "It is small."),
    ]
