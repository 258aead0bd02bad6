"""The text of aliases.toml goes in, a way to tell that two names are the same comes out.

Capitals, hyphens, spaces and a plural never tell two names apart; marks that
do (the point of "1.5", the plus of "C++") stay. What else a thing is called
only people know: they write it down, name by name.

    COCO = ["MS COCO", "Microsoft COCO"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey_extract.core.inputs.toml_words import toml_fault
from survey_extract.core.words.tokens import folded
from survey_extract.errors import BadFields

FILE = "aliases.toml"


@dataclass(frozen=True, slots=True)
class Aliases:
    """Names by what they are called; without a list each is its folded self."""

    known: Mapping[str, str] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """What is the same for all that one thing is called."""
        plain = folded(name)
        return self.known.get(plain, plain)


NO_ALIASES = Aliases()
"""The list of a survey that keeps none."""


def parse_aliases(text: str) -> Aliases:
    """Read the list.

    Raises:
        BadFields: no TOML, no list of names, or a name that would mean two things; the message names the line.
    """
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadFields(toml_fault(FILE, error)) from None
    except RecursionError:
        raise BadFields(f"{FILE}: nested too deeply to be a list of names") from None
    known: dict[str, str] = {}
    for name, others in entries.items():
        if not isinstance(others, list) or not all(isinstance(other, str) and folded(other) for other in others):
            raise _bad(text, name, f'a line must be {name} = ["another name", "a third one"]')
        for form in _forms(name, others):
            if known.setdefault(form, folded(name)) != folded(name):
                raise _bad(text, name, f"{name!r} shares a name with {known[form]!r}: a name can mean only one thing")
    return Aliases(known)


def _forms(name: str, others: Iterable[str]) -> set[str]:
    return {folded(form) for form in (name, *others)}


def _bad(text: str, name: str, why: str) -> BadFields:
    lines = text.splitlines()
    at = next((at for at, line in enumerate(lines, 1) if line.lstrip().lstrip("\"'").startswith(name)), 1)
    return BadFields(f"{FILE}:{at}: {why}")
