"""A folder of PDFs goes in, each with its words in a text file beside it; how alike each reader's text is comes out.

    python benchmarks/reading.py --mathematics FOLDER

``NAME.txt`` holds what ``NAME.pdf`` has in print, in the order in which people
read it. Likeness is twice the characters that two texts have in common in one
order, over all their characters (Levenshtein's ratio). It is given twice: white
space aside, and with each run of it as one space. Leaders, as in a table of
contents, count for nothing, and what stands in for a formula or code is no
character of the page.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

import pypdf
import pypdfium2 as pdfium
from rapidfuzz.distance import Indel

from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.reading.sentences import LEFT_OUT

_LEADERS = re.compile(r"(?:[.·]\s*){4,}")


def ours(data: bytes) -> str:
    """The text as it is stored and shown."""
    return "\n".join(read_pdf(data).pages)


def bare_pdfium(data: bytes) -> str:
    """What pdfium gives for each page, one after the other."""
    pages = list[str]()
    with closing(pdfium.PdfDocument(data)) as document:
        for page in document:
            with closing(page), closing(page.get_textpage()) as text_page:
                pages.append(text_page.get_text_range())
    return "\n".join(pages)


def bare_pypdf(data: bytes) -> str:
    """The same of pypdf."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


READERS: Mapping[str, Callable[[bytes], str]] = MappingProxyType(
    {"ours": ours, "pdfium": bare_pdfium, "pypdf": bare_pypdf}
)


def folded(text: str) -> str:
    """A text by which two are compared: ligatures and the like by their letters, each run of white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", _LEADERS.sub(" ", LEFT_OUT.sub(" ", text))).split())


def alike(text: str, truth: str) -> tuple[float, float]:
    """How alike two texts are, white space aside and with it."""
    one, other = folded(text), folded(truth)
    without = Indel.normalized_similarity(one.replace(" ", ""), other.replace(" ", ""))
    return without, Indel.normalized_similarity(one, other)


def print_alike(folder: Path) -> None:
    """Print a line for each PDF that has its words beside it."""
    print(f"{'':22}" + "".join(f"{name:>18}" for name in READERS))
    for path in sorted(folder.glob("*.pdf")):
        words = path.with_suffix(".txt")
        if words.exists():
            data, truth = path.read_bytes(), words.read_text()
            found = [alike(read(data), truth) for read in READERS.values()]
            print(f"{path.stem:22}" + "".join(f"    {without:.4f} {within:.4f}" for without, within in found))
