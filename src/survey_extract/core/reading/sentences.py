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

from survey_extract.core.fingerprint import text_sha256
from survey_extract.core.paper_text import PaperText, Section, Sentence, SentenceKind
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
FORMULA = "[formula]"
"""Stands in a sentence where a formula on lines of its own stood: its signs do not come out of a PDF in their order."""
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
    flow, is_half = _Flow(blocks), False
    for index, block in enumerate(blocks):
        if block.kind == "body":
            if not flow.takes(index):
                was_half, is_half = is_half, flow.is_torn_before(index)
                yield from _without_halves(_paragraph(blocks, flow.ended(), words), first=was_half, last=is_half)
                flow.begin(index)
            continue
        if block.kind == "heading":
            yield from _without_halves(_paragraph(blocks, flow.ended(), words), first=is_half)
            is_half = False
            if text := clean(mend_hyphens(block.text, words)):
                yield _Piece(index, block.page, "heading", text)
            continue
        flow.pass_by(index)
        yield from _paragraph(blocks, [index], words)
    yield from _without_halves(_paragraph(blocks, flow.ended(), words), first=is_half)


def _without_halves(pieces: Iterable[_Piece], *, first: bool, last: bool = False) -> Iterator[_Piece]:
    """The sentences of a paragraph; those that are no more than half of one, by how the paragraph begins or ends, are debris."""
    own = list(pieces)
    for at, piece in enumerate(own):
        is_half = (first and at == 0) or (last and at == len(own) - 1)
        yield replace(piece, kind="debris") if is_half and piece.kind == "body" else piece


@dataclass(slots=True)
class _Flow:
    """A paragraph as it goes on from block to block.

    ``parts`` are indices of its blocks, and a mark where a formula or code
    stood. ``passed`` are the kinds that were passed by since the last of them.
    """

    blocks: Sequence[Block]
    parts: list[int | str] = field(default_factory=list)
    passed: set[SentenceKind] = field(default_factory=set)

    def begin(self, index: int) -> None:
        self.parts, self.passed = [index], set()

    def ended(self) -> list[int | str]:
        """Its parts; none are left."""
        parts, self.parts = self.parts, []
        self.passed = set()
        return parts

    def pass_by(self, index: int) -> None:
        """Something that is not running text stands next."""
        block, last = self.blocks[index], self._last()
        mark = CODE if block.is_code else FORMULA if block.kind == "formula" else None
        if mark and last is not None and self.passed <= {"note"} and not _STOPPED.search(last.text):
            if not isinstance(self.parts[-1], str):
                self.parts.append(mark)
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
        if last is None or isinstance(self.parts[-1], str) or not self.passed or abs(last.size - block.size) > ALIKE:
            return False
        return block.text[:1].islower() and not (_CLOSED.search(last.text) or block.item or last.item)

    def _last(self) -> Block | None:
        return next((self.blocks[part] for part in reversed(self.parts) if not isinstance(part, str)), None)

    def _leads_to(self, last: Block, block: Block) -> bool:
        """Whether nothing but a float or a break of column or page stands between, and no sentence begins."""
        if not self._is_float() or abs(last.size - block.size) > ALIKE or _BULLET.match(block.text):
            return False
        if is_open(last.text) and _NUMBER.match(block.text):
            return False
        if isinstance(self.parts[-1], str):
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


def _joined(blocks: Sequence[Block], parts: Sequence[int | str]) -> tuple[str, list[tuple[int, int]]]:
    """The text of a paragraph, and where in it each of its blocks begins, as (offset, index)."""
    text, starts = "", []
    for index in parts:
        part = index if isinstance(index, str) else clean(blocks[index].text)
        if not text:
            part = _ORPHAN.sub("", part)
        if not part:
            continue
        if text.endswith("-") and part[0].islower() and text[-2:-1].isalpha():
            text = text[:-1] + HYPHEN_MARK
        elif text and not text.endswith(HYPHEN_MARK):
            text += " "
        if not isinstance(index, str):
            starts.append((len(text), index))
        text += part
    return text, starts


def _paragraph(blocks: Sequence[Block], parts: Sequence[int | str], words: frozenset[str]) -> Iterator[_Piece]:
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
        is_label = block.is_label and len(parts) == 1 and end == len(text)
        is_half = (
            bool(block.size) and block.kind in _SPOKEN and is_rest(text[start:end])
        )  # a page of the web says what is whole
        kind = "debris" if is_label or is_half else block.kind
        yield _Piece(starts[at][1], block.page, kind, text[start:end], first=start == first)


def is_rest(sentence: str) -> bool:
    """Whether words of running text are no sentence: there is no word among them, or they break off behind one that leads on."""
    return _WORD.search(LEFT_OUT.sub("", sentence)) is None or (is_open(sentence) and not _AND.search(sentence))


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
