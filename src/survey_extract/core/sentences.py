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
from dataclasses import dataclass, replace

from survey_extract.core.characters import HYPHEN_MARK, clean, mend_hyphens, mended_with_starts, vocabulary
from survey_extract.core.fingerprint import text_sha256
from survey_extract.core.records import PaperText, Section, Sentence, SentenceKind


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text of one kind on one page.

    ``level`` is a heading's depth, from 1; ``size`` the font size in points,
    0 where there is none: a paragraph goes on in its own size only. ``item``
    says that it is an item of a list.
    """

    kind: SentenceKind
    text: str
    page: int = 1
    level: int = 1
    size: float = 0.0
    item: bool = False


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
_END = re.compile(
    r"""(?<![.!?])(?P<stop>[.!?]+)(?P<close>["'”’»)\]]*)\s+(?=["'“‘«(\[¿¡]*[^\W_a-zß-öø-ÿ])|(?P<cjk>[。！？]+["'”’」』）]*)|(?P<bullet>)(?<!\s)\s+(?=[•‣▪●◦■])"""
)
_LABEL = re.compile(
    r"(?:(?:figure|table|algorithm|listing|abbildung|tabelle)\s+\w{1,4}|\d{1,2}(?:\.\d{1,2})*|[ivx]+)", re.IGNORECASE
)
"""What numbers a caption, a heading or a list entry: the stop behind it ends no sentence."""
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘]+$")


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a paragraph, in order, without the white space between them."""
    start = 0
    for match in _END.finditer(text):
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


def _ends(text: str, start: int, at: int, stop: str) -> bool:
    """Whether the full stop at ``at`` ends the sentence that begins at ``start``."""
    if stop != ".":
        return True
    last = _LAST_WORD.search(text, max(start, at - 30), at)
    if last is None:
        return text[at - 1 : at].isspace()  # a stop behind a raised note mark stands apart
    word = last[0].lower()
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and last[0].isupper()):
        return False
    return not _LABEL.fullmatch(text, start, at)


# --- assembling -----------------------------------------------------------------------------------

_BULLET = re.compile(r"[•‣▪●◦■]\s?")
_CLOSED = re.compile(r"""[.!?。！？:]["'”’»)\]]*$""")


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
    words = vocabulary(block.text for block in blocks)
    pieces = sorted(_pieces(blocks, words), key=lambda piece: (piece.page, piece.order))
    levels = {index: block.level for index, block in enumerate(blocks) if block.kind == "heading"}
    text = _lay_out(pieces, levels, reader=reader, title=title, page_count=page_count, warnings=warnings)
    begins = [(number, blocks[piece.order].item) for number, piece in enumerate(pieces, start=1) if piece.first]
    return replace(
        text,
        paragraphs=tuple(number for number, is_item in begins if not is_item),
        items=tuple(number for number, is_item in begins if is_item),
    )


def _pieces(blocks: Sequence[Block], words: frozenset[str]) -> Iterator[_Piece]:
    flow: list[int] = []
    for index, block in enumerate(blocks):
        if block.kind == "body":
            if flow and _goes_on(blocks[flow[-1]], block):
                flow.append(index)
            elif flow and not _CLOSED.search(blocks[flow[-1]].text) and block.size != blocks[flow[-1]].size:
                yield from _paragraph(blocks, [index], words)  # stands in between: the paragraph goes on behind it
            else:
                yield from _paragraph(blocks, flow, words)
                flow = [index]
        elif block.kind == "heading":
            yield from _paragraph(blocks, flow, words)
            flow = []
            if text := clean(mend_hyphens(block.text, words)):
                yield _Piece(index, block.page, "heading", text)
        else:
            yield from _paragraph(blocks, [index], words)
    yield from _paragraph(blocks, flow, words)


def _goes_on(last: Block, block: Block) -> bool:
    """Whether a paragraph that a column, a page or a float broke goes on in ``block``."""
    if _CLOSED.search(last.text) or abs(last.size - block.size) > 0.6 or _BULLET.match(block.text):
        return False
    return block.text[:1].islower() or not last.text.rstrip().endswith(("-", HYPHEN_MARK))


def _paragraph(blocks: Sequence[Block], indices: Sequence[int], words: frozenset[str]) -> Iterator[_Piece]:
    """Join blocks into one paragraph, split it, and send each sentence to the block where it begins."""
    text, starts = "", []
    for index in indices:
        part = clean(blocks[index].text)
        if not part:
            continue
        if text.endswith("-") and part[0].islower() and text[-2:-1].isalpha():
            text = text[:-1] + HYPHEN_MARK
        elif text and not text.endswith(HYPHEN_MARK):
            text += " "
        starts.append((len(text), index))
        text += part
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
