"""A text goes in, its clauses come out: what each is about, and what in it is denied or left open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

from survey_extract.core.check.contraries import (
    BOUNDS_BEHIND,
    HEDGES,
    LIGHT,
    NEGATORS,
    NO_DENIALS,
    PAST,
    denies,
    hedges,
    plans,
)
from survey_extract.core.check.measures import FigureMeasure, measures
from survey_extract.core.check.quantities import figures_in
from survey_extract.core.ranking.stemming import GRAMMAR, stem
from survey_extract.core.words.languages import PLAIN, Reading
from survey_extract.core.words.lexicon import NUMBER_WORDS
from survey_extract.core.words.numerals import Figure
from survey_extract.core.words.tokens import Token, fold

_PARTS = frozenset(
    "but and or whereas while although though however which who whom whose because since unless if yet than versus".split()
)
"""Words that begin another part of a sentence."""
_EXCEPTED = frozenset(["for", "few", "some", "those"])
_COMPARING = frozenset(["than", "versus"])
_BREAKS = frozenset(".;:!?(),[]\u2014")
_BEING = frozenset(["is", "are", "was", "were", "be", "being", "been"])
_DEFERRED = frozenset((word,) for word in "work works research study studies version versions release releases".split())
"""Words behind "future" to which something is left: "we leave this to future work"."""
REACH = 4
"""Light words between a negation and what it denies."""


@dataclass(frozen=True)
class Clause:
    """Tokens of one part of a sentence. ``roots`` are the stems of its words that mean something, with their places."""

    found: tuple[Token, ...]
    is_compared: bool = False
    """Whether the part behind it says with what it is compared: "than", "versus"."""

    @cached_property
    def roots(self) -> tuple[tuple[str, int], ...]:
        return tuple(roots_of(self.found))

    @cached_property
    def about(self) -> frozenset[str]:
        return frozenset(root for root, _ in self.roots)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(fold(token.text) for token in self.found)

    @cached_property
    def line(self) -> str:
        """Its words with a space around each."""
        return f" {' '.join(self.words)} "

    @cached_property
    def negations(self) -> tuple[int, ...]:
        """Places of the words that deny what follows: "not", "no", "n't"."""
        return tuple(at for at, word in enumerate(self.words) if word in NEGATORS or self._is_contracted(at))

    def _is_contracted(self, at: int) -> bool:
        return at > 1 and self.words[at] == "t" and self.words[at - 1] in "'\u2019" and self.words[at - 2].endswith("n")

    @cached_property
    def denials(self) -> int:
        """How many words say, or may say, that something is not so."""
        return sum(denies(word) for word in self.words) + sum(word == "t" for word in self.words)

    @cached_property
    def is_open(self) -> bool:
        """Whether something in it leaves open what is so."""
        return any(hedges(word) for word in self.words)

    @cached_property
    def is_planned(self) -> bool:
        """Whether it says of something alone that it is to be: "is planned", "is to be built", "plans to build", "will open"."""
        words, told = self.words, set[int]()
        for at, word in enumerate(words):
            before, behind = words[max(0, at - 3) : at], words[at + 1 : at + 2]
            is_meant = plans(word) and (behind == ("to",) or bool(_BEING & set(before)))
            is_meant = is_meant or (word == "considered" and before[-1:] == ("being",))
            is_due = word == "be" and before[-1:] == ("to",) and bool({"is", "are", "was", "were"} & set(before[-2:-1]))
            if is_meant or is_due or (word == "will" and before[-1:] != ("we",)):
                told.update(range(at - 3, at + 1))
        told.update(at for at, word in enumerate(words) if word == "future" and words[at + 1 : at + 2] in _DEFERRED)
        return bool(told) and not any(word in PAST and at not in told for at, word in enumerate(words))

    @cached_property
    def done(self) -> int | None:
        """The place of a word that tells of something as done: "was built", "has been built", "is built"; None where none does."""
        return next(
            (at for at, word in enumerate(self.words) if word in PAST or word == "been" or self._is_done(at)), None
        )

    def _is_done(self, at: int) -> bool:
        return (
            self.words[at] in ("is", "are") and self.words[at + 1 : at + 2] != () and self.words[at + 1].endswith("ed")
        )

    @cached_property
    def with_and_without(self) -> tuple[tuple[str, str, int], ...]:
        """What stands behind each "with" and "without": that word, the first word behind it that means something, and its place."""
        places = (at for at, word in enumerate(self.words) if word in ("with", "without"))
        return tuple((self.words[at], found[0][0], at) for at in places if (found := self._meant_behind(at)))

    @cached_property
    def denied(self) -> tuple[tuple[tuple[str, int], ...], ...]:
        """What each negation denies: the words that mean something right behind it, with their places."""
        return tuple(found for at in self.negations if (found := self._meant_behind(at)))

    @cached_property
    def hedged(self) -> tuple[tuple[str, int], ...]:
        """The first word that means something behind "may", "might" and "could"."""
        places = (at for at, word in enumerate(self.words) if word in HEDGES)
        return tuple(found[0] for at in places if (found := self._meant_behind(at)))

    def _meant_behind(self, at: int) -> tuple[tuple[str, int], ...]:
        found: list[tuple[str, int]] = []
        for place in range(at + 1, len(self.words)):
            word = self.words[place]
            if word in NO_DENIALS or word in NEGATORS or self.found[place].kind == "number":
                break
            if (
                not found
                and place <= at + 1 + REACH
                and (word in LIGHT or self.found[place].kind != "word" or word.endswith("ly"))
            ):
                continue
            if not self._means(place):
                break
            found.append((stem(word), place))
        return tuple(found)

    def _means(self, place: int) -> bool:
        word = self.words[place]
        return self.found[place].kind == "word" and len(word) > 1 and word not in GRAMMAR and word not in BOUNDS_BEHIND


def roots_of(found: Sequence[Token], first: int = 0) -> Iterator[tuple[str, int]]:
    """Stems and numbers of some tokens, each with its place; words of grammar are left out."""
    for at, token in enumerate(found, start=first):
        word = fold(token.text)
        if token.kind == "word" and len(word) > 1 and word not in GRAMMAR:
            yield stem(word), at
        elif token.kind == "number":
            yield word, at


def clauses(found: Sequence[Token]) -> Iterator[Clause]:
    """The parts of a text, in order: what stands between marks and between words that begin a part."""
    first = 0
    for at, token in enumerate(found):
        is_mark = token.text in _BREAKS and not _is_inside(found, at)
        if is_mark or fold(token.text) in _PARTS:
            if at > first:
                yield Clause(tuple(found[first:at]), fold(token.text) in _COMPARING)
            first = at + 1 if is_mark else at
    if first < len(found):
        yield Clause(tuple(found[first:]))


def _is_inside(found: Sequence[Token], at: int) -> bool:
    """Whether a mark stands within a word or a number: "e.g", "v1.5", "9(3)"."""
    behind = found[at + 1] if at + 1 < len(found) else None
    return bool(at) and behind is not None and found[at - 1].end == found[at].start and found[at].end == behind.start


@dataclass(frozen=True)
class Parsed:
    """A sentence, or a value: its tokens, its clauses and its figures."""

    found: tuple[Token, ...]
    reading: Reading = PLAIN
    around: frozenset[str] = frozenset()
    """Units of the numbers that have none of their own: of a row those in its headers and its caption, else what is counted near it."""
    is_row: bool = False

    @classmethod
    def of(cls, text: str, reading: Reading = PLAIN) -> Parsed:
        return cls(tuple(reading.tokens(text)), reading)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(clauses(self.found))

    @cached_property
    def about(self) -> frozenset[str]:
        return frozenset(root for clause in self.clauses for root in clause.about)

    @cached_property
    def has_exception(self) -> bool:
        """Whether it says that something holds of all but some: of these the contrary is true."""
        words = [fold(token.text) for token in self.found]
        return "except" in words or any(
            one == "but" and (two in _EXCEPTED or two in NUMBER_WORDS or two.isdecimal())
            for one, two in pairwise(words)
        )

    def with_subject(self, clause: Clause) -> frozenset[str]:
        """What a clause is about, and what the one before it is about where it goes on with that one's subject: "and has"."""
        if clause.words[0] not in ("and", "or", "but"):
            return clause.about
        at = self.clauses.index(clause)
        return clause.about | (self.clauses[at - 1].about if at else frozenset())

    def clause_at(self, at: int) -> Clause:
        """The clause of a token that is no mark between clauses."""
        start = self.found[at].start
        return next(clause for clause in self.clauses if clause.found[0].start <= start <= clause.found[-1].start)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figures_in(self.found))

    @cached_property
    def measures(self) -> tuple[FigureMeasure, ...]:
        return tuple(measures(self.found, self.figures))


MOST = 400
"""Clauses of the evidence that a value is compared with, at most: real sentences have a tenth of that."""


class Sentences:
    """The sentences cited for a value: their clauses, and all that they speak of."""

    def __init__(self, sentences: Sequence[Parsed]) -> None:
        self.of = tuple(islice(((clause, said) for said in sentences for clause in said.clauses), MOST))
        """Each clause with its sentence."""
        self.clauses = tuple(clause for clause, _ in self.of)
        self.about = frozenset(root for clause in self.clauses for root in clause.about)
        self.words = frozenset(word for clause in self.clauses for word in clause.words)

    def strays(self, about: frozenset[str], clause: Clause) -> bool:
        """Whether some of what is spoken of is not in a clause and yet in another: then it may be said of that one."""
        return bool((about - clause.about) & self.about)
