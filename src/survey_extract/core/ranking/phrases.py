"""A sentence goes in; its clauses and their words come out, with what is denied in them, doubted, or said of another.

What the rules of ``yes_no.py`` and of ``core.answering`` read sentences by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from survey_extract.core.ranking.stemming import stem, stems
from survey_extract.core.words.tokens import without_citations

TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?|[^\w\s]")
_ADDRESS = re.compile(r"https?://\S++")
"""Where every name is written small."""
CLAUSE = re.compile(
    r"[;:()\[\]\u2013\u2014]|(?:,\s)?\b(?:but|although|though|while|whereas|since|because|so that|which|who)\b",
    re.IGNORECASE,
)
DOUBTS = frozenset(
    "whether if unless could would may might should can ask asks asked wonder unclear unknown suppose supposedly rumoured rumored"
    " allegedly reportedly expected planned plan plans hope hopes likely probably perhaps possibly almost nearly partly partially"
    " hardly barely scarcely earlier previous previously former formerly last older old other others another rival rivals"
    " neighbouring neighboring nearby adjacent competitor competitors most many some few several unlike like than only either until once none nobody nothing neither they"
    " their assuming assumed assume approaches works studies et prior recent existing hoped wanted want aim aims shows base teacher student reward baseline reference"
    " parent first second third largest smallest larger smaller small large underlying pretrained initial optional optionally fake imitation claims claim claimed believe believed said little less fewer low minimal seems seem appears appear".split()
)
"""Words before what is sought, or a number, behind which nobody is said to have it, or somebody else is."""
NOT = frozenset("not never cannot nor".split())
NEAR = {"no": 2, "without": 3, "lacks": 2, "lack": 2, "lacking": 2}
"""Negations of a thing, and how many words may stand between."""
NEAR_PAIRS = {("instead", "of"): 2, ("rather", "than"): 2, ("free", "of"): 1, ("free", "from"): 1}
SMALL = frozenset("a an the any its our this both also now fully now still all yet as".split())
LEADS = frozenset(
    "about on of for from against to after before between at by in under into over around per with without".split()
)
"""Words between that make what is sought something beside the matter, unless the field's own question has them."""
PRONOUNS = frozenset("it its we our this there whoever".split())
BEHIND = frozenset(
    "and or for with in on at to from by as that which when where within through of since during under after before until"
    " is are was were has have can will it we they he she this these those so too yet also here there alone throughout against"
    " per via over into".split()
)
"""Words behind what is sought that do not make it a part of another word."""
_ISE = re.compile(r"is(?=(?:e[ds]?|ing|ation)\b)")
_AMERICAN = {
    "licence": "license", "colour": "color", "centre": "center", "metre": "meter", "litre": "liter", "programme": "program",
    "catalogue": "catalog", "defence": "defense", "fibre": "fiber", "harbour": "harbor", "behaviour": "behavior",
}  # fmt: skip
_BRITISH = re.compile("|".join(_AMERICAN))
SHORT_TITLE = 4
"""Words of a title that names a thing and says no more."""


class Word(NamedTuple):
    text: str
    stem: str
    is_name: bool


@lru_cache(1)
def names_and_words(title: str, pages: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The names in a source's title, and the words that it writes small somewhere: those are no names.

    The last word of a short title is its own in any case: "the viaduct" of "Ivory Viaduct"; and so is what the text says that
    the title's first name is: "Tracer is a program for ..." makes "the program" its own.
    """
    known = frozenset(word for page in pages for word in TOKEN.findall(_ADDRESS.sub(" ", page)) if word.islower())
    words = [word.casefold() for word in TOKEN.findall(title) if word[0].isalnum()]
    noun = frozenset(words[-1:]) if len(words) <= SHORT_TITLE else frozenset[str]()
    own = (frozenset(words) - known | noun) - SMALL - LEADS - PRONOUNS
    first = words[0] if words and words[0] in own and words[0].isalpha() else None
    return own | (_called(first, pages) if first else frozenset()), known


def _called(name: str, pages: Sequence[str]) -> frozenset[str]:
    """The noun of the first sentence that says what a name is: "Chorus is a new program that ..."."""
    said = re.compile(rf"(?:^|[.\n] ?){re.escape(name)} is (?:a|an) (?P<what>[\w-]+(?: [\w-]+){{0,5}})", re.IGNORECASE)
    found = next((match for page in pages if (match := said.search(page))), None)
    what = found["what"].casefold().split() if found else []
    end = next((at for at, word in enumerate(what) if word in LEADS | BEHIND), None)
    return frozenset(what[end - 1 : end]) if end else frozenset()


def clauses(text: str) -> list[str]:
    return [part for part in CLAUSE.split(text) if part and part.strip()]


def words_of(text: str) -> Iterator[Word]:
    for at, found in enumerate(TOKEN.findall(text)):
        small = found.casefold().replace("\u2019", "'")
        if len(found) > 2 and found[-1] == "s" and found[:-1].isupper():  # "GPUs"
            small = small[:-1]
        is_capital = found[0].isupper() if at else any(char.isupper() for char in found[1:])
        is_name = is_capital and len(found) > 1 and not small.startswith("i'")
        yield Word(small, stem(in_one_spelling(small)) if small.isalpha() and len(small) > 1 else small, is_name)


def sought_stems(text: str) -> frozenset[str]:
    """The stems of a field's words, "randomised" and "randomized" alike."""
    return frozenset(stems(in_one_spelling(text.lower())))


def in_one_spelling(text: str) -> str:
    return _BRITISH.sub(lambda match: _AMERICAN[match[0]], _ISE.sub("iz", text))


def place_of(core: frozenset[str], words: Sequence[Word]) -> tuple[int, int] | None:
    """Where all of what is sought stands together, from its first to behind its last word; the nearest such place."""
    best: tuple[int, int] | None = None
    last: dict[str, int] = {}
    for at, word in enumerate(words):
        if word.stem not in core:
            continue
        last[word.stem] = at
        if len(last) == len(core):
            start = min(last.values())
            if best is None or at + 1 - start < best[1] - best[0]:
                best = start, at + 1
    return best if best and best[1] - best[0] <= 2 * len(core) + 1 else None


def is_of_another(before: Sequence[Word], own: frozenset[str], known: frozenset[str] | None) -> bool:
    """Whether a name stands before it that is not the source's own; the first word is one where it is never written small."""
    if any(word.is_name and word.text not in own for word in before):
        return True
    first = before[0].text if before else ""
    return known is not None and first.isalpha() and first not in own and first not in known | SMALL | PRONOUNS


def is_many(words: Sequence[Word], question: frozenset[str]) -> bool:
    """Whether a thing that the question asks about stands there in the plural: "both models", where one is meant."""
    return any(word.text.endswith("s") and word.text not in question and word.text[:-1] in question for word in words)


def is_others(sentence: str) -> bool:
    """Whether a sentence cites: what it says may be other people's."""
    return without_citations(sentence) != sentence


def is_whole(follower: str, also: frozenset[str]) -> bool:
    """Whether what is sought is not the beginning of a longer name ("a headphone jack adapter")."""
    return not follower.isalnum() or follower in BEHIND or stem(follower) in also


def negations(before: Sequence[Word]) -> int:
    texts = [word.text for word in before]
    pairs = sum((left, right) in NEAR_PAIRS for left, right in pairwise(texts))
    return pairs + sum(text in NOT or text in NEAR or text.endswith("n't") for text in texts)
