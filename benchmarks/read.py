"""A folder of PDFs goes in; the time to read them, against bare pdfium and bare pypdf, comes out.

    python benchmarks/read.py ../shared/papers

All of them read the same bytes in the same process, turn by turn, so that a
noisy machine is noisy for each of them; the best of the rounds counts, in time
of the processor. "Bare"
is the text of every page and nothing more; "trusting" adds boxes, columns,
headings and sentences; "ours" keeps out the words that nobody sees, too, for
which the pages that could conceal any are drawn.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pypdf
import pypdfium2 as pdfium

from survey_extract.adapters.pdf.hidden import NOTHING, Hidden
from survey_extract.adapters.pdf.reader import read_pdf

ROUNDS = 5


def bare_pdfium(data: bytes) -> int:
    """Characters of all pages, by pdfium alone."""
    document, total = pdfium.PdfDocument(data), 0
    for page in document:
        text_page = page.get_textpage()
        total += len(text_page.get_text_range())
        text_page.close()
        page.close()
    document.close()
    return total


def bare_pypdf(data: bytes) -> int:
    """Characters of all pages, by pypdf alone."""
    return sum(len(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def trusting(data: bytes) -> int:
    """The same as ``ours``, without looking for hidden text."""
    with patch.object(Hidden, "characters", lambda *_: NOTHING):
        return ours(data)


def plain(data: bytes) -> int:
    """The same as ``trusting``, without the rows of tables."""
    with patch("survey_extract.adapters.pdf.reader.page_tables", lambda *_: []):
        return trusting(data)


def ours(data: bytes) -> int:
    """Characters of all pages, with sections and sentences."""
    return sum(map(len, read_pdf(data).pages))


def best(read: Callable[[bytes], int], files: list[bytes]) -> float:
    """Seconds of the processor for all files, once."""
    start = time.process_time()
    for data in files:
        read(data)
    return time.process_time() - start


def main(folder: Path) -> None:
    files = [path.read_bytes() for path in sorted(folder.glob("*.pdf"))]
    if not files:
        sys.exit(f"no PDF in {folder}")
    pages = sum(len(pdfium.PdfDocument(data)) for data in files)
    seconds = {read.__name__: [best(read, files)] for read in (bare_pdfium, trusting, ours)}
    for _ in range(ROUNDS - 1):
        for read in (bare_pdfium, trusting, ours):
            seconds[read.__name__].append(best(read, files))
    seconds["bare_pypdf"] = [best(bare_pypdf, files)]
    base = min(seconds["bare_pdfium"])
    print(f"{len(files)} files, {pages} pages; best of {ROUNDS} rounds (pypdf: one)")
    for name, times in seconds.items():
        print(
            f"{name:12} {min(times):7.2f} s   {1000 * min(times) / pages:7.2f} ms a page   {min(times) / base:5.2f} x pdfium"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/papers"))
