"""A text goes in, the stems of its words come out: what makes "encoders" and "encoder", "evaluation" and "evaluated" one word.

English Snowball stems (Porter, 2001, http://snowball.tartarus.org), by
``snowballstemmer``. A compound counts by its parts, once each; prepositions,
articles and other words of grammar count for nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+")
GRAMMAR = frozenset(
    "a an the and or of in on at to for from by with without within into onto as is are was were be been being it its this"
    " that these those there their them they which who whom whose what where when how why do does did done has have had"
    " not no nor but if than then so such can could may might will would shall should must each every any some all both"
    " either neither other another same more most less least very also only just about over under between among against"
    " during after before while per via using use used one two three we our us you your i he she his her given give gives"
    " etc whether".split()
)
"""Words of grammar, which say nothing of what a text is about."""


@lru_cache(65_536)
def stem(word: str) -> str:
    """The stem of one small-letter word."""
    from snowballstemmer.english_stemmer import EnglishStemmer

    return str(EnglishStemmer().stemWord(word))  # one for each word, since it holds the word that it works on


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order, as often as they stand there; single letters are not words."""
    return [stem(word) for word in _WORD.findall(text.lower()) if len(word) > 1 and word not in GRAMMAR]
