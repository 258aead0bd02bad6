"""A line and the file's outline go in, the depth of the heading that it is comes out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from survey_extract.core.reading.captions import CAPTION, PLAIN_CAPTION
from survey_extract.core.reading.lines import WORD_START, Line, Measure, OutlineEntry
from survey_extract.core.reading.plain_text import clean

ABSTRACT = re.compile(r"^(?:abstract|zusammenfassung|kurzfassung|résumé)\b", re.IGNORECASE)

REFERENCES = re.compile(
    r"^(?:references|bibliography|literatur(?:verzeichnis|angaben)?|quellen(?:verzeichnis)?|schrifttum|references cited|literature cited"
    r"|bibliographie|références(?: bibliographiques)?)\s*[.:]?$",
    re.IGNORECASE,
)

KNOWN = re.compile(
    r"^(?:abstract|zusammenfassung|kurzfassung|résumé|introduction|einleitung|related works?|background|preliminar(?:y|ies)|methods?|"
    r"methodology|approach|experiments?|results?|evaluation|discussions?|limitations?|conclusions?(?: and .*)?|"
    r"acknowledge?ments?|references|bibliography|literatur(?:verzeichnis)?|bibliographie|références(?: bibliographiques)?|appendi(?:x|ces)|broader impacts?|"
    r"supplementary materials?|contents)\s*[.:]?$",
    re.IGNORECASE,
)

NUMBERED = re.compile(
    r"^(?P<number>(?:\d{1,2}|[A-Z]|[IVX]{1,5})(?:\.\d{1,2})*)[.:)]?\s+(?P<title>[“«‘]?(?:[^\W\d_]|\d{1,2}(?:st|nd|rd|th|D)\b).*)$"
)

_POINTED = re.compile(r"(?:\d{1,2}|[A-Z]|[IVX]{1,5})\.\s")
"""A number with its point."""
LEAST_SIDE, CENTRED = 8.0, 1.5
"""Points on either side of a heading in the middle of its column, at least, and by which they differ, at most."""
_FIGURES = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})[.:)]?\s")
"""The number of a heading, where it has no letters."""
_PART_OF = re.compile(r"^[IVX]{1,5}-(?=[A-Z]\s)")
"""What some outlines put before the letter of a part: "III-A" where "A." is printed."""
_CITATIONS = re.compile(r"\[[\d,\s–-]{1,40}\]")

_NO_LETTER = re.compile(r"[\W_]+")

_HEADING_LIMIT = 110

UNNUMBERED_LEVEL = 2
"""What a heading without a number mostly is, where no outline tells."""
RUN_IN_LEVEL = 9
"""Below every heading that has a line of its own."""


class HeadingRule:
    """Tells headings from other lines, by the outline first, then by size, weight and numbering."""

    def __init__(self, measure: Measure, outline: Sequence[OutlineEntry]) -> None:
        self._body, self._columns = measure.size, measure.columns
        self._outline: dict[str, list[OutlineEntry]] = defaultdict(list)
        for entry in outline:
            if key := _heading_key(entry.title):
                self._outline[key].append(entry)

    def level(self, line: Line, page: int) -> int:
        """The depth of the heading that this line is, 0 when it is none."""
        if line.run_in:
            return RUN_IN_LEVEL
        text = line.text.strip()
        if len(text) > _HEADING_LIMIT or not text or text[0].islower():
            return 0
        return self._told(line, text, page) or self._looks(line, text)

    def _told(self, line: Line, text: str, page: int) -> int:
        """The depth that the outline gives a line, or that its words have in every paper."""
        match = NUMBERED.match(text)
        stands_out = line.bold or line.size > self._body + 0.4
        if not stands_out and match is None and len(text) > LONGEST_KNOWN:
            return 0
        if entries := self._entries(_heading_key(text), is_own=line.bold or match is not None):
            near = [entry for entry in entries if entry.page is None or abs(entry.page - page) <= 1]
            if near and (stands_out or match or KNOWN.match(text)):
                return near[0].level
        if KNOWN.match(match["title"] if match else text) and (match or stands_out or text[0].isupper()):
            return match["number"].count(".") + 1 if match else 1
        return 0

    def _looks(self, line: Line, text: str) -> int:
        """The depth of a line that is numbered and stands out, or is larger and bold at the edge of its column."""
        match = NUMBERED.match(text)
        title = match["title"] if match else text
        stands_out = line.size > self._body + 0.8 or (line.bold and line.size > self._body - 0.3)
        if match and stands_out and not text.endswith((".", ",", ";")) and not title[0].islower() and len(title) > 2:
            return match["number"].count(".") + 1
        if (
            match
            and _POINTED.match(text)
            and text[-1:].isalnum()
            and title[0].isupper()
            and len(title) > 2
            and self._is_centred(line)
        ):
            return match["number"].count(".") + 1
        is_large = line.bold and line.size > self._body + 0.8 and not text.endswith((".", ",", ";", ":"))
        is_worded = text[0].isupper() and len(WORD_START.findall(text)) >= max(1, 0.6 * len(text.split()))
        return UNNUMBERED_LEVEL if is_large and is_worded and self._is_flush(line) else 0

    def _is_centred(self, line: Line) -> bool:
        """Whether a line stands in the middle of its column, with room on both sides, as headings do that are not bold."""
        sides = [(line.left - left, right - line.right) for left, right in self._columns]
        return any(min(pair) > LEAST_SIDE and abs(pair[0] - pair[1]) < CENTRED for pair in sides)

    def _is_flush(self, line: Line) -> bool:
        """Whether a line begins at the left edge of a column, as labels of figures do not."""
        return any(abs(line.left - left) < 2 for left, _ in self._columns)

    def goes_on(self, heading: str, line: Line, page: int) -> bool:
        """Whether a heading that the outline has in full goes on in a line."""
        key = _heading_key(f"{heading} {line.text}")
        is_short = _heading_key(line.text) != "" and len(line.text) <= _HEADING_LIMIT
        entries = self._entries(key, is_own=True) if is_short else ()
        return any(entry.page is None or abs(entry.page - page) <= 1 for entry in entries)

    def _entries(self, key: str, *, is_own: bool) -> Sequence[OutlineEntry]:
        """The entries of the outline with this key, or that begin with it.

        A heading may go on in the next line; some outlines hold the names of
        cited works behind it.
        """
        if found := self._outline.get(key):
            return found
        if not is_own or len(key) < LONG_KEY:
            return ()
        return [entry for other, entries in self._outline.items() if other.startswith(key) for entry in entries]


LONGEST_KNOWN = 50
"""Characters of the longest heading that is known by its words alone."""
LONG_KEY = 12
"""Letters of a heading that tell it from others by their beginning."""


def _heading_key(title: str) -> str:
    """The letters of a heading, without its number and what it cites."""
    match = NUMBERED.match(_PART_OF.sub("", title.strip()))
    return _NO_LETTER.sub("", _CITATIONS.sub("", match["title"] if match else title)).lower()


def bare_title(text: str) -> str:
    """A heading without its number."""
    match = NUMBERED.match(clean(text))
    return match["title"] if match else clean(text)


def is_next_number(heading: str, line: str) -> bool:
    """Whether a line has the number behind that of a heading, or that of its first part: it is the next heading."""
    numbers = [[int(part) for part in match[1].split(".")] for match in map(_FIGURES.match, (heading, line)) if match]
    if len(numbers) < 2:
        return False
    before, after = numbers
    return after in ([*before, 1], *([*before[:depth], before[depth] + 1] for depth in range(len(before))))


def is_run_in(bold: str, rest: str) -> bool:
    """Whether the bold beginning of a line is a heading: it stands for itself, and a sentence begins behind it.

    A bold word inside a sentence goes on in lower case, or with a bracket.
    """
    bold, rest = bold.strip(), rest.lstrip()
    begins = rest[:1].isupper() or (bold.endswith((".", ":", "?")) and rest and not rest[:1].islower())
    if not (bold[:1].isupper() or bold[:1].isdigit()) or len(bold) > 70 or not begins:
        return False
    if CAPTION.match(bold) or PLAIN_CAPTION.match(bold):
        return False
    letters = sum(char.isalpha() for char in bold)
    return letters >= 4 and (bold.endswith((".", ":", "?")) or " " in bold or letters >= 6)
