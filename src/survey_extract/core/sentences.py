"""Blocks of text in reading order go in, a ``PaperText`` of numbered sentences comes out.

Every reader (PDF, HTML, Markdown) ends here, so a sentence means the same
thing everywhere. Paragraphs that were broken by a column, a page or a float
are joined before they are split into sentences; each sentence then goes back
to the place where it begins, so that numbers follow the reading order and no
sentence leaves its page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from survey_extract.core.fingerprint import text_sha256
from survey_extract.core.records import PaperText, Section, Sentence, SentenceKind

HYPHEN_MARK = "\ufffe"
"""Stands where a line ended in a hyphen (PDFium's own mark); the word goes on behind it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text of one kind on one page.

    ``level`` is a heading's depth, from 1; ``size`` the font size in points,
    0 where there is none: a paragraph goes on in its own size only.
    """

    kind: SentenceKind
    text: str
    page: int = 1
    level: int = 1
    size: float = 0.0


# --- characters -----------------------------------------------------------------------------------

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\x0b\x0c\x85\u2028\u2029"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffd"


def _character_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {code: None for code in range(0x20) if chr(code) not in "\n\r"}
    table |= dict.fromkeys(range(127, 160))
    table |= dict.fromkeys((*range(55296, 63744), *range(64976, 65008)))  # surrogates, private use
    table |= {ord(char): None for char in _INVISIBLE}
    table |= {ord(char): " " for char in _SPACES}
    # Ligatures and mathematical letters are drawn variants of plain ones; fractions, superscripts
    # and full-width forms mean something by their form and stay.
    for code in (*range(0xFB00, 0xFB07), *range(0x1D400, 0x1D800)):
        table[code] = unicodedata.normalize("NFKC", chr(code))
    return table


_TABLE = _character_table()
_FOLD = re.compile(r"\s+")


def clean(text: str) -> str:
    """Normalise characters and fold white space; the mark for line-end hyphens is kept."""
    return _FOLD.sub(" ", unicodedata.normalize("NFC", text.translate(_TABLE))).strip()


_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(rf"([^\W_]*)[-\u2010]?{HYPHEN_MARK}\s?([^\W_]*)")
_HALVES = re.compile(rf"[^\s]*{HYPHEN_MARK}\s?[^\s]*")
_PREFIXES = frozenset(
    [
        "all",
        "anti",
        "auto",
        "co",
        "data",
        "end",
        "ex",
        "fine",
        "full",
        "half",
        "in",
        "inter",
        "intra",
        "left",
        "meta",
        "mid",
        "more",
        "near",
        "off",
        "on",
        "one",
        "out",
        "over",
        "post",
        "pre",
        "quasi",
        "re",
        "real",
        "right",
        "semi",
        "so",
        "sub",
        "super",
        "top",
        "two",
        "ultra",
        "un",
        "under",
        "well",
    ]
)
_FIRST_PARTS = frozenset(
    [
        "audio",
        "cross",
        "domain",
        "few",
        "human",
        "image",
        "instruction",
        "knowledge",
        "language",
        "large",
        "long",
        "low",
        "model",
        "multi",
        "non",
        "object",
        "open",
        "pixel",
        "question",
        "region",
        "self",
        "short",
        "single",
        "state",
        "task",
        "text",
        "token",
        "video",
        "vision",
        "visual",
        "word",
        "zero",
    ]
)
_SUFFIX = re.compile(
    r"(?:e?s|e[drn]|est|ings?|ly|ity|ities|u?al|ally|ives?|i[sz](?:e[ds]?|ing|ation)|ness|ful|less|ists?|ous|ory|ional\w*)$"
)


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """All words of a document in lower case, with their hyphens, for ``mend_hyphens``."""
    words: set[str] = set()
    for text in texts:
        words.update(_WORD.findall(_HALVES.sub(" ", text.lower()) if HYPHEN_MARK in text else text.lower()))
    compounds = [word.split("-") for word in words if "-" in word]
    words.update(f"{a}-{b}" for parts in compounds for a, b in pairwise(parts))
    return frozenset(words)


def mend_hyphens(text: str, words: frozenset[str]) -> str:
    """Join words broken at line ends; compounds keep their hyphen.

    The document is its own dictionary: the form that it uses elsewhere wins.
    A word seen in neither form is a compound when its second half starts with
    a capital or a digit, or when its first half is a usual first part of
    compounds and its second half is more than an ending.
    """
    if HYPHEN_MARK not in text:
        return text
    return _BROKEN.sub(lambda match: _mended(match[1], match[2], words), text)


def _mended(left: str, right: str, words: frozenset[str]) -> str:
    joined, compound = (left + right).lower(), f"{left}-{right}".lower()
    if not left or not right or right[0].isupper() or not right[0].isalpha() or not left[-1].isalpha():
        return f"{left}-{right}"
    if joined in words:
        return left + right
    if compound in words:
        return f"{left}-{right}"
    is_first_part = left.lower() in _FIRST_PARTS and not _SUFFIX.match(right)
    if is_first_part or (left.lower() in _PREFIXES and right.lower() in words):
        return f"{left}-{right}"
    return left + right


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
    r"""(?P<stop>[.!?]+)(?P<close>["'”’»)\]]*)\s+(?=["'“‘«(\[¿¡]*[^\W_a-zß-öø-ÿ])|(?P<cjk>[。！？]+["'”’」』）]*)|(?P<bullet>)\s+(?=[•‣▪●◦■])"""
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
    """A sentence on its way: ``order`` is the block in which it begins."""

    order: int
    page: int
    kind: SentenceKind
    text: str


def assemble(
    blocks: Sequence[Block], *, reader: str, title: str | None, page_count: int, warnings: tuple[str, ...] = ()
) -> PaperText:
    """Number the sentences of the blocks, which stand in reading order, and lay them on their pages."""
    words = vocabulary(block.text for block in blocks)
    pieces = sorted(_pieces(blocks, words), key=lambda piece: (piece.page, piece.order))
    levels = {index: block.level for index, block in enumerate(blocks) if block.kind == "heading"}
    return _lay_out(pieces, levels, reader=reader, title=title, page_count=page_count, warnings=warnings)


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
        text, starts = _mend_with_starts(text, starts, words)
    at = 0
    for start, end in split_sentences(text):
        while at + 1 < len(starts) and starts[at + 1][0] <= start:
            at += 1
        block = blocks[starts[at][1]]
        yield _Piece(starts[at][1], block.page, block.kind, text[start:end])


def _mend_with_starts(
    text: str, starts: list[tuple[int, int]], words: frozenset[str]
) -> tuple[str, list[tuple[int, int]]]:
    """``mend_hyphens`` that keeps track of where each block starts."""
    parts: list[str] = []
    length = copied = 0
    moves: list[tuple[int, int]] = []  # (offset in text from which on, shift)
    for match in _BROKEN.finditer(text):
        mended = _mended(match[1], match[2], words)
        parts += [text[copied : match.start()], mended]
        length += match.start() - copied + len(mended)
        copied = match.end()
        moves.append((match.end(), length - match.end()))
    parts.append(text[copied:])
    moved, at, shift = [], 0, 0
    for start, index in starts:
        while at < len(moves) and moves[at][0] <= start:
            shift = moves[at][1]
            at += 1
        moved.append((max(0, start + shift), index))
    return "".join(parts), moved


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
