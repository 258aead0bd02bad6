"""The runs of characters that no reader of a page sees go in; whether words are concealed in them comes out.

Figures shed crumbs that nobody sees: ticks of an axis, a letter at an edge, a
label drawn twice. Whoever speaks to a model needs words. Only those are worth
a warning; the crumbs are recorded as notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LEAST_WORDS = 3
"""Different words of two letters and more in one run."""
LEAST_SCATTERED = 8
"""Different words of three letters and more in all runs together."""
LONG_WORD = 16
"""Letters; a word of that many in one piece may be a sentence without its spaces."""
LETTER_BY_LETTER = 16
"""Single letters in one run, as of words with a space behind each letter."""
LEAST_IDEOGRAPHS = 4
"""Characters of scripts that set no spaces between words."""

_WORD = re.compile(r"[^\W\d_]+")
_IDEOGRAPH = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def holds_words(runs: Iterable[str]) -> bool:
    """Whether somebody who reads all that is concealed reads words, and not crumbs of figures."""
    scattered: set[str] = set()
    for run in runs:
        words = _WORD.findall(run.lower())
        if len(_whole({word for word in words if len(word) > 1})) >= LEAST_WORDS or any(
            len(w) >= LONG_WORD for w in words
        ):
            return True
        singles = [word for word in words if len(word) == 1]
        if len(_IDEOGRAPH.findall(run)) >= LEAST_IDEOGRAPHS or (
            len(singles) >= LETTER_BY_LETTER and len(set(singles)) >= LETTER_BY_LETTER // 2
        ):
            return True
        scattered |= {word for word in words if len(word) > 2}
    return len(_whole(scattered)) >= LEAST_SCATTERED


def _whole(words: set[str]) -> set[str]:
    """The words without those that are another's beginning: a label drawn twice leaves parts of itself."""
    return {word for word in words if not any(other != word and other.startswith(word) for other in words)}
