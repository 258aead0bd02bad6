"""A folder of PDFs goes in; how true the reading of each is, by means that do not ask the reader, comes out.

    python benchmarks/reading.py ../shared/papers
    python benchmarks/reading.py --times ../shared/papers       the times alone, by paper
    python benchmarks/reading.py --mathematics FOLDER           how alike texts are to the words set (mathematics.py)

What each figure means stands in docs/reading.md. The papers of ``HELD_OUT``
were not looked at while the reader was written; they are summed up apart.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import pypdfium2 as pdfium
from mathematics import print_alike
from pypdfium2 import raw
from read import bare_pdfium, bare_pypdf, best, ours, plain, trusting

from survey_extract.adapters.pdf.objects import painted
from survey_extract.adapters.pdf.reader import _outline, printed_pages, read_pdf
from survey_extract.adapters.pdf.shapes import drawn
from survey_extract.core.paper_text import PaperText
from survey_extract.core.quote_spans import Letters
from survey_extract.core.reading.areas import LEAST_HEIGHT, LEAST_WIDTH, Shape
from survey_extract.core.reading.headings import _heading_key
from survey_extract.core.reading.joins import false_runs
from survey_extract.core.reading.plain_text import HYPHEN_MARK, clean, mend_hyphens, vocabulary

HELD_OUT = frozenset({"1512.04469v1", "2106.09685v2", "2303.15389v1", "2304.10592v2", "2305.06500v2"})
ROUNDS = 3

_CAPTION = re.compile(r"^(Figure|Fig\.|Table|Algorithm|Listing|Abb\.|Tabelle)\s*(\d{1,3})\s*[.:]", re.MULTILINE)
_BROKEN = re.compile(rf"(?<![^\W_])([^\W\d_]+)-?{HYPHEN_MARK}(?:\r\n)?([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted in one paper."""

    citable: int = 0
    joined: int = 0
    """Citable sentences that are no run of the page, before the reader's own check keeps them out."""
    shown: int = 0
    """The same, behind it."""
    body: int = 0
    placed: int = 0
    """Body sentences whose place on the page was found, and of these, ``running``, those of the running text."""
    running: int = 0
    captions: int = 0
    kept: int = 0
    entries: int = 0
    headed: int = 0
    """Entries of the outline that are headings of the text."""
    extra: int = 0
    """Numbered headings of a depth that the outline has, which it does not hold."""
    broken: int = 0
    glued: int = 0
    """Words broken at a line end, and those joined that stand elsewhere with a hyphen or apart, and nowhere as one."""
    rows: int = 0
    unread: int = 0
    """Rows of tables that are citable, and those that are in print and were counted only."""

    def __add__(self, other: Measured) -> Measured:
        return Measured(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Forms:
    """How words stand in all papers: as one, with a hyphen, one behind the other."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, papers: Sequence[Sequence[str]]) -> Forms:
        words: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        for text in (clean(_BROKEN.sub(" | ", page)).lower() for pages in papers for page in pages):
            found = _WORD.findall(text)
            words.update(found)
            pairs.update(pairwise(found))
            pairs.update((a, b) for word in found if "-" in word for a, b in pairwise(word.split("-")))
        return cls(frozenset(words), frozenset(pairs))


def measured(data: bytes, pages: Sequence[str], forms: Forms) -> Measured:
    """All counts of one paper."""
    reader = "survey_extract.adapters.pdf.reader"
    with (
        patch(f"{reader}.without_false_runs", lambda _, text: text),
        patch(f"{reader}.without_false_rows", lambda _, tables: tables),
    ):
        unchecked = read_pdf(data)
    text = read_pdf(data)
    with closing(pdfium.PdfDocument(data)) as document:
        places = [place for page in range(len(document)) for place in _places(document, page, text)]
        entries, headed, extra = _headings(document, text)
    captions = _labels(pages)
    kept = _labels([text.quote(sentence) for sentence in text.sentences if sentence.kind == "caption"])
    broken = [(m[1], m[2]) for page in pages for m in _BROKEN.finditer(page)]
    words = vocabulary(clean(page) for page in pages)
    return Measured(
        len(text.citable()),
        len(false_runs(pages, unchecked)),
        len(false_runs(pages, text)),
        sum(sentence.kind == "body" for sentence in text.sentences),
        len(places),
        sum(places),
        len(captions),
        len(captions & kept),
        entries,
        headed,
        extra,
        len(broken),
        sum(_is_glued(left, right, words, forms) for left, right in broken),
        sum(len(table.rows) for table in text.tables),
        sum(table.abstained for table in text.tables),
    )


def _labels(texts: Sequence[str]) -> set[str]:
    return {match[1] + match[2] for text in texts for match in _CAPTION.finditer(text.replace("\r\n", "\n"))}


def _is_glued(left: str, right: str, words: frozenset[str], forms: Forms) -> bool:
    mended = mend_hyphens(f"{left}{HYPHEN_MARK}{right}", words).lower()
    apart = (left.lower(), right.lower()) in forms.pairs
    return mended == (left + right).lower() and apart and mended not in forms.words


def _places(document: pdfium.PdfDocument, index: int, text: PaperText) -> Iterator[bool]:
    """For each body sentence of a page that is found there, whether it is of the running text.

    It is, where it begins in a size of the text and in no frame, on no ground,
    on no picture and in no drawing within the page.
    """
    body = [s for s in text.sentences if s.page == index + 1 and s.kind == "body"]
    with closing(document[index]) as page, closing(page.get_textpage()) as text_page:
        letters, shown = Letters(text_page.get_text_range()), drawn(painted(page))
        boxes = [box for box in shown.shapes if _holds_lines(box, page)]
        for sentence in body:
            span = next(letters.spans(text.quote(sentence)), None)
            if span is None:
                continue
            place = raw.FPDFText_GetCharIndexFromTextIndex(text_page.raw, span[0])
            left, bottom, right, top = text_page.get_charbox(place)
            x, y = (left + right) / 2, (bottom + top) / 2
            yield not any(box.left <= x <= box.right and box.bottom <= y <= box.top for box in boxes)


def _holds_lines(box: Shape, page: pdfium.PdfPage) -> bool:
    width, height = page.get_size()
    large = box.width >= LEAST_WIDTH and box.height >= LEAST_HEIGHT
    return box.kind != "rule" and large and box.width * box.height < 0.6 * width * height


def _headings(document: pdfium.PdfDocument, text: PaperText) -> tuple[int, int, int]:
    """Entries of the outline, those that are headings, and numbered headings that it should hold and does not."""
    entries = [entry for entry in _outline(document) if _heading_key(entry.title)]
    wanted = {_heading_key(entry.title) for entry in entries}
    found = {_heading_key(section.title) for section in text.sections[1:]}
    deepest = max((entry.level for entry in entries), default=0)
    numbered = [s for s in text.sections[1:] if s.level <= deepest and re.match(r"\d|[A-Z]\.? ", s.title)]
    extra = sum(not any(key.startswith(_heading_key(s.title)) for key in wanted) for s in numbered)
    headed = sum(any(key.startswith(other) and len(other) > 3 for other in found) for key in wanted)
    return len(wanted), headed, extra if entries else 0


def told(name: str, counts: Measured) -> str:
    """One line of the table."""
    return (
        f"{name:14} {counts.citable:6} {counts.joined:6} {counts.shown:6}   {_share(counts.running, counts.placed):>6} "
        f"  {counts.kept:4}/{counts.captions:<4}  {counts.headed:4}/{counts.entries:<4} {counts.extra:5}   {counts.glued:4}/{counts.broken:<4}"
        f"  {counts.rows:5} {counts.unread:5}"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "-"


def main(folder: Path, *, times_alone: bool) -> None:
    """Print a line a paper, two sums, and the time."""
    files = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.pdf"))}
    if not files:
        sys.exit(f"no PDF in {folder}")
    if times_alone:
        _print_times(files, by_paper=True)
        return
    pages = {name: printed_pages(data) for name, data in files.items()}
    forms = Forms.of(list(pages.values()))
    print("paper         citable joined  shown  running   captions    outline extra  glued/broken  rows unread")
    counts = {name: measured(data, pages[name], forms) for name, data in files.items()}
    for name, paper in counts.items():
        print(told(name + ("*" if name in HELD_OUT else ""), paper))
    print(told("seen", sum((c for n, c in counts.items() if n not in HELD_OUT), Measured())))
    print(told("held out (*)", sum((c for n, c in counts.items() if n in HELD_OUT), Measured())))
    _print_times(files, by_paper=False)


def _print_times(files: Mapping[str, bytes], *, by_paper: bool) -> None:
    """Milliseconds of the processor a page: each file by each reader, turn by turn, so that a noisy machine is noisy for each."""
    readers = {"bare pdfium": bare_pdfium, "no look, rows": plain, "no look": trusting, "ours": ours}
    seconds, pages = dict.fromkeys(readers, 0.0), 0
    if by_paper:
        print(f"{'ms a page':14}" + "".join(f"{name:>15}" for name in readers))
    for paper, data in files.items():
        rounds = [{name: best(read, [data]) for name, read in readers.items()} for _ in range(ROUNDS)]
        least, count = {name: min(each[name] for each in rounds) for name in readers}, len(printed_pages(data))
        if by_paper:
            print(f"{paper:14}" + "".join(f"{1000 * time / count:15.2f}" for time in least.values()))
        seconds, pages = {name: time + least[name] for name, time in seconds.items()}, pages + count
    seconds["bare pypdf"] = best(bare_pypdf, list(files.values()))
    for name, time in seconds.items():
        print(f"{name:13} {1000 * time / pages:7.2f} ms a page   {time / seconds['bare pdfium']:5.2f} x pdfium")


if __name__ == "__main__":
    folders = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    given = Path(folders[0] if folders else "../shared/papers")
    if "--mathematics" in sys.argv:
        print_alike(given)
    else:
        main(given, times_alone="--times" in sys.argv)
