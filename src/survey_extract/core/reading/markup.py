"""The HTML between the markers, or of any list, goes in; its tables, its index, and all that is neither come out, with lines.

Nothing that is read is dropped: what is not part of a table of the survey's
form is a ``Stray``, so that no remark, heading or picture of a person's can
vanish when the table is regenerated. People's HTML is not neat: stray spaces,
other indentation, entities, missing closing tags and other capitals are read
as a browser would read them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from survey_extract.core.readme.links import EvidenceLink
from survey_extract.core.readme.table import NOT_REPORTED, UP

_STRUCTURE = frozenset({"details", "summary", "table", "thead", "tbody", "tr", "th", "td"})
_VOID = frozenset({"br", "img", "hr", "input", "link", "meta", "wbr"})
_BREAKS = frozenset({"br", "p", "li"})


@dataclass(frozen=True, slots=True)
class MarkupToken:
    """A piece of a leaf. ``tag`` is "" for text, begins with "/" for an end tag and with "!" for a comment.

    ``text`` is the text, or the tag as one would write it; ``link`` is where an ``a`` leads.
    """

    tag: str
    text: str
    line: int
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that is no part of a table: ``what`` it is, and how its text begins."""

    line: int
    what: str
    text: str


@dataclass(slots=True)
class Leaf:
    """An element that holds text: a cell, a heading, a summary, an item of the index, the note under a row."""

    tag: str
    line: int
    tokens: list[MarkupToken] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its text, on one line."""
        return folded(self.tokens)

    @property
    def link(self) -> str | None:
        """Where its first link leads."""
        return next((token.link for token in self.tokens if token.tag == "a" and token.link is not None), None)

    @property
    def own(self) -> list[MarkupToken]:
        """What is the cell's own, without what ``render`` adds to it; see ``own_tokens``."""
        return own_tokens(self.tokens)

    @property
    def says_not_reported(self) -> bool:
        """Whether it says "Not reported", which is no text of its own, and yet not nothing."""
        return _is_not_reported(_without_marks(self.tokens))

    @property
    def evidence(self) -> tuple[EvidenceLink, ...]:
        """The links to evidence that ``render`` added."""
        return tuple(link for start, end in _evidence_marks(self.tokens) for link in _links(self.tokens[start:end]))


@dataclass(slots=True)
class MarkupTable:
    """A table with the summary before it and the note under it."""

    line: int
    summary: Leaf | None = None
    rows: list[list[Leaf]] = field(default_factory=list)
    note: Leaf | None = None

    @property
    def name(self) -> str:
        return self.summary.text if self.summary else ""


@dataclass(slots=True)
class Markup:
    """All that was read: ``items`` are those of the index of a split README, ``notes`` stand where there is no row."""

    tables: list[MarkupTable] = field(default_factory=list)
    items: list[Leaf] = field(default_factory=list)
    notes: list[Leaf] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)


def read_markup(text: str) -> Markup:
    """Read a block between the markers, or a whole list; lines count from 1."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    parser.end_details()
    return parser.found


def own_tokens(tokens: Sequence[MarkupToken]) -> list[MarkupToken]:
    """A cell without what ``render`` adds: marks of evidence (a ``sup`` of links alone), at its end a line ``br sub``, "Not reported".

    This is the one place that says what is ours in a cell. Any other ``sup`` or
    ``sub`` (10⁻⁵, H₂O) is the author's.
    """
    own = _without_marks(tokens)
    return [] if _is_not_reported(own) else own


def _without_marks(tokens: Sequence[MarkupToken]) -> list[MarkupToken]:
    kept: list[MarkupToken] = []
    at = 0
    for start, end in _evidence_marks(tokens):
        kept += tokens[at:start]
        at = end + 1
    return _without_last_line([*kept, *tokens[at:]])


def _is_not_reported(own: Sequence[MarkupToken]) -> bool:
    return folded(own).casefold() == NOT_REPORTED.casefold()


def _evidence_marks(tokens: Sequence[MarkupToken]) -> list[tuple[int, int]]:
    """Where each ``sup`` of links alone begins and ends."""
    found: list[tuple[int, int]] = []
    for at in range(len(tokens)):
        end = _end_of(tokens, at, "sup")
        if end and _only_links(tokens[at + 1 : end]):
            found.append((at, end))
    return found


def _links(tokens: Sequence[MarkupToken]) -> list[EvidenceLink]:
    found: list[EvidenceLink] = []
    for at, token in enumerate(tokens):
        if token.tag == "a" and token.link:
            end = _end_of(tokens, at, "a") or len(tokens)
            found.append(EvidenceLink(folded(tokens[at + 1 : end]), token.link.removeprefix(UP)))
    return found


def _without_last_line(tokens: list[MarkupToken]) -> list[MarkupToken]:
    filled = [at for at, token in enumerate(tokens) if token.tag or token.text.strip()]
    for at, here in enumerate(filled[:-1]):
        following = filled[at + 1]
        if tokens[here].tag == "br" and _end_of(tokens, following, "sub") == filled[-1]:
            return tokens[:here]
    return tokens


def _end_of(tokens: Sequence[MarkupToken], at: int, tag: str) -> int | None:
    """Where the element that begins here ends, None when no such element does."""
    if tokens[at].tag != tag:
        return None
    return next((end for end in range(at + 1, len(tokens)) if tokens[end].tag == f"/{tag}"), None)


def _only_links(tokens: Sequence[MarkupToken]) -> bool:
    linked = inside = False
    for token in tokens:
        if token.tag == "a":
            linked = inside = True
        elif token.tag == "/a":
            inside = False
        elif token.tag or (not inside and token.text.strip(" ,;\n")):
            return False
    return linked


def folded(tokens: Sequence[MarkupToken]) -> str:
    """The text of tokens on one line."""
    return " ".join("".join(" " if t.tag in _BREAKS else "" if t.tag else t.text for t in tokens).split())


def marks(tokens: Sequence[MarkupToken]) -> list[MarkupToken]:
    """What is not text: start tags, comments, and end tags that end nothing."""
    begun = [token.tag for token in tokens]
    return [token for token in tokens if token.tag and (token.tag[0] != "/" or token.tag[1:] not in begun)]


def canonical(tokens: Sequence[MarkupToken]) -> str:
    """One spelling of a cell's content, for comparing: whatever its spaces, entities and capitals of tags."""
    parts = (f"<{token.text or token.tag}>" if token.tag else html.escape(token.text) for token in tokens)
    return " ".join("".join(parts).split())


class _Parser(HTMLParser):
    """Keeps the table and the leaf that are open; a new one ends what was left open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Markup()
        self._in_details = self._in_index = False
        self._summary: Leaf | None = None
        self._table: MarkupTable | None = None
        self._last: MarkupTable | None = None
        self._leaf: Leaf | None = None
        self._strays: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._leaf and not self._ends_leaf(tag):
            self._leaf.tokens.append(self._token(tag, attrs))
        elif tag in _STRUCTURE:
            self._leaf, self._strays = None, []
            self._plain(tag, attrs)
            self._open(tag)
        elif self._opens_leaf(tag):
            self._strays = []
            self._plain(tag, attrs)
            self._start_leaf(tag)
        elif tag == "ul" and not self._in_details:
            self._plain(tag, attrs)
            self._in_index, self._leaf = True, None
        else:
            self._add_stray(self.getpos()[0], _kind(tag), f"<{_spelled(tag, attrs)}>")
            if tag not in _VOID:
                self._strays.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._leaf and not (tag in _STRUCTURE or tag == self._leaf.tag or (tag == "ul" and self._leaf.tag == "li")):
            if tag not in _VOID:
                self._leaf.tokens.append(MarkupToken(f"/{tag}", "", self.getpos()[0]))
            return
        self._leaf = None
        if tag in self._strays:
            del self._strays[self._strays.index(tag) :]
        elif tag == "table":
            self._end_table()
        elif tag == "details":
            self.end_details()
        elif tag == "ul":
            self._in_index = False
        elif tag not in _STRUCTURE and tag not in _BREAKS:
            self._add_stray(self.getpos()[0], "an end tag", f"</{tag}>")

    def handle_data(self, data: str) -> None:
        line = self.getpos()[0]
        if self._leaf is not None:
            self._leaf.tokens.append(MarkupToken("", data, line))
            return
        for number, text in enumerate(data.split("\n"), start=line):
            if text.strip():
                self._add_text(number, " ".join(text.split()))

    def handle_comment(self, data: str) -> None:
        line = self.getpos()[0]
        if self._leaf is not None:
            self._leaf.tokens.append(MarkupToken("!comment", f"!--{data}--", line))
        else:
            self._add_stray(line, "a comment", f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)

    def _token(self, tag: str, attrs: list[tuple[str, str | None]]) -> MarkupToken:
        return MarkupToken(tag, _spelled(tag, attrs), self.getpos()[0], dict(attrs).get("href") if tag == "a" else None)

    def _plain(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The tags of a table have no attributes; where one has, a person gave it."""
        if attrs:
            self._add_stray(self.getpos()[0], "an attribute", f"<{_spelled(tag, attrs)}>")

    def _add_stray(self, line: int, what: str, text: str) -> None:
        self.found.strays.append(Stray(line, what, text))

    def _add_text(self, line: int, text: str) -> None:
        if not self._strays:
            self._add_stray(line, _kind_of_text(text), text)
            return
        last = self.found.strays[-1]
        self.found.strays[-1] = Stray(last.line, last.what, f"{last.text} {text}")

    def _ends_leaf(self, tag: str) -> bool:
        """Whether a new tag ends the open leaf; inside a cell only those of the table do."""
        if tag in _STRUCTURE:
            return True
        return self._leaf is not None and self._leaf.tag in ("li", "p") and tag in ("li", "p", "ul")

    def _opens_leaf(self, tag: str) -> bool:
        if tag == "li":
            return self._in_index
        begun = self._last is not None or self._table is not None or not self._in_details
        return tag == "p" and begun and not self._strays and not self._in_index

    def _open(self, tag: str) -> None:
        if tag == "details":
            self.end_details()
            self._in_details = True
        elif tag == "table":
            self._end_table()
            self._table = MarkupTable(self.getpos()[0], self._summary)
        elif tag == "tr" and self._table:
            self._table.rows.append([])
        elif tag in ("summary", "th", "td"):
            self._start_leaf(tag)

    def _start_leaf(self, tag: str) -> None:
        leaf = Leaf(tag, self.getpos()[0])
        if tag == "summary" and self._summary is None and self._last is None:
            self._end_table()
            self._summary = leaf
        elif tag == "li":
            self.found.items.append(leaf)
        elif tag == "p":
            self._end_table()
            if self._last is not None and self._last.note is None:
                self._last.note = leaf
            else:
                self.found.notes.append(leaf)
        elif tag != "summary" and self._table is not None:
            if not self._table.rows:
                self._table.rows.append([])
            self._table.rows[-1].append(leaf)
        else:
            self.found.notes.append(leaf)
        self._leaf = leaf

    def _end_table(self) -> None:
        self._leaf = None
        if self._table is not None:
            self.found.tables.append(self._table)
            self._last = self._table
        self._table = None

    def end_details(self) -> None:
        """End what is open; a ``details`` without a table in it is not a row."""
        self._end_table()
        if self._summary is not None and self._last is None:
            self._add_stray(self._summary.line, "a row without a table", self._summary.text)
        self._in_details = self._in_index = False
        self._summary = self._last = None
        self._strays = []


def _spelled(tag: str, attrs: list[tuple[str, str | None]]) -> str:
    """A tag as one would write it; links of a page without the way up, so that they are those of the README."""
    said = ""
    for name, value in attrs:
        said += f" {name}" if value is None else f' {name}="{value.removeprefix(UP)}"'
    return tag + said


def _kind(tag: str) -> str:
    if tag == "img":
        return "a picture"
    return "a heading" if re.fullmatch("h[1-6]", tag) else "an element"


_KINDS = (
    ("a picture", re.compile(r"!\[|\[!\[")),
    ("a heading", re.compile(r"#{1,6}\s|={3,}$")),
    ("a bullet", re.compile(r"[-*+]\s|\d+[.)]\s")),
    ("a row of a Markdown table", re.compile(r"\|")),
)


def _kind_of_text(text: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.match(text)), "a remark")
