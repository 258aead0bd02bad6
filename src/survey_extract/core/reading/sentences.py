"""Blocks of text in reading order go in, a ``PaperText`` of numbered sentences comes out.

Every reader (PDF, HTML, Markdown) ends here, so a sentence means the same
thing everywhere. Paragraphs that were broken by a column, a page or a float
are joined before they are split into sentences; each sentence then goes back
to the place where it begins, so that numbers follow the reading order and no
sentence leaves its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from survey_extract.core.fingerprint import text_sha256
from survey_extract.core.paper_text import FORMULA, PaperText, Section, Sentence, SentenceKind
from survey_extract.core.reading.plain_text import HYPHEN_MARK, clean, mend_hyphens, mended_with_starts, vocabulary
from survey_extract.core.reading.splitting import ending_in, is_open, split_sentences


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text of one kind on one page.

    ``level`` is a heading's depth, from 1; ``size`` the font size in points,
    0 where there is none: a paragraph goes on in its own size only. ``item``
    says that it is an item of a list, ``is_code`` that it is shown on lines
    of its own, as code is, and in no float.

    A reader that knows places says how the block stands in its ``column``:
    whether its last line runs to the right edge (``is_full``), and by how many
    points its first and its last line are indented (``indent``, ``hang``), and
    whether its shape is that of a label (``is_label``): by itself, it is no
    sentence.
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
    is_code: bool = False
    is_label: bool = False


_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s")
"""That of an item, behind one that ends with "and"."""
_AND = re.compile(r"(?:and|or|nor|but|und|oder|aber|et|ou|mais)$")
_WORDED = re.compile(r"[\"'“‘„«(]?[^\W_]")
"""How words begin, and code or an item does not."""
_ORPHAN = re.compile(r"^[.,;:] (?=\w)")
"""A mark that a heading left behind."""
_BULLET = re.compile(r"(?:[•‣▪●■]|◦(?! ?[CF]\b))\s?")
_CLOSED = ending_in(":")
_STOPPED = ending_in()
_FINISHED = re.compile(
    r"""[.!?:;,。！？…]["'”’»)\]]*\s?(?:\d{1,2}|[⁰¹²³⁴⁵⁶⁷⁸⁹*∗†‡§]{1,3}|\[[\d, –-]{1,20}\])?\s*$|(?<![^\s(<\[])(?:https?://|www\.)\S+$"""
)
"""The end of a sentence or of a part of one, with its note, or an address."""
_MARKED = re.compile(r"(?:[•‣▪◦●■∗*·—–-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)])\s?")
"""How an item begins, which needs no stop."""
CODE = "[code]"
"""Stands in a sentence where code on lines of its own stood, which is no running text."""
LEFT_OUT = re.compile(re.escape(FORMULA) + "|" + re.escape(CODE))
"""What stands in a sentence and not on the page."""
_FLOATS = frozenset({"caption", "note", "inset", "debris"})
"""Kinds over which a paragraph may go on, where they are known to stand in a float."""
_SPOKEN = frozenset({"body", "note"})
"""Kinds that consist of sentences."""
_WORD = re.compile(r"[^\W\d_]{2}|[^\x00-\u2e7f]")
_MARKS_A_FLOAT = frozenset({"caption", "inset"})
ALIKE = 0.6
"""Points by which the sizes of two parts of a paragraph differ, at most."""
_INDENTED = 5.0
"""Points by which a first line stands further to the right than the line before it where a paragraph begins."""


@dataclass(slots=True)
class _Piece:
    """A sentence on its way: ``order`` is the block in which it begins, ``first`` that it begins its paragraph.

    ``marks`` are where in its text formulas are marked, each with the blocks that it stands for, ``inner`` the same with
    those of their sentences that stand on its page.
    """

    order: int
    page: int
    kind: SentenceKind
    text: str
    first: bool = True
    marks: Sequence[tuple[int, Sequence[int]]] = ()
    inner: Sequence[tuple[int, Sequence[_Piece]]] = ()


class _Mark(NamedTuple):
    """What stands in a paragraph for blocks on lines of their own, by their indices."""

    text: str
    stands_for: list[int]


_Parts = Sequence[int | _Mark]
"""Indices of the blocks of a paragraph, and marks between them."""


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
    outer = _with_inner(sorted(_pieces(blocks, words), key=lambda piece: (piece.page, piece.order)))
    levels = {index: block.level for index, block in enumerate(blocks) if block.kind == "heading"}
    text = _lay_out(outer, levels, reader=reader, title=title, page_count=page_count, warnings=warnings)
    pieces = [own for piece in outer for own in (piece, *(one for _, run in piece.inner for one in run))]
    begins = [(number, blocks[piece.order].item) for number, piece in enumerate(pieces, start=1) if piece.first]
    text = replace(
        text,
        paragraphs=tuple(number for number, is_item in begins if not is_item),
        items=tuple(number for number, is_item in begins if is_item),
    )
    return text, tuple(piece.order for piece in pieces)


def _pieces(blocks: Sequence[Block], words: frozenset[str]) -> Iterator[_Piece]:
    """The sentences of all blocks; those of a paragraph that something broke come when it is over."""
    flow, is_half = _Flow(blocks), False
    for index, block in enumerate(blocks):
        if block.kind == "body":
            if not flow.takes(index):
                was_half, is_half, is_open_end = is_half, flow.is_torn_before(index), flow.breaks_off()
                pieces = _paragraph(blocks, flow.ended(), words)
                yield from _without_halves(pieces, first=was_half, last=is_half or is_open_end)
                flow.begin(index)
            continue
        if block.kind == "heading":
            is_open_end = flow.breaks_off()
            yield from _without_halves(_paragraph(blocks, flow.ended(), words), first=is_half, last=is_open_end)
            is_half = False
            if text := clean(mend_hyphens(block.text, words)):
                yield _Piece(index, block.page, "heading", text)
            continue
        flow.pass_by(index)
        yield from _paragraph(blocks, [index], words)
    is_open_end = flow.breaks_off()
    yield from _without_halves(_paragraph(blocks, flow.ended(), words), first=is_half, last=is_open_end)


def _without_halves(pieces: Iterable[_Piece], *, first: bool, last: bool = False) -> Iterator[_Piece]:
    """The sentences of a paragraph; those that are no more than half of one, by how the paragraph begins or ends, are debris."""
    own = list(pieces)
    for at, piece in enumerate(own):
        is_half = (first and at == 0) or (last and at == len(own) - 1)
        yield replace(piece, kind="debris") if is_half and piece.kind == "body" else piece


@dataclass(slots=True)
class _Flow:
    """A paragraph as it goes on from block to block.

    ``parts`` are indices of its blocks, and a mark where formulas or code
    stood. ``passed`` are the kinds that were passed by since the last of them.
    """

    blocks: Sequence[Block]
    parts: list[int | _Mark] = field(default_factory=list)
    passed: set[SentenceKind] = field(default_factory=set)

    def begin(self, index: int) -> None:
        self.parts, self.passed = [index], set()

    def ended(self) -> list[int | _Mark]:
        """Its parts; none are left."""
        parts, self.parts = self.parts, []
        self.passed = set()
        return parts

    def pass_by(self, index: int) -> None:
        """Something that is not running text stands next."""
        block, last = self.blocks[index], self._last()
        mark = CODE if block.is_code else FORMULA if block.kind == "formula" else None
        if mark and last is not None and self.passed <= {"note"} and not _STOPPED.search(last.text):
            before = self.parts[-1]
            if isinstance(before, _Mark):
                before.stands_for.append(index)
            else:
                self.parts.append(_Mark(mark, [index]))
        else:
            self.passed.add("formula" if mark else block.kind)

    def takes(self, index: int) -> bool:
        """Whether the paragraph goes on in a block of running text, which is then part of it."""
        last, block = self._last(), self.blocks[index]
        if last is None or not self._leads_to(last, block):
            return False
        self.parts.append(index)
        self.passed = set()
        return True

    def is_torn_before(self, index: int) -> bool:
        """Whether a sentence breaks off here that goes on in a block of running text, with what is not known between."""
        last, block = self._last(), self.blocks[index]
        if last is None or isinstance(self.parts[-1], _Mark) or abs(last.size - block.size) > ALIKE:
            return False
        if not self.passed and not self.breaks_off():
            return False
        return block.text[:1].islower() and not (_CLOSED.search(last.text) or block.item or last.item)

    def breaks_off(self) -> bool:
        """Whether what stands last runs to the edge of its column and has no end: nobody ends a sentence so."""
        last = self._last()
        if last is None or isinstance(self.parts[-1], _Mark) or not last.is_full:
            return False
        text = clean(last.text)
        return not (_FINISHED.search(text) or _MARKED.match(text) or last.item)

    def _last(self) -> Block | None:
        return next((self.blocks[part] for part in reversed(self.parts) if not isinstance(part, _Mark)), None)

    def _leads_to(self, last: Block, block: Block) -> bool:
        """Whether nothing but a float or a break of column or page stands between, and no sentence begins."""
        if not self._is_float() or abs(last.size - block.size) > ALIKE or _BULLET.match(block.text):
            return False
        if is_open(last.text) and _NUMBER.match(block.text):
            return False
        if isinstance(self.parts[-1], _Mark):
            return block.text[:1].islower()
        if _CLOSED.search(last.text) and not (
            block.text[:1].islower() and last.text.endswith(" !")
        ):  # part of a bracket
            return False
        if block.text[:1].islower() or (block.text[:1].isdigit() and is_open(last.text) and not block.item):
            return not _is_indented(last, block)
        is_broken = bool(self.passed) or last.column != block.column
        return is_broken and not _is_indented(last, block) and _goes_on_anyhow(last, block)

    def _is_float(self) -> bool:
        """Whether what was passed by is nothing, or a float: what is left of a table has its caption with it."""
        known = "debris" not in self.passed or bool(self.passed & _MARKS_A_FLOAT)
        return known and self.passed <= _FLOATS


def _goes_on_anyhow(last: Block, block: Block) -> bool:
    """Whether a sentence that breaks off goes on with a word that may begin one: behind a full line, or a word that leads on."""
    if is_open(last.text):
        return _WORDED.match(block.text) is not None and not (block.item or block.is_label)
    return last.is_full and not last.text.rstrip().endswith(("-", HYPHEN_MARK))


def _is_indented(last: Block, block: Block) -> bool:
    """Whether a block begins further to the right than the line before it ends its own."""
    return last.hang is not None and block.indent is not None and block.indent - last.hang > _INDENTED


def _joined(blocks: Sequence[Block], parts: _Parts) -> tuple[str, list[tuple[int, int]]]:
    """The text of a paragraph, and where in it each of its parts begins, as (offset, place among the parts)."""
    text, starts = "", []
    for at, index in enumerate(parts):
        part = index.text if isinstance(index, _Mark) else clean(blocks[index].text)
        if not text:
            part = _ORPHAN.sub("", part)
        if not part:
            continue
        if text.endswith("-") and part[0].islower() and text[-2:-1].isalpha():
            text = text[:-1] + HYPHEN_MARK
        elif text and not text.endswith(HYPHEN_MARK):
            text += " "
        starts.append((len(text), at))
        text += part
    return text, starts


def _paragraph(blocks: Sequence[Block], parts: _Parts, words: frozenset[str]) -> Iterator[_Piece]:
    """Join blocks into one paragraph, split it, and send each sentence to the block where it begins."""
    text, places = _joined(blocks, parts)
    if all(isinstance(parts[at], _Mark) for _, at in places):
        return
    if HYPHEN_MARK in text:
        text, places = mended_with_starts(text, places, words)
    begun = [(offset, parts[at]) for offset, at in places]
    starts = [(offset, part) for offset, part in begun if not isinstance(part, _Mark)]
    marks = [(offset, part.stands_for) for offset, part in begun if isinstance(part, _Mark) and part.text == FORMULA]
    at, first = 0, None
    for start, end in split_sentences(text):
        first = start if first is None else first
        while at + 1 < len(starts) and starts[at + 1][0] <= start:
            at += 1
        block = blocks[starts[at][1]]
        is_label = block.is_label and len(parts) == 1 and end == len(text)
        own = text[start:end]
        is_half = block.kind in _SPOKEN and (is_rest(own) or (block.kind == "body" and _SINGLE.fullmatch(own)))
        is_half = bool(block.size and is_half)  # a page of the web says what is whole
        kind = "debris" if is_label or is_half else block.kind
        amid = [(offset - start, stands_for) for offset, stands_for in marks if start < offset < end] if marks else ()
        yield _Piece(starts[at][1], block.page, kind, own, first=start == first, marks=amid)


_NAMED = re.compile(
    r"[^\W\d_a-zß-öø-ÿ][^\W\d_]{2,30} (?:\d{1,3}(?:\.\d{1,3}){0,3}|[A-Z]\.\d{1,3})(?: ?\([^()]{1,60}\))?[.:]?"
)
"""A word in a capital and its number alone, as "Theorem 1." before what it says, or "Definition 2.3 (Boats)."."""


_SINGLE = re.compile(r"[^\W\d_]{1,30}[.!?]?")
"""A word alone says nothing: an abbreviation in a table, the end of a heading."""


def is_rest(sentence: str) -> bool:
    """Whether words of running text are no sentence: none is among them, they break off behind one that leads on, or name what follows."""
    if _NAMED.fullmatch(sentence):
        return True
    return _WORD.search(LEFT_OUT.sub("", sentence)) is None or (is_open(sentence) and not _AND.search(sentence))


def _with_inner(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Sentences in their order; the formulas amid one, where they stand on its page, are inner sentences of it."""
    if not any(piece.marks for piece in pieces):
        return list(pieces)
    of_block: dict[int, list[_Piece]] = {}
    for piece in pieces:
        if piece.kind == "formula":
            of_block.setdefault(piece.order, []).append(piece)
    taken: set[int] = set()
    for piece in pieces:
        runs = [(at, [own for index in of for own in of_block.get(index, ())]) for at, of in piece.marks]
        piece.inner = [(at, run) for at, run in runs if run and _is_amid(piece, at, run)]
        taken.update(id(formula) for _, run in piece.inner for formula in run)
    return [piece for piece in pieces if id(piece) not in taken]


def _is_amid(piece: _Piece, at: int, run: Sequence[_Piece]) -> bool:
    """Whether formulas stand on the page of a sentence, whose mark has a space on either side, or ends it."""
    is_apart = piece.text[at - 1] == " " and piece.text[at + len(FORMULA) :][:1] in ("", " ")
    return is_apart and all(formula.page == piece.page for formula in run)


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
        printed, runs = _printed(piece, offsets[at])
        start, end, section = offsets[at], offsets[at] + len(printed), len(sections) - 1
        formulas = tuple((run[0][0], run[-1][1]) for run in runs)
        sentences.append(Sentence(number, piece.page, start, end, piece.kind, section, formulas))
        for first, last in (span for run in runs for span in run):
            sentences.append(Sentence(len(sentences) + 1, piece.page, first, last, "formula", section))
        lines[at].append(printed)
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


def _printed(piece: _Piece, at: int) -> tuple[str, list[list[tuple[int, int]]]]:
    """A sentence as it stands on its page, from a place on: with its formulas, each on a line of its own, and their spans."""
    if not piece.inner:
        return piece.text, []
    parts, runs = list[str](), list[list[tuple[int, int]]]()
    copied, end = 0, at - 1  # of what was laid out before the next line
    for offset, formulas in piece.inner:
        parts.append(piece.text[copied : offset - 1])
        copied = offset + len(FORMULA) + 1
        end += 1 + len(parts[-1])
        runs.append([])
        for formula in formulas:
            runs[-1].append((end + 1, end + 1 + len(formula.text)))
            parts.append(formula.text)
            end = runs[-1][-1][1]
    if copied < len(piece.text):
        parts.append(piece.text[copied:])
    return "\n".join(parts), runs
