"""The text of a BibTeX file goes in, its entries with their lines come out; what cannot be read is an entry with a fault."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from survey_extract.core.lists.entries import Entry

if TYPE_CHECKING:
    from bibtexparser.model import Entry as Read


def bib_entries(text: str) -> tuple[Entry, ...]:
    """The entries in their order, in plain characters: without LaTeX's braces and accents."""
    import bibtexparser

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it logs what it gives back as well
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    library = bibtexparser.parse_string(text)
    found = [_entry(entry) for entry in library.entries]
    found += [Entry(block.start_line + 1, "", {}, _fault(str(block.error))) for block in library.failed_blocks]
    return tuple(sorted(found, key=lambda entry: entry.line))


def _entry(read: Read) -> Entry:
    fields = {name.casefold(): str(field.value) for name, field in read.fields_dict.items()}
    if "title" in fields:
        fields["title"] = _plain(fields["title"])
    return Entry(read.start_line + 1, read.key, fields)


def _plain(latex: str) -> str:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(keep_braced_groups=False, math_mode="verbatim").latex_to_text(latex)


def _fault(error: str) -> str:
    return f"the entry cannot be read: {' '.join(error.split()) or 'its braces do not match'}"
