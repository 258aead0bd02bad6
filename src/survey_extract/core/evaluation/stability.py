"""Two answers to one question go in; marks come out for what both have: the value, a sentence, and the share of their sentences.

The last one, over one cell, is the Jaccard index of its two sets of sentences:
those in both, of those in either. P. Jaccard, "The distribution of the flora in
the alpine zone", New Phytologist 11 (1912), 37-50.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey_extract.core.evaluation.judging import Mark, Marks, Measure
from survey_extract.core.records import Evidence


def again_marks(is_same: bool, first: Sequence[Evidence], second: Sequence[Evidence]) -> Marks:
    """Marks of one cell. Sentences are compared where both answers have some."""
    made: dict[Measure, Mark] = {"same again": Mark(int(is_same), 1)}
    one, other = ({item.sha256 for item in evidence} for evidence in (first, second))
    if one and other:
        made["sentence again"] = Mark(int(bool(one & other)), 1)
        made["sentences again"] = Mark(len(one & other), len(one | other))
    return made
