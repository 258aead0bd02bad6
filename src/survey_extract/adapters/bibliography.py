"""The text of a BibTeX file goes in, its entries with their lines come out; what cannot be read is an entry with a fault."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from survey_extract.core.lists.entries import BibEntry

if TYPE_CHECKING:
    from bibtexparser.model import Entry as Read
    from bibtexparser.model import ParsingFailedBlock


def bib_entries(text: str) -> tuple[BibEntry, ...]:
    """The entries in their order, in plain characters: without LaTeX's braces and accents."""
    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it logs what it gives back as well
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    library = parse_string(text)
    found = [*map(_entry, library.entries), *map(_failed, library.failed_blocks)]
    return tuple(sorted(found, key=lambda entry: entry.line))


def _failed(block: ParsingFailedBlock) -> BibEntry:
    """What its reader would not take: an entry whose key was there before is one to us all the same."""
    from bibtexparser.model import Entry as Read

    if isinstance(block.ignore_error_block, Read):
        return _entry(block.ignore_error_block)
    line = 1 + (block.start_line or 0)
    return BibEntry(line, "", {}, "the entry cannot be read: its braces, quotes or commas do not match")


def _entry(read: Read) -> BibEntry:
    fields = {name.casefold(): _bare(str(field.value)) for name, field in read.fields_dict.items()}
    if "title" in fields:
        fields["title"] = _plain(fields["title"])
    return BibEntry(1 + (read.start_line or 0), read.key, fields)


def _bare(value: str) -> str:
    """A value without what encloses it, which stands where the reader gave up on an entry."""
    return value[1:-1] if value[:1] + value[-1:] in ("{}", '""') else value


def _plain(latex: str) -> str:
    """A title as it is printed; one that is nested deeper than any title is has only its signs taken out."""
    from pylatexenc.latex2text import LatexNodes2Text

    try:
        return str(LatexNodes2Text(keep_braced_groups=False, math_mode="verbatim").latex_to_text(latex))
    except RecursionError:
        return re.sub(r"[{}\\]", "", latex)
