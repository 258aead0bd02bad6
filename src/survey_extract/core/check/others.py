"""Sentences go in; they come out with what they say of other people's work blanked: "Lee et al. use ...", "Earlier work by ..."."""

from __future__ import annotations

import re
from collections.abc import Sequence

from survey_extract.core.words.tokens import without_citations

_OTHERS = re.compile(
    r"(?:^|(?<=[;:] )|(?<=\. ))(?:"
    r"[A-Z][^\W\d_]{1,30}(?:(?:,? and|,) [A-Z][^\W\d_]{1,30}){0,3},? (?:et al\b\.?|(?:and|&) (?:co-?workers?|colleagues|collaborators)\b)"
    r"|According to [A-Z][^\W\d_]{1,30}(?:(?:,? and|,) [A-Z][^\W\d_]{1,30}){0,3}(?: {6}| et al\b\.?)"
    r"|[A-Z][^\W\d_]{1,30}(?: and [A-Z][^\W\d_]{1,30})? {8}(?:have |has |had )?(?:report|found|find|measur|show|observ|describ|obtain|achiev)\w*"
    r"|(?:(?:In|The|An?|Some|Most|Many) )?(?i:earlier|previous|prior) (?:work|works|study|studies|trial|trials|research|authors)\b"
    r"|(?:(?:The|An?) )?(?:[^\W\d_]{2,20} ){0,2}(?:work|study|trial|test|experiment|paper|survey)s? (?:by|of) [A-Z][^\W\d_]{1,30} {6}"
    r")|\bet al\b\.?,? who\b"
)
"""Somebody else as the one whom a sentence is about: not who only stands beside it ("better than previous work", "by Lee et al.").

Six spaces are where the year of a work stood: "the test by Lee (2009)".
"""
_SAYS_SO = re.compile(
    r"\b(?:et al|co-?workers?|colleagues|according to|literature|reported|earlier|previous|prior|others?|following|baseline|compar|related|as in|from|based|built|like)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?!(?:According|The|An?|In|Some|Most|Many|Earlier|Previous|Prior)\b)\b[A-Z][^\W\d_]+")
_OURS = re.compile(r"\b(?:we|our|ours|us|this|here|I|my)\b", re.IGNORECASE)
_END = re.compile(r"[;]|, (?=we\b|our\b)|\. (?=We\b|Our\b|This\b)|\b(?=whereas\b|but we\b|while we\b|as we\b)")


def others_work(sentence: str) -> tuple[int, int] | None:
    """Where a sentence without citations tells of others alone: from where it does, and up to where it comes to itself."""
    match = _OTHERS.search(sentence)
    if match is None or _OURS.search(sentence, 0, match.start()):
        return None
    end = _END.search(sentence, match.end())
    behind = end.start() if end else len(sentence)
    return None if _OURS.search(sentence, match.end(), behind) else (match.start(), behind)


def without_others(sentence: str) -> str:
    """The sentence with spaces in place of what is told of others."""
    found = others_work(without_citations(sentence))
    return sentence if found is None else f"{sentence[: found[0]]}{' ' * (found[1] - found[0])}{sentence[found[1] :]}"


def names_others(value: str, sentences: Sequence[str]) -> bool:
    """Whether a value itself says that it tells of others, or names those whom the sentences tell of."""
    if _SAYS_SO.search(value):
        return True
    told = (_OTHERS.search(without_citations(sentence)) for sentence in sentences)
    names = {name for match in told if match for name in _NAME.findall(match[0])}
    return not names.isdisjoint(_NAME.findall(value))
