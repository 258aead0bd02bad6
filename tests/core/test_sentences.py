"""Sentences: where they end, and that their spans are exact."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.core.paper_text import FORMULA, SentenceKind
from survey_extract.core.reading.plain_text import HYPHEN_MARK, clean, mend_hyphens, vocabulary
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.reading.splitting import split_sentences
from survey_extract.core.words.unit_table import units


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
        ["It was heated to 110 ◦C, or 230 ◦ F, and turned by 45 ◦ in air.", "◦ an item", "◦ of 2010", "◦ Another"],
        ["The boats lost 3 %.2", "The rafts lost 2.5 points.", "They rose by 4%.12", "All is well."],
        ["It is called “clean”.", "Then it ends."],
        ['They say "no".', "We do not.", "(They did (as in al.).)", "So it was."],
        ["It is the left one (of Fig. 2).", "Next [1].", "It goes on."],
        ["The legend shows ■ Data and ■ Models."],
        ["It follows the plan.1", "These wharfs do not.12", "So it is.”3", "We go on.[4]", "It ends."],
        ["The depth is 3.5 Metres or v2.1 Feet."],
        [
            "It is old, i. e. Roman, a. k. a. Type 1.",
            "Das gilt z. B. für alle, d. h. Boote, bzw. Kähne inkl. Ruder.",
            "Ja.",
        ],
        ["It was seen on 25. 01. 2017 and in Oct./Nov. 2003.", "Am 3. Mai und im 19. Jahrhundert auch.", "So ist es."],
        ["„So ist es.“", "Dann kam er.", "« C’est cela. »", "Nous partons.", "« Oui. »"],
        ["It is at http://ex.org/.", "Go there.", "Mea culpa. . .", "4As it was."],
        ["It is written in R.", "The boats are in the set Ω.", "However, J. R. Smith and A. The-Man are not."],
        ["These are boats and rafts, resp.", "However, they float."],
        ["Let x1, . . . N be the boats, at the point x.", "The quay is y."],
        ["See Chap. 3, Thms. 4 and 5, and Suppl. Table 2.", "It was in March.", "In Nov. 1998 it ended."],
    ],
)
def test_sentences_end_where_people_say_so(sentences: list[str]) -> None:
    """Abbreviations, initials, numbers and labels end no sentence; marks of the end do."""
    text = ("" if "。" in sentences[0] else " ").join(sentences)
    assert split(text) == sentences


def test_a_unit_behind_a_figure_ends_a_sentence() -> None:
    """Also one that is spelt as an abbreviation is elsewhere ("mm", "sec"); an initial of a person behind a figure ends none."""
    tried = [
        [f"Bars were of at most {number} {unit}.", "The slab was cast."] for unit in units() for number in ("16", "2.5")
    ]
    assert [sentences for sentences in tried if split(" ".join(sentences)) != sentences] == []
    assert split("They met 3 K. Smith, of Leeds. In 1998 L. Jones came.") == [
        "They met 3 K. Smith, of Leeds.",
        "In 1998 L. Jones came.",
    ]
    assert split("It closed at 5 p.m. Bars were cut.") == ["It closed at 5 p.m.", "Bars were cut."]
    assert split("It reached 300 K. Bars cooled down.") == ["It reached 300 K.", "Bars cooled down."]


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
        (f"harbour{HYPHEN_MARK}based", "harbour-based"),
        (f"two{HYPHEN_MARK}layer", "two-layer"),
        (f"three{HYPHEN_MARK}sided", "three-sided"),
        (f"general{HYPHEN_MARK}purpose", "general-purpose"),
        (f"source{HYPHEN_MARK}target", "source-target"),
        (f"out-of{HYPHEN_MARK}sight", "out-of-sight"),
        (f"start{HYPHEN_MARK}and", "start- and"),
        (f"data{HYPHEN_MARK}base", "database"),
        (f"frame{HYPHEN_MARK}work", "framework"),
        (f"multi{HYPHEN_MARK}plication", "multiplication"),
        (f"un{HYPHEN_MARK}balanced", "unbalanced"),
        (f"har{HYPHEN_MARK}bour", "harbour"),
        (f"n-{HYPHEN_MARK}i-p", "n-i-p"),
        (f"n-i{HYPHEN_MARK}p", "n-i-p"),
        (f"x{HYPHEN_MARK}axis", "x-axis"),
    ],
)
def test_words_are_mended_and_compounds_keep_their_hyphen(broken: str, mended: str) -> None:
    """The document's own spelling decides, then its own words and compounds, then what compounds look like."""
    own = "The documentation is finetuned by training and pre-training, state-of-the-art."
    other = (
        "A harbour has a three-part layer, sided with data; the frame is the base of work, its source and its target."
    )
    words = vocabulary([own, other, broken])
    assert mend_hyphens(broken, words) == mended


def test_characters_are_normalised() -> None:
    """Ligatures and odd spaces become plain, control characters and lone surrogates go, raised digits stay."""
    assert clean("e\ufb03cient\u00a0x\u00b2 \x00\x03\ud835 \U0001d44e\u200b\n b") == "efficient x\u00b2 a b"


KINDS: list[SentenceKind] = [
    "body", "caption", "note", "heading", "reference", "debris", "front", "inset", "formula",
]  # fmt: skip
TEXTS = st.text(st.sampled_from("aB.? -\ufffe\u2022,1\n\u00a0\ufb01\ud83dé漢。"), max_size=60)
BLOCKS = st.lists(
    st.builds(Block, st.sampled_from(KINDS), TEXTS, st.integers(1, 4), st.integers(1, 3), st.sampled_from([9.0, 10.0])),
    max_size=25,
)


@given(BLOCKS)
def test_spans_are_exact(blocks: list[Block]) -> None:
    """Sentences follow one another, lie within their page, and together are the whole of it; formulas stand within theirs."""
    ordered = sorted(blocks, key=lambda block: block.page)
    text = assemble(ordered, reader="test", title=None, page_count=4)
    assert [s.number for s in text.sentences] == list(range(1, len(text.sentences) + 1))
    for page, whole in enumerate(text.pages, start=1):
        on_page = [s for s in text.sentences if s.page == page]
        outer = [s for s in on_page if not any(o.start < s.start and s.end <= o.end for o in on_page)]
        assert "\n".join(whole[s.start : s.end] for s in outer) == whole
        assert all(0 <= s.start < s.end <= len(whole) for s in on_page)
        assert all(a.end + 1 == b.start for a, b in itertools.pairwise(outer))
        for s in outer:
            inner = text.sentences[s.number :][: sum(o.start < s.end for o in on_page if o.number > s.number)]
            within = "\n".join(whole[slice(*span)] for span in s.formulas)
            assert "\n".join(text.quote(formula) for formula in inner) == within
            assert {formula.kind for formula in inner} <= {"formula"}
            assert (s.size, len(s.formulas)) == (len(text.quote(s)), text.quote(s).count(FORMULA) if inner else 0)
    assert [s.page for s in text.sentences] == sorted(s.page for s in text.sentences)
    assert all(0 <= s.section < len(text.sections) for s in text.sentences)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\ufb01\ud800-\udfff]", "".join(text.pages))


def test_a_formula_stands_amid_its_sentence() -> None:
    """The page holds its signs where they are printed, the sentence's own words hold its mark."""
    blocks = [
        Block("body", "First. The loss of the", 1, size=10.0), Block("formula", "L = x", 1), Block("formula", "+ y", 1),
        Block("note", "A note.", 1), Block("body", "boat is small, and so is", 1, size=10.0), Block("formula", "M = z", 1),
        Block("body", "that of the ship. Last.", 1, size=10.0),
    ]  # fmt: skip
    text = assemble(blocks, reader="test", title=None, page_count=1)
    assert text.pages == (
        "First.\nThe loss of the\nL = x\n+ y\nboat is small, and so is\nM = z\nthat of the ship.\nA note.\nLast.",
    )
    assert [text.quote(s) for s in text.sentences] == [
        "First.", f"The loss of the {FORMULA} boat is small, and so is {FORMULA} that of the ship.",
        "L = x", "+ y", "M = z", "A note.", "Last.",
    ]  # fmt: skip


@given(BLOCKS)
def test_no_word_is_lost_or_made_up(blocks: list[Block]) -> None:
    """Letters come out as they went in, in number; only hyphens, spaces and ligatures may change, and formulas are named."""
    text = assemble(sorted(blocks, key=lambda b: b.page), reader="test", title=None, page_count=4)
    letters = sorted(c for b in blocks for c in clean(b.text) if c.isalnum())
    assert sorted(c for page in text.pages for c in page.replace(FORMULA, "") if c.isalnum()) == letters


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


def sentences(*blocks: Block) -> list[str]:
    """The sentences of the running text."""
    text = assemble(blocks, reader="test", title=None, page_count=max(block.page for block in blocks))
    return [text.quote(s) for s in text.sentences if s.kind == "body"]


def left(words: str, *, indent: float = 0.0, full: bool = True, page: int = 1) -> Block:
    """A block of the left column, whose last line runs to the right edge."""
    return Block("body", words, page, size=10.0, column=f"{page} left", is_full=full, indent=indent, hang=0.0)


def right(words: str, *, indent: float = 0.0) -> Block:
    """A block of the right column."""
    return Block("body", words, 1, size=10.0, column="1 right", is_full=True, indent=indent, hang=0.0)


def test_a_capital_goes_on_in_the_next_column_only_behind_a_full_line() -> None:
    """A name may begin a column; a paragraph that ended, or a first line that is indented, begins a sentence there.

    What ran to the edge before that and had no end is half a sentence.
    """
    assert sentences(left("We train on the"), right("ImageNet pictures.")) == ["We train on the ImageNet pictures."]
    short = left("We train old models", full=False)
    assert sentences(short, right("ImageNet pictures.")) == ["We train old models", "ImageNet pictures."]
    indented = right("ImageNet pictures.", indent=12)
    assert sentences(left("We train old models"), indented) == ["ImageNet pictures."]
    assert sentences(left("We train on the"), right("old pictures.")) == ["We train on the old pictures."]
    assert sentences(left("We train old models"), left("ImageNet pictures.")) == ["ImageNet pictures."]
    assert sentences(left("We train old models:"), indented) == ["We train old models:", "ImageNet pictures."]


def test_a_word_that_leads_on_ends_no_sentence() -> None:
    """Whatever begins the next column goes on with it; where nothing does, the half is no evidence. A number alone is none."""
    ragged = left("Their abundance was", full=False)
    assert sentences(ragged, right("2.4 times as high.")) == ["Their abundance was 2.4 times as high."]
    assert sentences(ragged, right("> abundance(x).")) == ["> abundance(x)."]
    assert sentences(left("Sie wurden von den"), left("Nach einer Woche.")) == ["Nach einer Woche."]
    assert sentences(left("12"), left("Old pictures.")) == ["Old pictures."]


@pytest.mark.parametrize("kind", ["formula", "debris", "heading", "reference", "front"])
def test_nothing_is_joined_over_what_is_no_float(kind: SentenceKind) -> None:
    """A sentence never leaps over a formula, a label or a heading without a mark of it; half of one alone is no evidence."""
    found = sentences(left("We train on the"), Block(kind, "K = 2"), left("old pictures. They are grey."))
    assert "We train on the old pictures." not in found
    assert "They are grey." in found
    assert "We train on the" not in found or kind == "heading"


def test_what_is_left_of_a_table_is_a_float_where_its_caption_stands_by() -> None:
    """Rows without a caption could be anything; with it, the paragraph goes on behind them."""
    first, rows, caption, last = (
        left("We train on"),
        Block("debris", "0.81 1.2"),
        Block("caption", "Table 1: A."),
        left("old pictures."),
    )
    assert sentences(first, rows, last) == []
    assert sentences(first, rows, caption, last) == ["We train on old pictures."]
    assert sentences(first, Block("inset", "User: Hello there."), last) == ["We train on old pictures."]


def test_a_formula_leaves_its_mark() -> None:
    """Several lines of one leave one mark; a sentence that begins behind it is its own; one that had ended has none."""
    sign = Block("formula", "L = x + y")
    assert sentences(left("The loss is"), sign, sign, left("where x is small.")) == [
        "The loss is [formula] where x is small."
    ]
    assert sentences(left("We define the loss as:"), sign, left("Next we go on.")) == [
        "We define the loss as: [formula]",
        "Next we go on.",
    ]
    assert sentences(left("It is so."), sign, left("where x is small.")) == ["It is so.", "where x is small."]
