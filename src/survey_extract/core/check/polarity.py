"""A value in another language than English and the sentences cited for it go in; what they deny or leave open of it comes out.

By structure alone: a part of the value that speaks of the same things as parts of
the evidence, word for word but for endings, and is denied where all of those are
not, or states what all of those leave open. Where a sentence says "nicht nur",
"ohne" or denies twice, it counts for neither side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, pairwise
from typing import NamedTuple

from survey_extract.core.check.tongues import (
    ABOUT_PLANS,
    DENYING_SIGNS,
    EMPTY_SIGNS,
    HARMLESS_SIGNS,
    NO_DENYING_SIGNS,
    OPEN_SIGNS,
    Tongue,
    tongue,
)
from survey_extract.core.words.languages import frequent, spoken
from survey_extract.core.words.tokens import Token, fold, tokens

WHOLE = 0.75
"""Share of what a part is about that another must speak of, before one is taken for the other's statement."""
SHARED = 0.6
"""The same before what one states is taken for what the other leaves open."""
MOST = 60
"""Parts of a value and of its evidence that are compared, at most."""
LONGEST = 60
"""Words of a part that are compared, at most."""
LIKE = 0.65
"""Share of the shorter of two words that is the same at their beginning where they are forms of one."""
FEWEST = 4
NEAR = 3
"""Words behind a negation among which one may make it something else."""
TELLING = 2
"""Things that a part must be about, at least."""
_BREAKS = frozenset(".;:!?(),[]\u2014\u3001\u3002\uff0c\uff1b\uff1a")
_FIRST_HIRAGANA, _LAST_HIRAGANA = "\u3040", "\u309f"


class _Part(NamedTuple):
    """A part of a text: its tokens that say what it is about, by word; whether it is denied, None where that is in doubt."""

    found: tuple[Token, ...]
    about: tuple[str, ...]
    is_denied: bool | None
    is_open: bool
    is_stated: bool = True
    """Whether it is a statement by its words, and no name of a thing: of Chinese and Japanese this is not asked."""
    is_rest: bool = False
    """Whether it only denies what was said before of something else: "microplastics were not"."""

    def share_of(self, other: _Part) -> float:
        """How much of what this part is about the other speaks of."""
        return sum(any(is_like(one, two) for two in other.about) for one in self.about) / max(1, len(self.about))


class Language:
    """How the parts of a text are read."""

    def __init__(self, sentences: Sequence[str]) -> None:
        found = [token for sentence in sentences for token in tokens(sentence)]
        self.code = spoken([fold(token.text) for token in found if token.kind == "word"])
        signs = sum(token.kind == "ideogram" for token in found)
        self.is_signs = 2 * signs > len(found)
        self._tongue = None if self.is_signs else tongue(self.code)

    @property
    def is_known(self) -> bool:
        return self.is_signs or self._tongue is not None

    @cached_property
    def _empty(self) -> frozenset[str]:
        return frequent(self.code)

    def parts(self, text: str) -> list[_Part]:
        """The parts of a text, in order."""
        if self.is_signs:
            return [_of_signs(found) for found in _split(tokens(text), frozenset())]
        if self._tongue is None:
            return []
        made = [self._part(found, self._tongue) for found in _split(tokens(text), self._tongue.parting)]
        for before, (at, part) in zip(made, islice(enumerate(made), 1, None), strict=False):
            if part.is_rest:
                made[at] = part._replace(about=(*part.about, *before.about[1:]))
        return made

    def _part(self, found: tuple[Token, ...], known: Tongue) -> _Part:
        words = [token.text.casefold() for token in found]
        denying = [at for at, word in enumerate(words) if word in known.denying]
        is_other = any(known.no_denying & set(words[at + 1 : at + 1 + NEAR]) for at in denying)
        is_other = is_other or (denying != [] and not known.far.isdisjoint(words[denying[0] :]))
        is_twice = known.is_one_at_a_time and len(denying) > 1
        in_doubt = is_other or is_twice or not known.lacking.isdisjoint(words)
        about = tuple(
            word
            for token, word in zip(found, map(fold, words), strict=True)
            if token.kind == "number"
            or (len(token.text) == 1 and token.text.isupper() and len(found) > 1)
            or (
                token.kind == "word"
                and len(word) > 2
                and word not in self._empty
                and token.text.casefold() not in known.words
            )
        )
        about = about[:LONGEST]
        is_open = not known.open.isdisjoint(words) or any(both <= set(words) for both in known.to_come)
        is_rest = len(about) == 1 and denying != [] and denying[-1] == len(words) - 1
        return _Part(
            found, about, None if in_doubt else bool(denying), is_open, not known.stating.isdisjoint(words), is_rest
        )


def _split(found: Sequence[Token], parting: frozenset[str]) -> Iterator[tuple[Token, ...]]:
    first = 0
    for at, token in enumerate(found):
        is_mark = token.text in _BREAKS and not _is_inside(found, at)
        if is_mark or token.text.casefold() in parting:
            if at > first:
                yield tuple(found[first:at])
            first = at + 1
    if first < len(found):
        yield tuple(found[first:])


def _is_inside(found: Sequence[Token], at: int) -> bool:
    """Whether a mark stands within a number or a word of Latin letters."""
    behind = found[at + 1] if at + 1 < len(found) else None
    return bool(at) and behind is not None and behind.kind != "ideogram" and found[at - 1].kind != "ideogram" and found[at - 1].end == found[at].start and found[at].end == behind.start  # fmt: skip


def _of_signs(found: tuple[Token, ...]) -> _Part:
    """A part of Chinese or Japanese: about each two signs that stand side by side and mean something."""
    text = "".join(token.text for token in found)
    bare = text
    for sign in HARMLESS_SIGNS:
        bare = bare.replace(sign, "")
    denying = [sign for sign in DENYING_SIGNS if sign in bare]
    meant = text
    for sign in (*OPEN_SIGNS, *DENYING_SIGNS):
        meant = meant.replace(sign, "")
    kept = [char for char in meant if char not in EMPTY_SIGNS and not _FIRST_HIRAGANA <= char <= _LAST_HIRAGANA]
    about = tuple(dict.fromkeys(f"{one}{two}" for one, two in pairwise(kept)))[:LONGEST]
    is_other = any(sign in text for sign in NO_DENYING_SIGNS)
    in_doubt = is_other or sum(bare.count(sign) for sign in denying) > 1 + ("没有" in bare) + ("なかった" in bare)
    return _Part(found, about, None if in_doubt else bool(denying), any(sign in text for sign in OPEN_SIGNS))


def is_like(one: str, two: str) -> bool:
    """Whether two words begin alike as forms of one do; signs and short words are the same or are not."""
    if one == two:
        return True
    shorter = min(len(one), len(two))
    wanted = max(FEWEST, LIKE * shorter)
    same = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), shorter)
    return same >= wanted and one.isalpha() and two.isalpha()


class Contradicted(NamedTuple):
    """Characters of the value, from where to where, and what its evidence says of them."""

    start: int
    end: int
    why: str


DENIED, STATED, OPEN = "the sentence denies it", "the sentence says that it is so", "the sentence leaves it open"


def turned(value: str, heading: str, quoted: Sequence[str]) -> Iterator[Contradicted]:
    """What the evidence denies of a value, states where the value denies it, or leaves open."""
    language = Language(quoted)
    if not language.is_known or (language.code == "en" and not language.is_signs):
        return
    is_of_plans = any(word in heading.casefold() for word in ABOUT_PLANS)
    said = [part for sentence in quoted for part in language.parts(sentence)][:MOST]
    mine = language.parts(value)[:MOST]
    is_of_plans = is_of_plans or any(part.is_open for part in mine)
    for part in mine:
        if len(part.about) < TELLING or part.is_denied is None:
            continue
        same = [one for one in said if part.share_of(one) >= WHOLE]
        is_denied = bool(same) and all(one.is_denied is (not part.is_denied) for one in same)
        near = [one for one in said if part.share_of(one) >= SHARED]
        may_be_open = part.is_stated and not part.is_open and not is_of_plans
        is_open = bool(near) and may_be_open and all(one.is_open and one.is_denied is part.is_denied for one in near)
        if is_denied or is_open:
            why = OPEN if not is_denied else STATED if part.is_denied else DENIED
            yield Contradicted(part.found[0].start, part.found[-1].end, why)


def denies_yes(asked: str, quoted: Sequence[str]) -> bool:
    """Whether all parts of the evidence that speak of what is asked deny it.

    What is asked must be one part: where there are several, the first alone is not it ("quality and price differed"). That they
    state it says nothing against a no: "the rates were similar" speaks of the rates that are asked to differ, and denies nothing.
    """
    language = Language(quoted)
    wanted = language.parts(asked) if language.is_known else []
    if len(wanted) != 1 or len(wanted[0].about) < TELLING or wanted[0].is_denied is not False:
        return False
    said = [part for sentence in quoted for part in language.parts(sentence)][:MOST]
    same = [one for one in said if wanted[0].share_of(one) >= 1]
    return bool(same) and all(one.is_denied is True and not one.is_open for one in same)
