"""A value goes in, the phrases that it gives as somebody's own words come out: what stands in quotation marks and is no mere name.

Whoever quotes says that these words stand there. So they are looked for letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey_extract.core.words.tokens import fold, tokens

_QUOTED = re.compile(
    r"(?<!\w)[\"\u201c\u201d\u201e\u00ab]\s?(?P<words>[^\"\u201c\u201d\u201e\u00ab\u00bb\n]{1,400}?)\s?[\"\u201c\u201d\u00bb](?!\w)"
)
_LEFT_OUT = re.compile(r"\[[^\[\]]{0,80}\]|\u2026|\.\.\.")
SHORTEST = 3
"""Words of a phrase that is a quotation: fewer may be a name, or a word that the value does not mean."""


def quotations(value: str) -> Iterator[tuple[str, str]]:
    """Each phrase as it stands, and its letters as they are looked for; what is left out of one parts it: "[\u2026]"."""
    for match in _QUOTED.finditer(value):
        for phrase in _LEFT_OUT.split(match["words"]):
            words = [fold(token.text) for token in tokens(phrase) if token.kind != "mark"]
            if len(words) >= SHORTEST:
                yield phrase.strip(" ,.;:"), "".join(words)
