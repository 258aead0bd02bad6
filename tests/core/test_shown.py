"""What a question shows of a document: a short one whole, of a longer one what ranks; tables as wholes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.question.shown import LEAST, allowance, shown_sentences
from survey_extract.core.reading.rows import with_rows
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.tables.table import Row, Table, TableCell
from tests.fields import FIELDS
from tests.papers.make import prose

ROOM = 10**9
TRAINING = FIELDS.named("training_methods")
TRAINED = "We train the system with a contrastive loss for 40 epochs."


THINGS = "rope boat lamp stone bell chair door roof sand wheel".split()


def text_of(*blocks: Block) -> PaperText:
    return assemble(blocks, reader="new", title=None, page_count=1)


def words(text: PaperText, shown: Sequence[Sentence]) -> str:
    return " ".join(text.quote(sentence) for sentence in shown)


def long(*blocks: Block) -> PaperText:
    """These blocks in the middle of a document several times as long as what is shown whole."""
    filler = " ".join(
        f"The {one} lies beside the {other} in the {place}." for one in THINGS for other in THINGS for place in THINGS
    )
    return text_of(
        Block("heading", "1 Data"), Block("body", filler), *blocks, Block("heading", "9 End"), Block("body", filler)
    )


def test_a_short_document_is_shown_whole() -> None:
    """Nothing is left out of what is no longer than the limit, whatever ranks."""
    text = text_of(Block("body", prose(100)))
    assert shown_sentences(text, FIELDS.asked, ROOM) == (text.citable(), 0)


def test_everything_is_shown_where_that_is_wanted() -> None:
    """However long it is, and whatever is asked; what does not fit is counted."""
    text = long()
    assert shown_sentences(text, [TRAINING], ROOM, "everything") == (text.citable(), 0)
    shown, omitted = shown_sentences(text, [TRAINING], 10_000, "everything")
    assert len(shown) + omitted == len(text.citable())


def test_what_is_left_out_is_not_counted_as_what_did_not_fit() -> None:
    """A warning says what a larger context would have brought, and no more."""
    text = long()
    shown, omitted = shown_sentences(text, FIELDS.asked, ROOM)
    assert (len(shown) < len(text.citable()), omitted) == (True, 0)
    some, omitted = shown_sentences(text, FIELDS.asked, 10_000)
    assert len(some) + omitted == len(shown)
    assert sum(s.end - s.start for s in some) <= 10_000


@pytest.mark.parametrize(
    "heading", ["2 Related Work", "Acknowledgements", "A Sample dialogues", "5 Results", "2 Training"]
)
def test_what_ranks_is_shown_wherever_it_stands(heading: str) -> None:
    """Sentences are cut by rank: the best one is shown under every heading, even those whose sentences go first."""
    text = long(Block("heading", heading), Block("body", TRAINED))
    shown, _ = shown_sentences(text, [TRAINING], ROOM)
    assert TRAINED in words(text, shown)


def test_other_work_and_samples_go_first() -> None:
    """The same sentences under a heading of other people's work are left out before those of the system's own."""
    own, others = (f"We describe how the {word} of 1890 was kept in the old harbour." for word in ("mast", "oar"))
    text = long(
        Block("heading", "2 Method"), Block("body", " ".join([own] * 300)),
        Block("heading", "3 Related Work"), Block("body", " ".join([others] * 300)),
    )  # fmt: skip
    shown = words(text, shown_sentences(text, [TRAINING], ROOM)[0])
    assert shown.count(own) > shown.count(others)


def test_fewer_fields_show_less_and_never_next_to_nothing() -> None:
    """One field about a quarter of what all show, a list no more, all of them the most; a little is always shown."""
    shares = [allowance(100_000, FIELDS.asked[:n]) for n in range(1, 8)]
    assert shares == sorted(shares)
    assert 0.2 <= shares[0] / shares[-1] <= 0.3
    assert allowance(100_000, [FIELDS.named("datasets_used")]) == allowance(100_000, [TRAINING])
    assert allowance(LEAST - 1, [TRAINING]) == LEAST - 1
    assert allowance(8_000, [TRAINING]) >= LEAST


@pytest.mark.parametrize(
    ("caption", "is_shown"), [(f"Table 1: {TRAINED}", True), ("Table 1: The weather in the north.", False)]
)
def test_a_table_is_shown_as_a_whole_or_not_at_all(caption: str, is_shown: bool) -> None:
    """All rows where the caption ranks, none where neither caption nor rows do, and the caption with them."""
    box = (0.0, 0.0, 1.0, 1.0)
    rows = tuple(Row(f"north {n}", None, (TableCell(("rain",), f"0.{n}", box),), box) for n in range(12))
    text = with_rows(
        long(Block("heading", "2 Method"), Block("caption", caption)), [Table("Table 1", caption, 1, rows, 0)]
    )
    assert [sentence.kind for sentence in text.citable()].count("row") == 12
    shown, _ = shown_sentences(text, [TRAINING], ROOM)
    assert [sentence.kind for sentence in shown].count("row") == (12 if is_shown else 0)
    assert "0.11" in words(text, shown) or not is_shown
    assert TRAINED in words(text, shown) or not is_shown


def test_what_follows_an_answer_is_shown_though_it_has_none_of_its_words() -> None:
    """A sentence that cannot answer alone is shown beside the one that it goes on from: a question about one field needs both."""
    follows = "Half of that time went by before the moon rose."
    text = long(Block("heading", "2 Method"), Block("body", f"{TRAINED} {follows}"))
    assert follows in words(text, shown_sentences(text, [TRAINING], ROOM)[0])


def test_a_field_without_cues_is_served() -> None:
    """A stranger's field is ranked by its heading and instruction."""
    told = "The lantern fee was paid by the ferry guild."
    text = long(Block("heading", "2 Money"), Block("body", told))
    shown, _ = shown_sentences(text, [FieldSpec("sponsor", "Sponsor", "Who paid the lantern fee.")], ROOM)
    assert told in words(text, shown)
