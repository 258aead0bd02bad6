"""What a file's own metadata say of it goes in; authors, date and DOI come out as far as they can be meant.

Metadata are written by programs: the name of the machine's owner, of the program
itself, the day on which the file was saved. What looks like one of those is none,
and what is left was checked by nobody: whoever shows it says that the file states it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from survey_extract.core.paper_text import StatedFacts
from survey_extract.core.reading.plain_text import clean
from survey_extract.core.reading.title import is_order

MOST = 60
"""Authors; more are a list of something else."""
LONGEST = 80
"""Characters of a name."""
EARLIEST, LATEST = 1970, 2099
"""The years that a file of today may state; clocks begin with 1904, 1970 and 1980, on their first of January."""
_CLOCKS = ("1904-01-01", "1970-01-01", "1980-01-01", "1601-01-01", "2000-01-01")

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>{}|\\^`]+")
_PDF_DATE = re.compile(r"^\s*(?:D:)?(\d{4})(\d\d)?(\d\d)?(?:\d{6})?(?:[Zz+\-'].*)?$")
_DATE = re.compile(r"^\s*(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?![\d-])")
_PARTS = re.compile(r"\s*(?:;|\band\b|&|\r|\n)\s*")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[- ]?){1,3}")
_NO_PERSON = re.compile(
    r"\b(?:microsoft|word|powerpoint|adobe|acrobat|distiller|indesign|framemaker|tex|latex|pdftex|xetex|luatex|hyperref|ghostscript|quartz"
    r"|openoffice|libreoffice|writer|pages|canva|google|docs?|skia|chrome|chromium|wkhtmltopdf|prince|pandoc|quarto|markdown|wordpress|ghost"
    r"|hugo|jekyll|docutils|sphinx|reportlab|itext|fpdf\d?|pypdf\d?|pdf|arbortext|antenna|macos|windows|user|users|admin|administrator|root|owner"
    r"|author|authors|unknown|anonymous|anonym|unbekannt|utilisateur|benutzer|guest|default|editor|editorial|staff|team|redaktion|webmaster"
    r"|test|none|null|nobody|name|your|dell|lenovo|acer|asus|hp|university|universität|université|universidad|department|institute|institut"
    r"|laboratory|press|publisher|publishing|publications|verlag|elsevier|springer|wiley|ieee|acm|inc|ltd|llc|gmbh|corp|corporation|company"
    r"|journal|proceedings|conference|version|draft|copyright|all rights reserved|untitled|producer|creator|blog)\b",
    re.IGNORECASE,
)
"""Words of programs, machines, offices and forms, which stand where an author should."""


def stated_facts(
    authors: Iterable[str], dates: Iterable[str], identifiers: Iterable[str], not_people: Iterable[str]
) -> StatedFacts:
    """What is left of all of it. ``not_people`` are the programs and the title that the same metadata name.

    Of several dates the first one that can be meant counts.
    """
    others = {_folded(text) for text in not_people if text}
    people = list(dict.fromkeys(name for text in authors for name in _people(clean(text)) if _is_person(name, others)))
    return StatedFacts(
        authors=tuple(people) if len(people) <= MOST else (),
        date=next((found for text in dates if (found := _date(text))), None),
        doi=next((found for text in identifiers if (found := _doi(text))), None),
    )


def _people(text: str) -> Iterator[str]:
    """The names in an entry: parted by semicolons or "and", by commas only where no comma can stand within a name."""
    for part in _PARTS.split(text):
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        if len(pieces) > 1 and all(" " in piece for piece in pieces):
            yield from pieces
        elif len(pieces) == 2:
            yield ", ".join(pieces)
        elif len(pieces) > 2 and len(pieces) % 2 == 0 and all(map(_INITIALS.fullmatch, pieces[1::2])):
            yield from (", ".join(pair) for pair in zip(pieces[::2], pieces[1::2], strict=True))
        elif len(pieces) == 1:
            yield pieces[0]


def _is_person(name: str, others: set[str]) -> bool:
    """Whether a name may be a person's: two words at least, each like a name; no program, office, address, figure or order."""
    words = re.findall(r"[^\W\d_]+", name)
    if not 2 <= len(words) <= 7 or len(name) > LONGEST or re.search(r"[\d@:/\\_<>{}=\[\]()|#%*]", name):
        return False
    if _NO_PERSON.search(name) or is_order(name) or any(_folded(name) in other for other in others):
        return False
    is_cased = any(char.islower() or char.isupper() for char in name)
    return not is_cased or sum(word[0].isupper() for word in words) >= 2


def _date(text: str) -> str | None:
    """An ISO day, month or year."""
    found = _DATE.match(text) or _PDF_DATE.match(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or not EARLIEST <= year <= LATEST:
        return None
    parts = [f"{year:04d}"]
    if month and 1 <= month <= 12:
        parts.append(f"{month:02d}")
        if day and 1 <= day <= 31:
            parts.append(f"{day:02d}")
    said = "-".join(parts)
    return None if said in _CLOCKS else said


def _doi(text: str) -> str | None:
    """A DOI, without what stands behind it in a sentence."""
    found = _DOI.search(text)
    return found[0].rstrip(".,;:)]").lower() if found else None


def _folded(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
