"""Two texts are told apart word by word where most words agree, and shown whole where they do not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from survey_extract.core.diff import changes, worded

WORDS = st.lists(st.sampled_from(["a", "bc", "d.", "2", "epochs"]), max_size=12).map(" ".join)


def test_what_differs_is_marked_where_most_words_agree() -> None:
    """The characters of the words that the other text has not, in both."""
    before, after = "Trained for 2 epochs on ten cards", "Trained for 7 epochs on ten cards"
    out, put_in = changes(before, after)
    assert [before[a:b] for a, b in out] == ["2"]
    assert [after[a:b] for a, b in put_in] == ["7"]


def test_texts_with_few_common_words_are_not_woven_together() -> None:
    """Nothing is marked: both are to be read whole."""
    assert changes("Trained for 2 epochs", "A frozen encoder and a decoder, for images") == ([], [])


@given(WORDS, WORDS)
def test_marks_lie_on_whole_words_and_what_is_left_is_the_same(before: str, after: str) -> None:
    """Take the marked words out of both, and the same words are left, as in the difference that is read as one text."""
    out, put_in = changes(before, after)
    if out or put_in:
        left = ["".join(c if not any(a <= i < b for a, b in spans) else " " for i, c in enumerate(text)).split() for text, spans in ((before, out), (after, put_in))]  # fmt: skip
        assert left[0] == left[1] == [word for kind, words in worded(before, after) if kind == "same" for word in words.split()]  # fmt: skip
