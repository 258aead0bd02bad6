"""The tree of a page and the sentences that were read from it go in; the text fragments by which a browser finds them come out.

A fragment (``#:~:text=first words,last words``) is given only where these very
words are on the page exactly once, as a browser would render it: in one run
of text within a block, at the edges of words, and nowhere else, whatever their
capitals and accents. Any other sentence has none, and its link
leads only to the page. What a page's scripts and linked style sheets make of
it is not known here; a browser that does not find the words shows the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from survey_extract.core.paper_text import PaperText, Sentence

_INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var",
])  # fmt: skip
"""Elements that do not end a run of text; every other does, whatever a style sheet says of it."""
UNSEEN = frozenset([
    "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "img", "input", "math", "meter",
    "noscript", "object", "option", "picture", "progress", "script", "select", "style", "svg", "template",
    "textarea", "title", "video", "wbr",
])  # fmt: skip
"""Elements whose text is not rendered as the page's, or not as letters."""
_SPACES = re.compile(r"[ \t\n\r\f]+")
_WHOLE = 8
"""Words up to which a sentence is its own fragment."""
_WORDS = (4, 6, 9, 13)
"""Words at the beginning and at the end of a sentence, until they stand there once."""


class PageWords:
    """The words of a page as a browser renders them. ``runs`` are seen; ``others`` are in the page, too, seen or not."""

    def __init__(self, runs: list[str], others: list[str]) -> None:
        self._seen = "\n".join(map(_folded, runs))
        self._all = " ".join(map(_folded, others))

    def fragment(self, sentence: str) -> str | None:
        """The fragment of a sentence, None where none is sure to find it."""
        words = sentence.split(" ")
        starts = (" ".join(words[:count]) for count in _WORDS if count < len(words))
        start = next((start for start in starts if self._place(start) is not None), None)
        if start is None or len(words) <= _WHOLE:
            return _encoded(sentence) if self._place(sentence) is not None else None
        first, rest = self._place(start) or 0, words[len(start.split(" ")) :]
        ends = (" ".join(rest[-count:]) for count in _WORDS if count <= len(rest))
        end = next((end for end in ends if (self._place(end) or -1) > first), None)
        return f"{_encoded(start)},{_encoded(end)}" if end else _encoded(start)

    def _place(self, words: str) -> int | None:
        """Where words stand that are seen in one run, and are on the page once."""
        folded = _folded(words)
        if not folded or self._all.count(folded) != 1:
            return None
        at = self._seen.find(folded)
        if at < 0 or not _is_bounded(self._seen, at, at + len(folded)):
            return None
        return at


def with_fragments(text: PaperText, words: PageWords) -> PaperText:
    """The text with a fragment for each sentence that may be evidence and can be found."""
    found = ((s.number, words.fragment(found_by(text, s))) for s in text.citable())
    return replace(text, fragments=tuple((number, fragment) for number, fragment in found if fragment))


def found_by(text: PaperText, sentence: Sentence) -> str:
    """What a sentence is found by on its page: its words; of a row of a table, those of its label."""
    row = text.row(sentence)
    return row[1].label if row else text.quote(sentence)


def rendered_runs(tree: Any) -> list[str]:
    """The runs of text of a page, each within one block, with white space as it is rendered."""
    runs = ("".join(parts) for parts in _runs(tree))
    return [run for text in runs if (run := _SPACES.sub(" ", text).strip(" "))]


def _runs(tree: Any) -> Iterator[list[str]]:
    run: list[str] = []
    for kind, text in _pieces(tree):
        if kind == "text":
            run.append(text)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _pieces(tree: Any) -> Iterator[tuple[str, str]]:
    """Texts and ends of runs in the order of the page; without recursion, since pages are nested as deep as they like."""
    stack: list[tuple[Any, bool]] = [(tree, True)]
    while stack:
        element, opens = stack.pop()
        inline = element.tag in _INLINE
        if not opens:
            if not inline:
                yield "end", ""
            if element.tail and element is not tree:
                yield "text", element.tail
            continue
        if not inline and isinstance(element.tag, str):
            yield "end", ""
        stack.append((element, False))
        if not isinstance(element.tag, str) or element.tag in UNSEEN:
            continue
        if element.text:
            yield "text", element.text
        stack.extend((child, True) for child in reversed(element))


_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00ad": None})


def _folded(text: str) -> str:
    """As a browser compares: without capitals, accents, shapes of quotation marks and soft hyphens."""
    plain = unicodedata.normalize("NFKD", text.translate(_QUOTES).replace("\u00a0", "\ufffc"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _is_bounded(text: str, start: int, end: int) -> bool:
    """Whether both edges are edges of words for every browser: a space, an end of the run, or a bracket."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (not before or before in " \n([\"'") and (not after or after in " \n)]\"'")


def _encoded(words: str) -> str:
    """Percent-encoded, with the marks that a text fragment keeps for itself."""
    return quote(words, safe="").replace("-", "%2D")
