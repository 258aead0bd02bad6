"""A line goes in, whether it begins the caption of a figure, table, algorithm or listing comes out."""

from __future__ import annotations

import re

from survey_extract.core.reading.lines import Line, Measure

_LABEL = r"^(?:figure|fig\.?|table|tab\.?|algorithm|listing|abbildung|abb\.?|tabelle)\s*(?:\d{1,3}(?:\.\d{1,2})?|[A-Z]\.?\d{0,3}|[IVX]{1,6})"

CAPTION = re.compile(_LABEL + r"\s*(?:\([a-z]\)\s*)?(?:[.:|]|[-–—]\s)", re.IGNORECASE)

PLAIN_CAPTION = re.compile(_LABEL + r"\s*(?:\([a-z]\)\s*)?(?:$|\s{1,4}(?=(?-i:[^\W\d_a-z])))", re.IGNORECASE)
"""Without a mark behind its label: a caption where its type is not that of the running text."""

_PART = re.compile(r"^\([a-h]\)\s+\S")


def is_of_part(text: str) -> bool:
    """Whether a text begins as the caption of a part, "(b) Boats at sea", and is not a row that two figures end."""
    return _PART.match(text) is not None and not all(any(map(str.isdigit, word)) for word in text.split()[-2:])


def heads_float(line: Line, measure: Measure) -> bool:
    """Whether a line looks like the start of a caption, or of that of a part."""
    text = line.text.strip()
    return bool(CAPTION.match(text) or (line.size < measure.size - 0.4 and is_of_part(text)))
