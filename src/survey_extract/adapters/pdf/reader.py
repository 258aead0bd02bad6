"""The bytes of a PDF go in, its ``PaperText`` comes out: pdfium reads text, boxes and outline, pypdf what pdfium refuses.

pdfium is an order of magnitude faster than pypdf and closer to what is
printed (``benchmarks/read.py``). It gives the same outlines, too, in a
hundredth of the time; pypdf is the second reader. pdfium is not thread-safe and a PDF can be
a bomb: call ``read_pdf`` in a worker process (``read.py``) only.
"""

from __future__ import annotations

import ctypes
import gc
import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pypdf
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, each_of
from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.hidden import Hidden, Unread, is_outside, outside_characters
from survey_extract.adapters.pdf.shapes import drawn
from survey_extract.adapters.pdf.stated import stated_in_pdf
from survey_extract.adapters.pdf.tables import page_tables
from survey_extract.adapters.pdf.told import HiddenOnPage, counted, hidden_on_page, told_of_hidden, unvouched
from survey_extract.adapters.pdf.upright import readable
from survey_extract.adapters.pdf.words import MARK
from survey_extract.core import readers
from survey_extract.core.accents import ACCENT, accents, composed
from survey_extract.core.paper_text import PaperText
from survey_extract.core.raised import Sign, may_be_raised, raised
from survey_extract.core.reading.areas import Shape
from survey_extract.core.reading.fractions import BESIDE, LONGEST_PART, SMALLER, bars, fractions, is_bar, put
from survey_extract.core.reading.furniture import printed_arxiv_id
from survey_extract.core.reading.headings import is_run_in
from survey_extract.core.reading.joins import without_false_rows, without_false_runs
from survey_extract.core.reading.layout import arrange, blocks_without_layout, printed_title
from survey_extract.core.reading.lines import INDENT, Face, Line, OutlineEntry, PageLines
from survey_extract.core.reading.margin import (
    ALIKE,
    CODED,
    EVEN,
    LABEL_ROOM,
    LONGEST_LABEL,
    ROOM,
    ROOM_OF_LABEL,
    hangs,
    is_definition,
    is_margin_label,
    label_before,
    label_room,
    left_edge,
    line_numbers,
    may_open,
    sticks_out,
    with_dropped,
)
from survey_extract.core.reading.plain_text import HYPHEN_MARK, clean
from survey_extract.core.reading.rows import with_rows
from survey_extract.core.reading.sentences import assemble
from survey_extract.core.reading.title import chosen_title
from survey_extract.core.tables.table import Table
from survey_extract.errors import NeedsOcr, NeedsPassword, ReadError

PAGE_LIMIT = 1_500
"""Pages; the longest paper on arXiv that we know of has under 1,000."""
OCR_BELOW = 100
"""Characters a page, on average, below which the pages are taken for pictures."""

_PASSWORD_ERROR = raw.FPDF_ERR_PASSWORD
_BOLD = re.compile(
    rb"bold|medi|black|heavy|demi|semib|(?:cm|sf|ec|lh|la)(?:ss)?bx|(?:sf|ec)sx\d|cmb\d|cmssdc|-bd|\bp[a-z]{2}b[78]|-b$",
    re.IGNORECASE,
)
_MONO = re.compile(
    rb"mono|courier|consol|typewriter|menlo|inconsolata|cmtt|cmvtt|sftt|cmsltt|cmitt|cmtcsc|ectt|(?:sf|ec)(?:st|it|tc)\d|tctt|lmtt|lmtl|code|fixed|nimbusmon|beramono|txtt",
    re.IGNORECASE,
)
_SANS = re.compile(
    rb"sans|arial|helvet|calibri|verdana|tahoma|roboto|cmss|sfss|ecss|lmss|nimbussan|nimbussanl|segoe|abadi|trebuc|gothic|futura|avenir|lato|opensans|inter-|phv|comic",
    re.IGNORECASE,
)
FONTS_HELD = 4_096
"""Names of fonts kept in memory with what they say."""
_PRINTED = re.compile(rf"[^{HYPHEN_MARK}]*{HYPHEN_MARK}|[^{HYPHEN_MARK}]+")
_WORDS = re.compile(r"\S+")
_CITED = re.compile(r"\s?\[[\d,\s–-]{1,40}\]\.?")
_SHORT = 110
"""Characters; only lines shorter than that can be headings, so only their fonts are looked up."""

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Within, Python looks for no objects that hold one another: some 30 a page, among all the thousands of others."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def read_pdf(data: bytes) -> PaperText:
    """Read a PDF.

    Raises:
        NeedsPassword: it is locked.
        NeedsOcr: its pages are pictures.
        ReadError: neither reader can open it, or it has too many pages.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD_ERROR:
            raise NeedsPassword("the PDF is locked with a password: add an unlocked copy as a local file") from None
        return _second_reader(data, str(error))
    with closing(document):
        _refuse_too_many(len(document))
        document.init_forms()
        looks = Hidden.of(document, data)
        with closing(looks.fonts):
            seen = [_page_lines(page, index, looks) for index, page in enumerate(_opened(document))]
        pages, hidden = [page for page, _, _ in seen], [found for _, found, _ in seen]
        tables = [table for _, _, found in seen for table in found]
        if seen and not any(page.width for page in pages):
            raise ReadError("no page of the PDF can be opened: its page tree is damaged")
        outline, stated = tuple(_outline(document)), document.get_metadata_value("Title")
        facts = stated_in_pdf(document, data)
    unseen = sum(page.reasons.total() for page in hidden)
    characters = sum(len(line.text) for page in pages for line in page.lines)
    _refuse_pictures(characters, len(pages), unseen)
    warned, noted = told_of_hidden(hidden)
    text = assemble(
        arrange(pages, outline),
        reader=readers.PDF,
        title=None,
        page_count=len(pages),
        warnings=(*_warnings(pages), *warned, *unvouched(looks)),
    )
    title = _title(text, pages, stated)
    text = replace(text, title=title, notes=noted, arxiv=printed_arxiv_id(pages), stated=facts)
    printed = [page.printed for page in pages]
    read = with_rows(without_false_runs(printed, text), without_false_rows(printed, tables))
    if unseen > characters and not read.citable():  # what is left of words in a font that says nothing of its letters
        _refuse_pictures(0, len(pages), unseen)
    return read


def printed_pages(data: bytes) -> tuple[str, ...]:
    """The characters of each page as the file draws them, hidden ones as well; none where pdfium refuses the file."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return ()
    with closing(document):
        _refuse_too_many(len(document))
        return tuple(_printed(document, index) for index in range(len(document)))


def _printed(document: pdfium.PdfDocument, index: int) -> str:
    try:
        with closing(document[index]) as page, closing(page.get_textpage()) as text_page:
            return Characters(text_page).printed
    except pdfium.PdfiumError:
        return ""


def _title(text: PaperText, pages: Sequence[PageLines], stated: str) -> str | None:
    """The title by print and metadata; the sentences tell how its words are written."""
    body = [text.quote(sentence) for sentence in text.sentences if sentence.kind == "body"]
    shown = pages[0].printed if pages else ""
    return chosen_title(printed_title(pages, body), clean(stated), body, shown)


def _refuse_too_many(pages: int) -> None:
    if pages > PAGE_LIMIT:
        raise ReadError(f"the PDF has {pages:,} pages, more than the limit of {PAGE_LIMIT:,}")


def _refuse_pictures(characters: int, pages: int, hidden: int = 0) -> None:
    if characters < OCR_BELOW * max(pages, 1):
        unseen = f", besides {hidden:,} that no reader can see" if hidden else ""
        raise NeedsOcr(
            f"{counted(characters)} on {pages} page{'s' if pages > 1 else ''}{unseen}: the pages are pictures; "
            "give a copy with a text layer (a local file is replaced by it; of another source, add it as one), or take the line out of sources.csv"
        )


def _warnings(pages: list[PageLines]) -> tuple[str, ...]:
    damaged = [number for number, page in enumerate(pages, start=1) if not page.width]
    empty = [number for number, page in enumerate(pages, start=1) if page.width and not page.lines]
    found = (("cannot be opened: page", damaged), ("no text on page", empty))
    return tuple(f"{what} {', '.join(map(str, numbers))}" for what, numbers in found if numbers)


# --- pdfium ---------------------------------------------------------------------------------------


class _Seen(NamedTuple):
    """A page as it was read: its lines, what nobody sees of it, and its tables."""

    lines: PageLines
    hidden: HiddenOnPage
    tables: Sequence[Table] = ()


def _opened(document: pdfium.PdfDocument) -> Iterator[pdfium.PdfPage | None]:
    """The pages, None for a damaged one. Each stays open until the next is, since pdfium forgets a font with its last page."""
    with ExitStack() as before:
        for index in range(len(document)):
            page = _page(document, index)
            before.close()
            if page is not None:
                before.callback(page.close)
            yield page


def _page(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage | None:
    try:
        return document[index]
    except pdfium.PdfiumError:
        return None


def _page_lines(page: pdfium.PdfPage | None, index: int, looks: Hidden) -> _Seen:
    """The lines that people see, and what they do not; a damaged page has neither size nor lines."""
    if page is None:
        return _Seen(PageLines(0, 0, ()), HiddenOnPage(Counter(), ()))
    text_page, sheet = looks.letters(page, index)
    with closing(text_page):
        characters = Characters(text_page)
        unread = looks.characters(page, index, characters, sheet)
        turn = readable(page, lambda: characters.angles(range(len(characters))))
        _, _, width, height = turn.box(page.get_bbox())
        shown, placed = drawn(sheet.objects, turn), characters.placed(turn)
        over = bars(shown.shapes)
        lines = tuple(with_dropped(_lines(placed, unread, shown.texts, over)))
        box = (0, 0, width, height)
        if any(is_outside(box, line.left, line.bottom, line.right, line.top) for line in lines):
            unread = unread._replace(hidden={**unread.hidden, **outside_characters(page, text_page)})
            lines = tuple(with_dropped(_lines(placed, unread, shown.texts, over)))
        tables = page_tables(page, characters, index + 1, unread.hidden, sheet.objects)
        seen = PageLines(width, height, lines, shown.shapes, characters.printed)
        return _Seen(seen, hidden_on_page(characters, unread.hidden), tables)


def _lines(characters: Characters, unread: Unread, own: frozenset[int] | None, over: Sequence[Shape]) -> Iterator[Line]:
    """Each printed line with its box.

    pdfium ends lines with CR LF, except behind a hyphen, where it puts its
    mark and goes on: there the next line, or the next column, begins.
    """
    probe, spans, offset = _Probe(characters, own), list[_Span](), 0
    lost = _hidden_before(characters, unread) if unread.hidden else None
    for text in characters.printed.split("\r\n"):
        for part in _PRINTED.findall(text) if HYPHEN_MARK in text else (text,):
            end = offset + _units(part)
            if part and not part.isspace():
                is_whole = lost is None or lost[offset] == lost[end]
                spans += (_Span.whole(part, offset),) if is_whole else _seen(characters, part, offset, unread)
            offset = end
        offset += 2
    spans = [probe.accented(span) if ACCENT.search(span.text) else span for span in spans]
    spans = [probe.raised(span) if may_be_raised(span.text) else span for span in spans]
    lines = probe.lines(spans)
    edge = left_edge(lines)
    counted = line_numbers(lines, edge) if edge is not None else frozenset()
    entries = probe.entries(spans, lines)
    whole = dict(probe.fractions(spans, lines, over))
    for at, (span, line) in enumerate(zip(spans, lines, strict=True)):
        if at in whole:
            yield from whole[at]
        elif at in counted:
            yield from probe.uncounted(span, line)
        elif edge is not None and sticks_out(line, edge) and (parts := probe.unlabelled(span, edge)):
            yield from parts
        elif at in entries:
            yield from entries[at]
        elif may_open(lines[at - 1] if at else None, line) and (parts := probe.led(span)):
            yield from parts
        else:
            yield from probe.parted(span, line)


class _Span(NamedTuple):
    """A line's words, and the places of its first and its last letter in the page's text, by its UTF-16 units.

    ``offset`` is where the line begins there; None where some of it is not seen, so that its letters are not one run.
    """

    text: str
    first: int
    last: int
    offset: int | None = None

    @classmethod
    def whole(cls, text: str, offset: int) -> _Span:
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip().rstrip(HYPHEN_MARK)) - 1
        return cls(text, offset + start, offset + max(start, end), offset)


def _hidden_before(characters: Characters, unread: Unread) -> list[int]:
    """By UTF-16 unit of the page's text, and at its end, how many hidden characters are before it."""
    is_hidden = np.zeros(len(characters) + 1, dtype=bool)  # the last stands for what is no character
    is_hidden[list(unread.hidden)] = True
    found: list[int] = np.concatenate([[0], np.cumsum(is_hidden[np.array(characters.in_text, dtype=int)])]).tolist()
    return found


def _seen(characters: Characters, text: str, offset: int, unread: Unread) -> Iterator[_Span]:
    """The line without what cannot be seen, with a mark for a word of which a part is; nothing when nothing is left."""
    kept: list[str] = []
    places: list[int] = []
    place = offset
    for character in text:
        where = characters.in_text[place]
        if where not in unread.hidden:
            kept.append(character)
            if not character.isspace() and character != HYPHEN_MARK:
                places.append(place)
        elif where in unread.marks:
            kept.append(MARK)
        place += _units(character)
    if len(kept) == len(text):
        yield _Span.whole(text, offset)
    elif places:
        yield _Span("".join(kept), places[0], places[-1])


def _units(text: str) -> int:
    """Length in UTF-16 units, in which pdfium counts the characters of its text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Room(NamedTuple):
    """The room in a line before its place ``cut``, and whether it is wider than all others at its beginning."""

    cut: int
    width: float
    is_widest: bool


class _Probe:
    """Asks pdfium for places and fonts of the first, the middle and the last character of each line."""

    def __init__(self, characters: Characters, own: frozenset[int] | None) -> None:
        self._characters, self._own = characters, own
        self._name = ctypes.create_string_buffer(128)
        self._fonts: dict[int, _Font] = {0: _UNKNOWN_FONT}

    def parted(self, span: _Span, line: Line) -> Iterator[Line]:
        """The line, or the two lines that a run-in heading and the start of its paragraph are."""
        text, first, last, offset = span
        if offset is None or not line.bold or last - first <= 12:
            yield line
            return
        cut = self._end_of_bold(text, offset, first - offset, last - offset)
        if cut is not None and (cited := _CITED.match(text, cut)):
            cut = cited.end()  # a heading may name its sources
        if cut is None or not is_run_in(text[:cut], text[cut:]):
            is_number = cut is not None and len(text) - cut > LONGEST_LABEL and not any(map(str.isalpha, text[:cut]))
            yield line._replace(bold=not is_number)  # a sentence behind the number of an item
            return
        rest = cut + len(text[cut:]) - len(text[cut:].lstrip())
        bold = _Span(text[:cut], first, offset + len(text[:cut].rstrip()) - 1)
        heading, begun = self.lines([bold, _Span(text[rest:], offset + rest, last)])
        yield heading._replace(run_in=True)
        yield begun

    def unlabelled(self, span: _Span, edge: float) -> Sequence[Line]:
        """The label that stands in the margin of a line, and the line behind it; none where it has no label."""
        text, first, last, offset = span
        if offset is None or len(text) != _units(text):
            return ()
        words = [offset + match.start() for match in _WORDS.finditer(text, 0, LONGEST_LABEL)]
        ends = [offset + match.end() - 1 for match in _WORDS.finditer(text, 0, LONGEST_LABEL)]
        begins = self._characters.boxes(self._characters.at(words))[:, 0]
        rights = self._characters.boxes(self._characters.at(ends))[:, 2]
        at = next((at for at in range(1, len(words)) if -EVEN <= begins[at] - edge <= INDENT), None)
        if at is None or not is_margin_label(text[: ends[at - 1] + 1 - offset].strip()):
            return ()
        label = _Span(text[: ends[at - 1] + 1 - offset], first, ends[at - 1])
        lines = self.lines([label, _Span(text[words[at] - offset :], words[at], last)])
        room = (begins[at] - rights[at - 1]) / lines[1].size
        if room > ROOM:
            return lines
        own, end, behind = self._fonts_at([first, ends[at - 1], words[at]])
        return [lines[0]._replace(run_in=True), lines[1]] if room > LABEL_ROOM and own == end != behind else ()

    def entries(self, spans: Sequence[_Span], lines: Sequence[Line]) -> dict[int, Sequence[Line]]:
        """The entries of lists that begin with a label, by their lines: first those of several lines, then those that begin under them."""
        hanging = [at for at, (line, after) in enumerate(pairwise(lines)) if hangs(line, after)]
        found = {at: parts for at in hanging if (parts := self.defined(spans[at], lines[at]))}
        edges = {round(lines[at].left) for at in found}
        alike = (
            [at for at, line in enumerate(lines) if at not in hanging and round(line.left) in edges] if edges else []
        )
        found |= {at: parts for at in alike if (parts := self.defined(spans[at], lines[at]))}
        return found | self.spaced([at for at in hanging if at not in found], spans, lines)

    def spaced(
        self, hanging: Sequence[int], spans: Sequence[_Span], lines: Sequence[Line]
    ) -> dict[int, Sequence[Line]]:
        """The entries of lists whose labels are in the font of the text: the same room is behind each, wider than a space."""
        edges = {round(lines[at].left) for at in hanging}
        begun = [at for at, line in enumerate(lines) if round(line.left) in edges] if edges else []
        rooms = {at: rooms for at in begun if (rooms := list(self.rooms(spans[at], lines[at], hangs=at in hanging)))}
        found: dict[int, Sequence[Line]] = {}
        for at, own in rooms.items():
            peers = [rooms[other] for other in rooms if round(lines[other].left) == round(lines[at].left)]
            for cut, width, _ in own:
                alike = [
                    room.is_widest
                    for peer in peers
                    for room in peer
                    if abs(room.width - width) < ALIKE * lines[at].size
                ]
                if len(alike) > 1 and any(alike):
                    found[at] = self.labelled(spans[at], 0, cut)
                    break
        return found

    def rooms(self, span: _Span, line: Line, *, hangs: bool) -> Iterator[_Room]:
        """Where in a line what is said of a label may begin, and how far behind it; only the widest room where it does not hang."""
        text, _, _, offset = span
        if offset is None or len(text) != _units(text):
            return
        words = list(_WORDS.finditer(text, 0, LONGEST_LABEL + LONGEST_LABEL // 2))[:-1]
        if len(words) < 2:
            return
        sides = [*(word.start() for word in words[1:]), *(word.end() - 1 for word in words[:-1])]
        boxes = self._characters.boxes(self._characters.at([offset + side for side in sides]))
        gaps = (boxes[: len(words) - 1, 0] - boxes[len(words) - 1 :, 2]).tolist()
        widest = label_room(gaps, line.size)
        for at in range(len(gaps)) if hangs else [] if widest is None else [widest]:
            cut = words[at + 1].start()
            if gaps[at] > ROOM_OF_LABEL * line.size and is_definition(text[:cut], text[cut:], is_marked=hangs):
                yield _Room(cut, gaps[at], at == widest)

    def led(self, span: _Span) -> Sequence[Line]:
        """The label that leads a line in a font of its own, with its stop, and the line behind it; none where it has none."""
        text, _, _, offset = span
        if offset is None or len(text) != _units(text):
            return ()
        match = label_before(text)
        if match is None:
            return self.coded(span)
        places = [match.start("label"), match.end("label") - 2, match.end(), len(text.rstrip().rstrip(HYPHEN_MARK)) - 1]
        first, last, behind, end = self._fonts_at([offset + place for place in places])
        if first != last or first in (behind, end):
            return ()
        return self.labelled(span, match.start("label"), match.end())

    def coded(self, span: _Span) -> Sequence[Line]:
        """The name in typewriter that leads a line, as of a command, and the line that says what it is; none where it has none."""
        text, first, last, offset = span
        match = CODED.match(text)
        if match is None or offset is None or not is_definition(match["label"], text[match.end() :]):
            return ()
        named, behind = self._fonts_of(self._characters.texts_at(self._characters.at([first, offset + match.end()])))
        if named.face != "mono" or behind.face == "mono" or self._font_at(last).face == "mono":
            return ()
        return self.labelled(span, match.start("label"), match.end())

    def labelled(self, span: _Span, begin: int, cut: int) -> Sequence[Line]:
        """A line as the label that stands in it up to a place, and what is said behind it."""
        text, _, last, offset = span
        if offset is None:
            return ()
        label = text[begin:cut].rstrip()
        lines = self.lines(
            [
                _Span(label, offset + begin, offset + begin + len(label) - 1),
                _Span(text[cut:], offset + cut, last, offset + cut),
            ]
        )
        return [lines[0]._replace(run_in=True), lines[1]._replace(bold=False)]

    def defined(self, span: _Span, line: Line) -> Sequence[Line]:
        """The label of an entry of a list, in a font of its own, and the line that says what it is; none where it has none.

        The label is then what a heading within a line is.
        """
        text, first, last, offset = span
        if offset is None or len(text) != _units(text):
            return ()
        words = [match.start() for match in _WORDS.finditer(text, 0, LONGEST_LABEL)]
        fonts = self._fonts_at([offset + word for word in words])
        own = self._fonts_at([offset + (first - offset + last - offset) // 2, last])
        cut = next((at for at, font in enumerate(fonts) if font in own), 0)
        if not cut or not is_definition(text[: words[cut]], text[words[cut] :]):
            return ()
        label = _Span(text[: words[cut]], first, offset + len(text[: words[cut]].rstrip()) - 1)
        lines = self.lines([label, _Span(text[words[cut] :], offset + words[cut], last)])
        is_apart = lines[1].left - lines[0].right > LABEL_ROOM * line.size
        return [lines[0]._replace(run_in=True), lines[1]] if is_apart else ()

    def _fonts_at(self, places: Sequence[int]) -> list[int]:
        """The fonts of the characters at some places of the text, by their addresses."""
        return each_of("FPDFTextObj_GetFont", self._characters.texts_at(self._characters.at(places)))

    def fractions(
        self, own: Sequence[_Span], lines: Sequence[Line], over: Sequence[Shape]
    ) -> Iterator[tuple[int, Sequence[Line]]]:
        """The lines that end above the bar of a fraction, each with what stands under it, and what is left of the next lines."""
        for at, bar in fractions(lines, over):
            above, below = own[at], own[at + 1]
            part = lines[at + 1].text.split(None, 1)[0]
            if None in (above.offset, below.offset) or any(len(one.text) != _units(one.text) for one in (above, below)):
                continue
            ends = range(max(above.first, above.last - LONGEST_PART), above.last + 1)
            upper = [box for box in self._boxes_at(ends) if box[0] >= bar.left - BESIDE]
            lower = self._boxes_at(range(below.first, below.first + len(part)))
            size = max(self._characters.sizes(self._characters.at([below.first, ends[-1]])))
            if not upper or size > SMALLER * lines[at].size:
                continue
            if not is_bar(bar, (upper[0][0], upper[-1][2]), (lower[0][0], lower[-1][2])):
                continue
            if whole := put(above.text[: above.last + 1 - (above.offset or 0)], len(upper), part):
                yield at, [lines[at]._replace(text=whole, right=bar.right)]
                yield at + 1, self._behind(below, part)

    def _boxes_at(self, places: Sequence[int]) -> list[list[float]]:
        found: list[list[float]] = self._characters.boxes(self._characters.at(places)).tolist()
        return found

    def _behind(self, span: _Span, part: str) -> list[Line]:
        """The line that is left behind its first word, if there is any."""
        at = span.text.index(part) + len(part)
        rest = span.text[at:]
        if not rest.strip():
            return []
        start = (span.offset or 0) + at + len(rest) - len(rest.lstrip())
        return self.lines([_Span(rest.lstrip(), start, span.last)])

    def uncounted(self, span: _Span, line: Line) -> Iterator[Line]:
        """A line without the number of it that stands in the margin; nothing where the number is all."""
        text, _, last, offset = span
        words = [match.start() for match in _WORDS.finditer(text)][1:2]
        if offset is None or len(text) != _units(text):
            yield line
        elif words:
            yield from self.lines([_Span(text[words[0] :], offset + words[0], last, offset + words[0])])

    def accented(self, span: _Span) -> _Span:
        """A line with the accents that the file draws by themselves on their letters; it ends with the last of those."""
        text, first, last, offset = span
        if offset is None or len(text) != _units(text):
            return span
        signs = [at for at in range(first - offset, last - offset + 1) if not text[at].isspace()]
        places = self._characters.at([offset + at for at in signs])
        boxes = dict(zip(signs, self._characters.boxes(places).tolist(), strict=True))
        if not (found := accents(text, boxes)):
            return span
        moved = {accent.sign for accent in found}
        kept = [at for at in signs if at not in moved]
        return _Span(composed(text, found, boxes), offset + kept[0], offset + kept[-1])

    def raised(self, span: _Span) -> _Span:
        """A line with its exponents raised."""
        text, offset = span.text, span.offset
        if offset is None or len(text) != _units(text):
            return span

        def signs_at(places: Sequence[int]) -> list[Sign]:
            signs = self._characters.at([offset + at for at in places])
            bases = self._characters.origins(signs)[:, 1].tolist()
            return list(map(Sign, bases, self._characters.sizes(signs)))

        return span._replace(text=raised(text, signs_at))

    def _end_of_bold(self, text: str, offset: int, first: int, last: int) -> int | None:
        """Where the bold beginning of a line ends; None when the line is bold to its end."""
        if not text.isascii() and len(text) != _units(text):
            return None  # places would have to be counted in units; such a line is no heading worth it
        low, high = first, last
        if self._is_bold(self._char(offset + last)):
            return None
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (middle, high) if self._is_bold(self._char(offset + middle)) else (low, middle)
        return low + 1

    def _char(self, place: int) -> int:
        return self._characters.at([place])[0]

    def lines(self, spans: Sequence[_Span]) -> list[Line]:
        """The lines of some spans, as they are."""
        return list(self._lines(spans))

    def _lines(self, spans: Sequence[_Span]) -> Iterator[Line]:
        ask = self._characters
        starts = ask.at([span.first for span in spans])
        ends = list(map(max, starts, ask.at([span.last for span in spans])))
        middles = [(start + end) // 2 for start, end in zip(starts, ends, strict=True)]
        count, origins = len(spans), ask.origins([*starts, *ends]).tolist()
        begins, bottoms = origins[:count], [bottom for _, bottom in origins[count:]]
        rights = ask.boxes(ends)[:, 2].tolist()
        # The first character may be a raised mark, those behind it small capitals or code: the largest tells.
        of_all = ask.sizes([*starts, *middles, *ends])
        sizes = map(max, of_all[:count], of_all[count : 2 * count], of_all[2 * count :])
        painted = ask.texts_at(starts)
        for span, own, font, middle, end, (left, top), bottom, right, size in zip(
            spans, painted, self._fonts_of(painted), middles, ends, begins, bottoms, rights, sizes, strict=True
        ):
            text, is_inner = span.text, self._own is not None and own not in self._own
            face = self._face(font, middle, end) if font.face else ""
            bold = font.is_bold and len(text) <= _SHORT
            yield Line(text, left, max(left, right), top, bottom, size, bold, face=face, inner=is_inner)

    def _face(self, first: _Font, middle: int, end: int) -> Face:
        """The face of a line that begins in a font, if its middle has it, too; typewriter only where all of it has it.

        A space that no letter of the file stands for has no font; there the end of the line tells.
        """
        places = [middle, end] if first.face == "mono" else [middle]
        others = list(self._fonts_of(self._characters.texts_at(places)))
        if others[0] is _UNKNOWN_FONT:
            others = [self._font_at(end)]
        return first.face if all(other.face == first.face for other in others) else ""

    def _is_bold(self, place: int) -> bool:
        return self._font_at(place).is_bold

    def _font_at(self, place: int) -> _Font:
        return next(self._fonts_of(self._characters.texts_at([place])))

    def _fonts_of(self, texts: Sequence[int]) -> Iterator[_Font]:
        """The fonts of some texts, by their addresses; each is asked for its name once."""
        for font in each_of("FPDFTextObj_GetFont", texts):
            if font not in self._fonts:
                self._fonts[font] = self._named(font)
            yield self._fonts[font]

    def _named(self, font: int) -> _Font:
        length = call.FPDFFont_GetBaseFontName(font, self._name, len(self._name))
        return _font_of(self._name.value) if 0 < length <= len(self._name) else _UNKNOWN_FONT


class _Font(NamedTuple):
    is_bold: bool
    face: Face


_UNKNOWN_FONT = _Font(False, "")


@lru_cache(FONTS_HELD)
def _font_of(name: bytes) -> _Font:
    """What a font's name says of it."""
    face: Face = "mono" if _MONO.search(name) else "sans" if _SANS.search(name) else ""
    return _Font(bool(_BOLD.search(name)), face)


def _outline(document: pdfium.PdfDocument) -> Iterator[OutlineEntry]:
    """The file's own outline; a damaged one is no reason to lose the paper, sizes tell headings too."""
    try:
        for bookmark in document.get_toc(max_depth=6):
            target = bookmark.get_dest()
            index = target.get_index() if target else None
            yield OutlineEntry(bookmark.get_title(), bookmark.level + 1, None if index is None else index + 1)
    except pdfium.PdfiumError:
        return


# --- pypdf ----------------------------------------------------------------------------------------


def _second_reader(data: bytes, refusal: str) -> PaperText:
    """What pypdf can still read of a file that pdfium refuses; without boxes, so without columns."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        _refuse_too_many(len(reader.pages))
        pages = [page.extract_text() for page in reader.pages]
    except ReadError:
        raise
    except Exception as error:  # noqa: BLE001  # pypdf raises anything on broken files, by its own word
        reason = str(error) or type(error).__name__
        raise ReadError(f"no reader can open the PDF; pdfium: {refusal}; pypdf: {reason}") from None
    _refuse_pictures(sum(map(len, pages)), len(pages))
    return assemble(
        list(blocks_without_layout(pages)),
        reader=readers.SECOND_PDF,
        title=None,
        page_count=len(pages),
        warnings=(
            "pdfium refused the file; pypdf read it, without columns and headings; hidden text could not be looked for",
        ),
    )
