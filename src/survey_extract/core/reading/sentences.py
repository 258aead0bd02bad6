"""Blocks of text in reading order go in, a ``PaperText`` of numbered sentences comes out.

Every reader (PDF, HTML, Markdown) ends here, so a sentence means the same
thing everywhere. Paragraphs that were broken by a column, a page or a float
are joined before they are split into sentences; each sentence then goes back
to the place where it begins, so that numbers follow the reading order and no
sentence leaves its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from survey_extract.core.fingerprint import text_sha256
from survey_extract.core.reading.plain_text import HYPHEN_MARK, clean, mend_hyphens, mended_with_starts, vocabulary
from survey_extract.core.records import PaperText, Section, Sentence, SentenceKind


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text of one kind on one page.

    ``level`` is a heading's depth, from 1; ``size`` the font size in points,
    0 where there is none: a paragraph goes on in its own size only. ``item``
    says that it is an item of a list.

    A reader that knows places says how the block stands in its ``column``:
    whether its last line runs to the right edge (``is_full``), and by how many
    points its first and its last line are indented (``indent``, ``hang``).
    """

    kind: SentenceKind
    text: str
    page: int = 1
    level: int = 1
    size: float = 0.0
    item: bool = False
    column: str = ""
    is_full: bool = False
    indent: float | None = None
    hang: float | None = None


# --- splitting ------------------------------------------------------------------------------------

_ABBREVIATIONS = frozenset(
    [
        "e.g",
        "i.e",
        "cf",
        "vs",
        "viz",
        "resp",
        "approx",
        "ca",
        "al",
        "fig",
        "figs",
        "eq",
        "eqs",
        "eqn",
        "sec",
        "secs",
        "sect",
        "tab",
        "tabs",
        "ref",
        "refs",
        "app",
        "appx",
        "alg",
        "thm",
        "def",
        "prop",
        "lem",
        "cor",
        "no",
        "nos",
        "vol",
        "vols",
        "pp",
        "p",
        "ed",
        "eds",
        "dr",
        "prof",
        "mr",
        "mrs",
        "ms",
        "st",
        "jr",
        "w.r.t",
        "i.i.d",
        "a.k.a",
        "s.t",
        "ie",
        "eg",
        "bzw",
        "z.b",
        "d.h",
        "vgl",
        "abb",
        "u.a",
        "usw",
        "nr",
        "dept",
        "univ",
        "inc",
        "conf",
        "proc",
        "trans",
    ]
)
_STOP = r"""(?<![.!?])(?P<stop>[.!?]+)(?P<close>["'”’»)\]]*)\s+(?=["'“‘«(\[¿¡]*[^\W_a-zß-öø-ÿ])|(?P<cjk>[。！？]+["'”’」』）]*)"""
_END = re.compile(_STOP)
_STOP_SIGN = re.compile(r"[.!?。！？]")
"""What all that ``_END`` finds begins with."""
_END_OR_ITEM = re.compile(_STOP + r"|(?<!\s)\s+(?=[•‣▪◦])|(?<=[.:;])\s+(?=[●■])")
_ITEM_MARK = re.compile(r"[•‣▪◦●■]")
"""Squares and dots stand in legends as well: those begin an item behind a mark of the end alone."""
_LABEL = re.compile(
    r"(?:(?:figure|table|algorithm|listing|abbildung|tabelle)\s+\w{1,4}|\d{1,2}(?:\.\d{1,2})*|[ivx]+)", re.IGNORECASE
)
"""What numbers a caption, a heading or a list entry: the stop behind it ends no sentence."""
_CLOSERS = frozenset('"”’»)]')
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘]+$")


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a paragraph, in order, without the white space between them."""
    start = 0
    for match in _END_OR_ITEM.finditer(text) if _ITEM_MARK.search(text) else _stops(text):
        end = match.end("close") if match["stop"] else match.end("cjk") if match["cjk"] else match.start()
        if match["stop"] and not _ends(text, start, match.start("stop"), match["stop"]):
            continue
        if end > start:
            yield start, end
        start = match.end()
        while start < len(text) and text[start] == " ":
            start += 1
    if start < len(text):
        yield start, len(text)


def _stops(text: str) -> Iterator[re.Match[str]]:
    """The same as ``_END.finditer``, in a third of the time: a search for one of some signs passes over all others at once."""
    at = 0
    while sign := _STOP_SIGN.search(text, at):
        at = sign.end()
        if match := _END.match(text, sign.start()):
            yield match
            at = match.end()


def _ends(text: str, start: int, at: int, stop: str) -> bool:
    """Whether the full stop at ``at`` ends the sentence that begins at ``start``."""
    if stop != ".":
        return True
    if text[at - 1 : at] in _CLOSERS:
        return True  # what was quoted or put in brackets is over, whatever its last word
    last = _LAST_WORD.search(text, max(start, at - 30), at)
    if last is None:
        return text[at - 1 : at].isspace()  # a stop behind a raised note mark stands apart
    word = last[0].lower()
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and last[0].isupper()):
        return False
    return not _LABEL.fullmatch(text, start, at)


# --- assembling -----------------------------------------------------------------------------------

_ORPHAN = re.compile(r"^[.,;:] (?=\w)")
"""A mark that a heading left behind."""
_BULLET = re.compile(r"[•‣▪●◦■]\s?")
_CLOSED = re.compile(r"""[.!?。！？:]["'”’»)\]]*$""")
_STOPPED = re.compile(r"""[.!?。！？]["'”’»)\]]*$""")
FORMULA = "[formula]"
"""Stands in a sentence where a formula on lines of its own stood: its signs do not come out of a PDF in their order."""
_FLOATS = frozenset({"caption", "note", "inset", "debris"})
"""Kinds over which a paragraph may go on, where they are known to stand in a float."""
_MARKS_A_FLOAT = frozenset({"caption", "inset"})
_INDENTED = 5.0
"""Points by which a first line stands further to the right than the line before it where a paragraph begins."""


@dataclass(slots=True)
class _Piece:
    """A sentence on its way: ``order`` is the block in which it begins, ``first`` that it begins its paragraph."""

    order: int
    page: int
    kind: SentenceKind
    text: str
    first: bool = True


def assemble(
    blocks: Sequence[Block], *, reader: str, title: str | None, page_count: int, warnings: tuple[str, ...] = ()
) -> PaperText:
    """Number the sentences of the blocks, which stand in reading order, and lay them on their pages."""
    return assembled(blocks, reader=reader, title=title, page_count=page_count, warnings=warnings)[0]


def assembled(
    blocks: Sequence[Block], *, reader: str, title: str | None, page_count: int, warnings: tuple[str, ...] = ()
) -> tuple[PaperText, tuple[int, ...]]:
    """The same, and of each sentence the index of the block in which it begins."""
    words = vocabulary(block.text for block in blocks)
    pieces = sorted(_pieces(blocks, words), key=lambda piece: (piece.page, piece.order))
    levels = {index: block.level for index, block in enumerate(blocks) if block.kind == "heading"}
    text = _lay_out(pieces, levels, reader=reader, title=title, page_count=page_count, warnings=warnings)
    begins = [(number, blocks[piece.order].item) for number, piece in enumerate(pieces, start=1) if piece.first]
    text = replace(
        text,
        paragraphs=tuple(number for number, is_item in begins if not is_item),
        items=tuple(number for number, is_item in begins if is_item),
    )
    return text, tuple(piece.order for piece in pieces)


def _pieces(blocks: Sequence[Block], words: frozenset[str]) -> Iterator[_Piece]:
    """The sentences of all blocks; those of a paragraph that something broke come when it is over."""
    flow = _Flow(blocks)
    for index, block in enumerate(blocks):
        if block.kind == "body":
            if not flow.takes(index):
                yield from _paragraph(blocks, flow.ended(), words)
                flow.begin(index)
            continue
        if block.kind == "heading":
            yield from _paragraph(blocks, flow.ended(), words)
            if text := clean(mend_hyphens(block.text, words)):
                yield _Piece(index, block.page, "heading", text)
            continue
        flow.pass_by(index)
        yield from _paragraph(blocks, [index], words)
    yield from _paragraph(blocks, flow.ended(), words)


@dataclass(slots=True)
class _Flow:
    """A paragraph as it goes on from block to block.

    ``parts`` are indices of its blocks, None where a formula stood. ``passed``
    are the kinds that were passed by since the last of them.
    """

    blocks: Sequence[Block]
    parts: list[int | None] = field(default_factory=list)
    passed: set[SentenceKind] = field(default_factory=set)

    def begin(self, index: int) -> None:
        self.parts, self.passed = [index], set()

    def ended(self) -> list[int | None]:
        """Its parts; none are left."""
        parts, self.parts = self.parts, []
        self.passed = set()
        return parts

    def pass_by(self, index: int) -> None:
        """Something that is not running text stands next."""
        kind, last = self.blocks[index].kind, self._last()
        if kind == "formula" and last is not None and not self.passed and not _STOPPED.search(last.text):
            if self.parts[-1] is not None:
                self.parts.append(None)
        else:
            self.passed.add(kind)

    def takes(self, index: int) -> bool:
        """Whether the paragraph goes on in a block of running text, which is then part of it."""
        last, block = self._last(), self.blocks[index]
        if last is None or not self._leads_to(last, block):
            return False
        self.parts.append(index)
        self.passed = set()
        return True

    def _last(self) -> Block | None:
        return next((self.blocks[part] for part in reversed(self.parts) if part is not None), None)

    def _leads_to(self, last: Block, block: Block) -> bool:
        """Whether nothing but a float or a break of column or page stands between, and no sentence begins."""
        if not self._is_float() or abs(last.size - block.size) > 0.6 or _BULLET.match(block.text):
            return False
        if self.parts[-1] is None:
            return block.text[:1].islower()
        if _CLOSED.search(last.text):
            return False
        if block.text[:1].islower():
            return not _is_indented(last, block)
        is_broken = bool(self.passed) or last.column != block.column
        is_word = last.text.rstrip().endswith(("-", HYPHEN_MARK))
        return is_broken and last.is_full and not is_word and not _is_indented(last, block)

    def _is_float(self) -> bool:
        """Whether what was passed by is nothing, or a float: what is left of a table has its caption with it."""
        known = "debris" not in self.passed or bool(self.passed & _MARKS_A_FLOAT)
        return known and self.passed <= _FLOATS


def _is_indented(last: Block, block: Block) -> bool:
    """Whether a block begins further to the right than the line before it ends its own."""
    return last.hang is not None and block.indent is not None and block.indent - last.hang > _INDENTED


def _joined(blocks: Sequence[Block], parts: Sequence[int | None]) -> tuple[str, list[tuple[int, int]]]:
    """The text of a paragraph, and where in it each of its blocks begins, as (offset, index)."""
    text, starts = "", []
    for index in parts:
        part = FORMULA if index is None else clean(blocks[index].text)
        if not text:
            part = _ORPHAN.sub("", part)
        if not part:
            continue
        if text.endswith("-") and part[0].islower() and text[-2:-1].isalpha():
            text = text[:-1] + HYPHEN_MARK
        elif text and not text.endswith(HYPHEN_MARK):
            text += " "
        if index is not None:
            starts.append((len(text), index))
        text += part
    return text, starts


def _paragraph(blocks: Sequence[Block], parts: Sequence[int | None], words: frozenset[str]) -> Iterator[_Piece]:
    """Join blocks into one paragraph, split it, and send each sentence to the block where it begins."""
    text, starts = _joined(blocks, parts)
    if not starts:
        return
    if HYPHEN_MARK in text:
        text, starts = mended_with_starts(text, starts, words)
    at, first = 0, None
    for start, end in split_sentences(text):
        first = start if first is None else first
        while at + 1 < len(starts) and starts[at + 1][0] <= start:
            at += 1
        block = blocks[starts[at][1]]
        yield _Piece(starts[at][1], block.page, block.kind, text[start:end], first=start == first)


def _lay_out(
    pieces: Sequence[_Piece],
    levels: dict[int, int],
    *,
    reader: str,
    title: str | None,
    page_count: int,
    warnings: tuple[str, ...],
) -> PaperText:
    pages = [""] * page_count
    sections = [Section("", 1, 1, 1)]
    sentences: list[Sentence] = []
    lines: list[list[str]] = [[] for _ in range(page_count)]
    offsets = [0] * page_count
    for piece in pieces:
        number, at = len(sentences) + 1, piece.page - 1
        if piece.kind == "heading":
            sections.append(Section(piece.text, levels.get(piece.order, 1), piece.page, number))
        start = offsets[at]
        end = start + len(piece.text)
        sentences.append(Sentence(number, piece.page, start, end, piece.kind, len(sections) - 1))
        lines[at].append(piece.text)
        offsets[at] = end + 1
    pages = ["\n".join(texts) for texts in lines]
    return PaperText(
        reader=reader,
        title=title,
        pages=tuple(pages),
        sections=tuple(sections),
        sentences=tuple(sentences),
        sha256=text_sha256(pages, ((s.page, s.start, s.end, s.kind) for s in sentences)),
        warnings=warnings,
    )
