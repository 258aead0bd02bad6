"""Nothing in the check takes more than linear time over what strangers wrote: every pattern, and every step as a whole."""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Callable, Iterator

import pytest

from survey_extract.core.check.check import check
from survey_extract.core.check.passage import Passage
from survey_extract.core.check.quantities import figures_in
from survey_extract.core.check.terms import places, terms_of_text
from survey_extract.core.evidence import pointer
from survey_extract.core.ranking.relevance import Relevance
from survey_extract.core.records import PaperText, Section, Sentence
from survey_extract.core.values.data_sets import data_sets
from survey_extract.core.words.tokens import fold, tokens
from survey_extract.core.words.usage import Usage
from tests.fields import NAMES as NAMES_FIELD
from tests.fields import TEXT as TEXT_FIELD

MODULES = (
    "values.data_sets",
    "check.check",
    "check.ground",
    "words.lexicon",
    "words.proper_names",
    "words.numerals",
    "check.passage",
    "check.quantities",
    "check.terms",
    "ranking.relevance",
    "ranking.stemming",
    "words.tokens",
    "ranking.traits",
    "words.usage",
)
LETTERS = 100_000
GROWTH = 4
"""How many times longer the longer text is; a quadratic step takes 16 times as long for it."""
SLACK = 2.5
"""How much more than GROWTH the longer text may take: clocks and caches are no straight lines."""
NOTICED = 0.02
"""Seconds for the longer text below which a ratio is noise."""

HOSTILE = {
    "letters": "a", "capitals": "A", "capital words": "Aa ", "digits": "1", "commas": "1,", "thousands": "1,000,", "points": "1.", "hyphens": "a-",
    "names": "Aa-1", "joined numbers": "1-", "joined names": "A1-b", "brackets": "[", "cited": "[1", "keys": "[Ab12,", "open": "(", "open names": "(Aa, ",
    "years": "(Aa, 2020", "closed": "(2020) ", "sides": "1x", "powers": "10^", "braces": "10^{", "raised": "10\u207b", "exponents": "1e-",
    "scales": "two hundred ", "units": "7 b1", "unit words": "7 image ", "marks": "7 (-", "pluses": "+", "plus words": "a+", "blanks": " ",
    "data sets": "Aa dataset ", "almost data sets": "Aa Aa datase ", "called": "dataset called A", "tails": "Aa (b) dataset (", "articles": "The The dataset ",
    "short": "aa (A) ", "abbreviations": "a b (AB) ", "stages": "stage 1-", "releases": "1.1.1 ", "ideograms": "\u6f22", "marks of accent": "e\u0301",
    "underscores": "_", "references": "Fig. 1.1, ", "series": "1, 2 and ", "enumerators": "(1) a (2) b ", "known": "LAION-2", "almost known": "COCO Caption ",
    "lists": "Aa1, ", "lists of data": "data, Aa1 and ", "cited names": "Aa [1] (Bb, 2020) ", "open citations": "(Aa, 20", "own": "propose a ", "leads": "called Aa ",
}  # fmt: skip


def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern in the modules of the check, those made when first wanted too."""
    data_sets("x")
    found: dict[str, re.Pattern[str]] = {}
    for name in MODULES:
        module = importlib.import_module(f"survey_extract.core.{name}")
        for label, item in vars(module).items():
            made = item() if hasattr(item, "cache_info") and item.cache_info().currsize and label == "_known" else item
            if isinstance(made, re.Pattern):
                found[f"{name}.{label}"] = made
    return found


def text_of(text: str) -> PaperText:
    """A text of one sentence, as long as may be."""
    sentence = Sentence(1, 1, 0, len(text), "body", 0)
    return PaperText("t", None, (text,), (Section("", 1, 1, 1),), (sentence,), f"{hash(text)}")


def whole_check(text: str) -> None:
    made = text_of(text)
    check(NAMES_FIELD, ("ImageNet-21K", "aaa", "A1"), [pointer(made, made.sentences[0])], made)
    check(TEXT_FIELD, "It takes 24 layers, 1e-5 and a A1-b of ImageNet.", (), made)


def terms(text: str) -> None:
    for term in terms_of_text(text, Usage()):
        assert term.text


STEPS: dict[str, Callable[[str], object]] = {
    "tokens": tokens,
    "figures": lambda text: figures_in(tokens(text)),
    "usage": lambda text: Usage().learn(tokens(text)),
    "passage": lambda text: Passage([tokens(text)]).holds("aaa"),
    "terms": terms,
    "places": lambda text: list(places("a-", text)),
    "data sets": data_sets,
    "the ranking": lambda text: Relevance(text_of(text)).rank_field(TEXT_FIELD),
    "the check": whole_check,
}


def seconds(step: Callable[[str], object], text: str) -> float:
    fold.cache_clear()
    began = time.thread_time()
    step(text)
    return time.thread_time() - began


def grows_as_its_text(step: Callable[[str], object], piece: str, letters: int) -> bool:
    """Whether a text GROWTH times as long takes about as many times as long; measured again when it seems not to."""
    longer = (piece * (letters // len(piece) + 1))[:letters]
    shorter = longer[: letters // GROWTH]
    for _ in range(4):
        after = seconds(step, longer)
        if after < NOTICED or after <= GROWTH * SLACK * seconds(step, shorter):
            return True
    return False


def inputs() -> Iterator[tuple[str, str]]:
    yield from HOSTILE.items()


@pytest.mark.parametrize("name", sorted(patterns()))
def test_every_pattern_is_linear(name: str) -> None:
    """Almost-matches repeated to 100,000 letters cost a search no more than their length."""
    pattern = patterns()[name]

    def search(text: str) -> None:
        for _ in pattern.finditer(text):
            pass

    slow = [kind for kind, piece in inputs() if not grows_as_its_text(search, piece, LETTERS)]
    assert slow == []


@pytest.mark.parametrize("name", sorted(STEPS))
def test_every_step_is_linear(name: str) -> None:
    """What is built on the patterns is linear, too: no loop goes back over what was read."""
    slow = [kind for kind, piece in inputs() if not grows_as_its_text(STEPS[name], piece, LETTERS // 10)]
    assert slow == []


def test_a_polynomial_pattern_would_be_noticed() -> None:
    """The measure tells: a pattern that goes back from every letter is refused."""
    backtracking = re.compile(r"a+b")
    assert not grows_as_its_text(backtracking.search, "a", 8_000)
