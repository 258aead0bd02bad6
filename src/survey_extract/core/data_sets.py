"""A text goes in, the data sets that it names come out: the engine without a model answers with them.

A data set is one that everybody knows by name, or one that the text itself
calls a data set. The patterns are literals, or take all they can at once: they
go over text of strangers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from survey_extract.core.lexicon import KNOWN_DATA_SETS

_CALLED = re.compile(r" (?:data ?sets?|corpus|corpora|benchmarks?)\b")
_NAMED = re.compile(r"\b(?:data ?set|corpus|benchmark) (?:called |named )?(?P<name>[A-Z][\w+-]*+)")
_INNER = re.compile(r"[\w+-]*+")
_CITED = frozenset("0123456789, ")
_WINDOW = 160
"""Characters before "data set" in which its name is looked for."""
_ARTICLES = frozenset(
    "A An And As At But By For From If In Into It Its No Of On Or Our So That The Their These They This Those To Two"
    " Three We When Where Which While With Each Both Also However First Second Third Finally Then Thus Here".split()
)
_NO_DATA_SET = frozenset(
    "AI API CNN CPU GPU GPUs ID LLM LLMs LM LMs LMM LMMs ML MLLM MLLMs MLP NLP OCR QA RNN SOTA SoTA TPU URL VLM VLMs"
    " VQA VL VLP Fig Figs Figure Figures Tab Table Tables Sec Section Sections Eq Equation Appendix Web-based English"
    " Chinese Internet".split()
)


def data_sets(text: str) -> tuple[str, ...]:
    """Data sets named in a text, each once: the known ones, and what the text itself calls a data set."""
    known = [match[0] for match in _known().finditer(text)]
    called = [_without_article(name) for match in _CALLED.finditer(text) if (name := _name_before(text, match.start()))]
    named = [match["name"] for match in _NAMED.finditer(text) if _has_inner(match["name"])]
    return _unique(name for name in (*known, *called, *named) if name and name not in _NO_DATA_SET)


def _name_before(text: str, end: int) -> str:
    """The capitalised words that end at a place, up to three; marks of a citation or an abbreviation are passed over."""
    words = _without_tail(text[max(0, end - _WINDOW) : end]).split(" ")[-3:]
    words[0] = _from_last_mark(words[0])
    for count in range(len(words), 1, -1):
        name = words[-count:]
        name[0] = _from_last_mark(name[0])
        if all(word[:1].isascii() and word[:1].isupper() and len(word) > 1 and _INNER.fullmatch(word) for word in name):
            return " ".join(name)
    last = _from_last_mark(words[-1])
    return last if _INNER.fullmatch(last) and last[:1].isascii() and last[:1].isupper() and _has_inner(last) else ""


def _without_tail(window: str) -> str:
    for opening, closing in ((" (", ")"), (" [", "]")):
        begin = window.rfind(opening) if window.endswith(closing) else -1
        inner = window[begin + 2 : -1] if begin > 0 else ""
        if inner and ")" not in inner and (set(inner) <= _CITED if closing == "]" else len(inner) <= 40):
            return window[:begin]
    return window


def _from_last_mark(word: str) -> str:
    """What follows the last character that can stand in no name."""
    for at in range(len(word) - 1, -1, -1):
        if not (word[at].isalnum() or word[at] in "_+-"):
            return word[at + 1 :]
    return word


def _has_inner(name: str) -> bool:
    return any("A" <= char <= "Z" or "0" <= char <= "9" for char in name[1:])


def _without_article(name: str) -> str:
    """The name behind an article; nothing when ordinary words stand inside it."""
    words = name.split()
    while words and words[0] in _ARTICLES:
        words.pop(0)
    is_plain = len(words) == 1 and not any(char.isupper() or char.isdigit() for char in words[0][1:])
    return "" if is_plain or _ARTICLES & set(words) else " ".join(words)


@cache
def _known() -> re.Pattern[str]:
    longest_first = sorted(KNOWN_DATA_SETS, key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w+]|-\w)")


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
