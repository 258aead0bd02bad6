"""Papers go in; how often a figure is flagged that is cited from a row under another header than its own, and how often under its own.

    python benchmarks/cited_cells.py ../shared/papers

Of every row that may be evidence, the first cells that are numbers each make
three kinds of values: the figure with its own headers ("It reaches 76.64 on
VQA test-dev."), with the row's label alone, and with the label and the headers
of another cell. The last should be flagged, the others not. Headers are named
as they are printed; a person who writes them otherwise is flagged more often.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from survey_extract.adapters.fields_toml import default_fields
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.check.check import check
from survey_extract.core.evidence import pointer
from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.records import Place
from survey_extract.core.tables.figures import number_of
from survey_extract.core.tables.table import Row, TableCell

CELLS = 6
"""Cells of a row that are tried, each with each other."""


def values(row: Row) -> Iterator[tuple[str, TableCell, str]]:
    """Kind, cell and value."""
    numbers = [cell for cell in row.cells if cell.header and number_of(cell.value) is not None][:CELLS]
    for cell in numbers:
        yield "its own header", cell, f"It reaches {cell.value} on {' '.join(cell.header)}."
        yield "the label alone", cell, f"{row.label} reaches {cell.value}."
    for cell, other in permutations(numbers, 2):
        if other.header != cell.header and number_of(other.value) != number_of(cell.value):
            yield "another header", cell, f"{row.label} reaches {cell.value} on {' '.join(other.header)}."


def place_of(text: PaperText, sentence: Sentence, cell: TableCell, value: str) -> Place | None:
    """Where the check finds the cell's figure; None where it takes it for no figure."""
    spec = next(spec for spec in default_fields().asked if spec.type == "text")
    figure = cell.value.partition("±")[0].strip().rstrip("%*†").lstrip("-−")
    terms = check(spec, value, (pointer(text, sentence),), text).terms
    return next((term.place for term in reversed(terms) if term.text.startswith(figure)), None)


def main(folder: Path) -> None:
    """Print a line for each kind of value."""
    flagged, tried = Counter[str](), Counter[str]()
    for path in sorted(folder.glob("*.pdf")):
        text = read_pdf(path.read_bytes())
        for sentence in text.sentences:
            found = text.row(sentence)
            for kind, cell, value in values(found[1]) if found else ():
                place = place_of(text, sentence, cell, value)
                tried[kind] += place is not None
                flagged[kind] += place not in (None, "in evidence")
    for kind, count in tried.items():
        print(f"{kind:16} {flagged[kind]:6} of {count:6} flagged")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/papers"))
