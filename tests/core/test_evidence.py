"""Sentence numbers become pointers, pointers become words again, and figures and names are looked for."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from survey_extract.core.check import RULES
from survey_extract.core.check.check import check
from survey_extract.core.evidence import Quoter, point, pointer, quoted_value
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.paper_text import FORMULA, PaperText
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.records import Check, Evidence, Term
from survey_extract.core.values.data_sets import data_sets
from tests.fields import NAMES as NAMES_FIELD
from tests.fields import TEXT as TEXT_FIELD


def text_of(*sentences: str) -> PaperText:
    blocks = [Block("body", sentence) for sentence in sentences]
    return assemble(
        [*blocks, Block("heading", "References"), Block("reference", "A cited paper.")],
        reader="t",
        title=None,
        page_count=1,
    )


TEXT = text_of(
    "We use ViT-L/14 as the encoder.", "It is trained on 158K samples of CC3M.", "The rest uses 12% of LAION."
)


@given(st.lists(st.integers(-5, 50)))
def test_numbers_resolve_to_sentences_that_may_be_cited_or_to_nothing(numbers: list[int]) -> None:
    """Every number ends in exactly one of both lists; none is dropped, none invents a quote."""
    evidence, unresolved = point(TEXT, numbers)
    assert len(evidence) + len(unresolved) == len(set(numbers))
    assert set(unresolved) == {n for n in numbers if n not in (1, 2, 3)}


def test_a_sentence_that_was_not_shown_is_no_evidence() -> None:
    """An engine cannot cite what it never saw."""
    assert point(TEXT, [1, 2], frozenset({2}))[1] == (1,)


def test_a_pointer_finds_its_words_again() -> None:
    """The same text gives the words; where they moved the hash finds them; where they are gone it says so."""
    evidence, _ = point(TEXT, [2])
    assert Quoter(TEXT).quote(evidence[0]).whereabouts == "found"
    longer = text_of("A new sentence.", *[TEXT.quote(s) for s in TEXT.citable()])
    moved = Quoter(longer).quote(evidence[0])
    assert (moved.whereabouts, moved.words) == ("moved", "It is trained on 158K samples of CC3M.")
    gone = Quoter(text_of("Something else."))
    assert gone.quote(evidence[0]).whereabouts == "missing"
    assert quoted_value([gone.quote(evidence[0])]) is None


def test_a_pointer_with_another_hash_shows_no_words() -> None:
    """Words are shown by their hash, not by their place."""
    forged = replace(pointer(TEXT, TEXT.sentences[0]), sha256="0" * 64)
    assert Quoter(TEXT).quote(forged).words is None


def parted(text: PaperText, at: tuple[int, ...]) -> PaperText:
    """The same text, of whose sentences those ``at`` these places, and the next one, are one sentence."""
    kept = [
        replace(one, end=(other := text.sentences[number + 1]).end, formulas=(*one.formulas, *other.formulas))
        if number in at
        else one
        for number, one in enumerate(text.sentences)
        if number - 1 not in at
    ]
    return replace(text, sentences=tuple(replace(one, number=number) for number, one in enumerate(kept, start=1)))


def test_words_are_found_where_sentences_end_elsewhere_now() -> None:
    """A newer reader takes two sentences for one, or parts one: both ways each pointer shows its own words; none shows half a sentence."""
    one = text_of("It is told in App. A. We train it on 158K samples. The rest of LAION is not used. It is large.")
    assert len(one.citable()) > 2
    other = parted(one, (0,))
    for old, new in ((one, other), (other, one)):
        for sentence in old.citable():
            quote = Quoter(new).quote(pointer(old, sentence))
            assert (quote.whereabouts, quote.words) == ("found", old.quote(sentence))
    half = replace(one.citable()[1], end=one.citable()[1].end - len(" samples."))
    assert Quoter(other).quote(pointer(one, half)).whereabouts == "missing"


def test_words_with_a_formula_amid_them_are_found_where_sentences_end_elsewhere_now() -> None:
    """A pointer of a reader that had the mark alone in its text, and one into a text in which the formula stands."""
    kinds = (
        ("body", "formula", "body"),
        ("It is told in App. A. The loss is", "L = x + y", "where x is small. It is large."),
    )
    one = assemble([Block(*pair) for pair in zip(*kinds, strict=True)], reader="t", title=None, page_count=1)  # type: ignore[arg-type]
    spoken = [one.quote(sentence) for sentence in one.citable()]
    assert spoken == ["It is told in App. A.", f"The loss is {FORMULA} where x is small.", "It is large."]
    for words in (*spoken, " ".join(spoken[:2]), " ".join(spoken[1:])):
        old = Evidence(1, 0, len(words), sha256_text(words))
        assert Quoter(one).quote(old).words == words
    other = parted(one, (0,))
    for before, now in ((one, other), (other, one)):
        for sentence in before.citable():
            assert Quoter(now).quote(pointer(before, sentence)).words == before.quote(sentence)


def test_figures_and_names_are_looked_for_in_evidence_then_elsewhere() -> None:
    """Each term has its place; the worst of them is the state."""
    evidence, _ = point(TEXT, [1, 2])
    found = check(TEXT_FIELD, "The encoder vit-l/14 sees 158k samples, 12% and 99% of BookCorpus.", evidence, TEXT)
    assert set(found.terms) == {
        Term("vit-l/14", "in evidence"), Term("158k samples", "in evidence"), Term("12%", "elsewhere"), Term("99%", "nowhere"),
        Term("BookCorpus", "nowhere"),
    }  # fmt: skip
    assert (found.state, found.rules) == ("nowhere", RULES)
    assert check(TEXT_FIELD, None, evidence, TEXT).state is None
    assert check(NAMES_FIELD, ("CC3M", "LAION"), evidence, TEXT).terms == (
        Term("CC3M", "in evidence"),
        Term("LAION", "elsewhere"),
    )


def test_a_check_says_by_which_rules() -> None:
    """One from an archive of before is of the first rules, and is not compared with one of today's."""
    old, new = Check((Term("x", "in evidence"),)), Check((Term("x", "nowhere"),), RULES)
    assert (old.rules, check(TEXT_FIELD, "x", (), TEXT).rules) == (1, RULES)
    assert not new.is_worse_than(old)
    assert new.is_worse_than(replace(old, rules=RULES))


def test_data_sets_are_known_or_called_so() -> None:
    """Known names, and what the text itself calls a data set; an article is no name."""
    text = "We use COCO, the LogPairs dataset and our benchmark LogBench. The Large dataset is no name we know. LLMs are none."
    assert data_sets(text) == ("COCO", "LogPairs", "LogBench")
