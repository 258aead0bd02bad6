"""A text goes in; what each of its citable sentences is like comes out, whatever is asked: who speaks, where, and how.

Each trait is a number between 0 and 1 that ``relevance`` weighs. They are
about form and place: whether the authors speak of their own work, whether a
sentence leans on the one before it, whether it reports a figure. The patterns
are ours; what each is worth was learned (``benchmarks/ranker.py``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.values.data_sets import mentions

_OWN = re.compile(
    r"\b(?:we|our|ours|us|this (?:paper|work|study|trial|report)|the (?:present study|proposed))\b", re.IGNORECASE
)
_CITATION = re.compile(
    r"\[\d+(?:\s*[,–-]\s*\d+)*\]|\[[A-Z][A-Za-z+]*\d\d|\((?:[^()]*?\b(?:19|20)\d\d[a-z]?\b[^()]*?)\)|\bet al\b"
)
_EARLIER = re.compile(
    r"\b(?:previous|previously|prior|recent|recently|existing|other (?:studies|works?|methods)|ha(?:s|ve) been (?:shown|proposed)"
    r"|studies have|literature)\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:outperform|state-of-the-art|superior|impressive|future work|surpass|we hope|compared (?:to|with)|achiev|promising|remarkabl)",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"(?:It|They|These|Those|Such|This|Then|Thus|Therefore|Hence|However|Besides|Moreover|Furthermore|Additionally|Also|In addition"
    r"|Instead|Otherwise|Here|Note|In this way|In contrast|For example|For instance|Following)\b"
)
_CONTRASTS = re.compile(
    r"(?:In contrast to|Unlike|Compared (?:to|with)|Different from|Inspired by|Similar(?:ly)? to|As in|Following|While|Although|Despite)\b"
)
_STATISTIC = re.compile(
    r"\bp\s*[=<>≤≥]|\bCI\b|confidence interval|±|\b(?:OR|RR|HR)\b|odds ratio|relative risk|hazard", re.IGNORECASE
)
COMPARES = re.compile(
    r"\b(?:significant|differ|increas|decreas|reduc|improv|lower|higher|greater|fewer|similar|effect|better|worse|associat|compar"
    r"|versus|vs|respectively)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
_HEDGED = re.compile(r"\b(?:may|might|could|would|should|hope|future|potential|potentially)\b", re.IGNORECASE)
_DEFINES = re.compile(
    r"\b(?:consists?|comprises?|composed|contains?|connects?|is (?:a|an|the)|initiali[sz]ed?|employ|adopt|introduce|propose|present)\b",
    re.IGNORECASE,
)
_AIMS = re.compile(
    r"\b(?:in order to|aims?|goal|so that|to (?:align|bridge|adapt|ensure|evaluate|measure|train|learn))\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:is|are) (?:\w+ly )?(?:then |also |first |further )?\w+ed\b")
_PAST = re.compile(r"\b(?:was|were|had|did)\b")
_LEAD_IN = re.compile(
    r"\b(?:propos|present|introduc|develop|call|nam|dub)\w*+ (?:\w+ )?(?:\w+ )?(?P<name>[A-Z][\w-]*+)"
)

_OTHERS = re.compile(
    r"\b(?:related|background|prior|previous|preliminar|limitation|broader|acknowledg|ethic|societal|competing|author|future)",
    re.IGNORECASE,
)
_OTHERS_WORK = re.compile(r"\b(?:related|background|(?:prior|previous) (?:work|stud)|literature)", re.IGNORECASE)
_APPENDIX = re.compile(r"\b(?:appendix|appendices|supplement)|(?:^|> )[A-Z](?:\.\d+)*\.? ", re.IGNORECASE)
_CONCLUSION = re.compile(r"\b(?:conclu|discussion)", re.IGNORECASE)
_RESULTS = re.compile(r"\b(?:result|finding|outcome)", re.IGNORECASE)
_METHOD = re.compile(r"\b(?:method|model|architect|approach|train|tuning)", re.IGNORECASE)
_EXPERIMENTS = re.compile(r"\b(?:experiment|evaluat|ablation|comparison)", re.IGNORECASE)

OPENING = 60
"""Sentences in which a paper introduces what it calls its own."""
EARLY = 0.12
"""Share of a paper that is its beginning."""


@dataclass(frozen=True, slots=True)
class SentencePlace:
    """A sentence and what is around it."""

    sentence: Sentence
    quote: str
    path: str
    share: float
    """How far into the text it stands, from 0 to 1."""
    begins_section: bool
    begins_paragraph: bool
    own_names: frozenset[str]
    words: tuple[str, ...]


def _found(pattern: re.Pattern[str]) -> Callable[[SentencePlace], float]:
    return lambda place: float(bool(pattern.search(place.quote)))


def _begins(pattern: re.Pattern[str]) -> Callable[[SentencePlace], float]:
    return lambda place: float(bool(pattern.match(place.quote)))


def _under(pattern: re.Pattern[str]) -> Callable[[SentencePlace], float]:
    return lambda place: float(bool(pattern.search(place.path)))


def is_of_others(path: str) -> bool:
    """Whether what stands under headings tells of other people's work."""
    return bool(_OTHERS_WORK.search(path))


def _named(place: SentencePlace) -> float:
    return float(any(_bare(word).casefold() in place.own_names for word in place.words))


def _names_other(place: SentencePlace) -> float:
    first = _bare(place.words[0]) if place.words else ""
    return float(is_name(first) and first.casefold() not in place.own_names)


TRAITS: dict[str, Callable[[SentencePlace], float]] = {
    "own voice": _found(_OWN),
    "own name": _named,
    "another's name first": _names_other,
    "names": lambda place: min(3, sum(is_name(_bare(word)) for word in place.words)) / 3,
    "citations": lambda place: min(3, len(_CITATION.findall(place.quote))) / 3,
    "earlier work": _found(_EARLIER),
    "praise": _found(_PRAISE),
    "leans": lambda place: float(leans(place.quote)),
    "contrasts": _begins(_CONTRASTS),
    "statistic": _found(_STATISTIC),
    "compares": lambda place: min(4, len({found.casefold() for found in COMPARES.findall(place.quote)})) / 4,
    "a number": _found(_NUMBER),
    "numbers": lambda place: min(6, len(_NUMBER.findall(place.quote))) / 6,
    "hedged": _found(_HEDGED),
    "defines": _found(_DEFINES),
    "aims": _found(_AIMS),
    "passive": _found(_PASSIVE),
    "past": _found(_PAST),
    "colon": lambda place: float(":" in place.quote),
    "no sentence": lambda place: float(place.quote.endswith("?") or not place.quote[:1].isupper()),
    "no end": lambda place: float(not place.quote.endswith((".", ":", "!", ")"))),
    "length": lambda place: math.log(1 + len(place.words)) / 4,
    "short": lambda place: float(len(place.words) < 8),
    "long": lambda place: float(len(place.words) > 45),
    "early": lambda place: float(place.share < EARLY),
    "position": lambda place: place.share,
    "caption": lambda place: float(place.sentence.kind == "caption"),
    "note": lambda place: float(place.sentence.kind == "note"),
    "begins paragraph": lambda place: float(place.begins_paragraph),
    "begins section": lambda place: float(place.begins_section),
    "under abstract": lambda place: float(place.sentence.section == 0 or "abstract" in place.path.casefold()),
    "under introduction": lambda place: float("introduc" in place.path.casefold()),
    "under conclusion": _under(_CONCLUSION),
    "under results": _under(_RESULTS),
    "under method": _under(_METHOD),
    "under experiments": _under(_EXPERIMENTS),
    "under appendix": _under(_APPENDIX),
    "under others' work": _under(_OTHERS),
    "data sets": lambda place: min(2, len(mentions(place.quote))) / 2,
}
"""Each trait by its name, in the order of ``Traits.of_each``."""


class Traits:
    """The traits of one text's citable sentences."""

    def __init__(self, text: PaperText) -> None:
        self._text, self._sentences = text, text.citable()
        self.paths = text.section_paths()

    @cached_property
    def of_each(self) -> list[tuple[float, ...]]:
        """A row for each citable sentence, in reading order."""
        return [tuple(trait(place) for trait in TRAITS.values()) for place in self._places()]

    def _places(self) -> Iterator[SentencePlace]:
        begins, seen, total = set(self._text.paragraphs), set[int](), max(1, len(self._sentences))
        for index, sentence in enumerate(self._sentences):
            quote = self._text.quote(sentence)
            is_first = sentence.section not in seen
            seen.add(sentence.section)
            yield SentencePlace(
                sentence,
                quote,
                self.paths[sentence.section],
                index / total,
                is_first,
                sentence.number in begins,
                self.own_names,
                tuple(quote.split()),
            )

    @cached_property
    def own_names(self) -> frozenset[str]:
        """What the paper calls its own, in small letters: of its title, else what it says that it introduces."""
        head, mark, _ = (self._text.title or "").partition(":")
        titled = {head.strip()} if mark and len(head.split()) == 1 else set[str]()
        opening = map(self._text.quote, self._sentences[:OPENING])
        led = Counter(_bare(found["name"]) for quote in opening for found in _LEAD_IN.finditer(quote))
        headed = {
            _bare(word) for section in self._text.sections for word in section.title.split() if word.endswith(":")
        }
        said = {name for name, count in led.items() if is_name(name) and (count > 1 or name in headed)}
        return frozenset(name.casefold() for name in titled | said)


def leans(quote: str) -> bool:
    """Whether a sentence begins by pointing back ("It is tuned ..."), so that alone it does not say of what it speaks."""
    return bool(_LEANS.match(quote))


def is_name(word: str) -> bool:
    """Whether a word is written like the name of a model or of data: with a capital or a digit inside."""
    return word[:1].isalpha() and any(char.isupper() or char.isdigit() for char in word[1:])


def _bare(word: str) -> str:
    return word.strip("()[]{},;:.!?'’“”\"").removesuffix("’s").removesuffix("'s")
