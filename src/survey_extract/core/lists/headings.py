"""The headings of somebody's table go in; what each column is to the survey comes out, and which are nothing to it.

A heading means a field by the field's heading, name or former name, whatever its
capitals, spaces and punctuation, and the name, the title or the source of a row
by a few words. Nothing is guessed: what is near is proposed, and all else is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from survey_extract.core.fields import RESERVED, TITLE, Fields, FieldSpec, letters
from survey_extract.core.lists.read import Unreadable
from survey_extract.core.meant import did_you_mean
from survey_extract.core.reading.markup import Leaf
from survey_extract.errors import BadList

RowPart = Literal["name", "source", "nothing", "unknown"]
"""What a column is that is no field. "nothing" is passed over, by the wish of the person or since the tool wrote it."""
SOURCES = ("source", "url", "arxiv", "arxivid", "paper", "doi", "link", "arxivurl", "paperurl", "paperlink")
"""Headings of columns of sources, in letters; where a row has several, the first of these that names one counts."""
NAMES = ("name", "displayname")
_EXPORTED = frozenset({"key", "name", "url", "title"})
"""Headings that the view ``survey`` has together, and hardly any other table."""
_OF_NUMBER = ("unit", "qualifier")


@dataclass(frozen=True, slots=True)
class ListColumn:
    """What stands under a heading: a field (the title is one), or another part of a row."""

    heading: Leaf
    part: FieldSpec | RowPart


@dataclass(frozen=True, slots=True)
class Meant:
    """What a person said that headings mean: by the letters of a heading, how it was written and its column."""

    said: Mapping[str, tuple[str, FieldSpec | RowPart]]

    def unused(self, tables: Sequence[Sequence[ListColumn]]) -> Iterator[str]:
        """What is wrong with those headings that stand over no column."""
        there = {_key(column.heading.text): column.heading.text for table in tables for column in table}
        for key, (heading, _) in self.said.items():
            if key not in there:
                yield f"--column: there is no heading {heading!r}{did_you_mean(heading, there.values())}"


def meant_by(options: Sequence[str], fields: Fields) -> Meant:
    """The words of ``--column "Heading=field"``, read.

    Raises:
        BadList: there is no such field; the message names those that there are.
    """
    said: dict[str, tuple[str, FieldSpec | RowPart]] = {}
    for option in options:
        heading, equals, target = option.rpartition("=")
        if not equals or not heading.strip():
            raise BadList(f'--column {option!r}: write it as "Heading=field"; "Heading=" leaves the column out')
        said[_key(heading)] = (heading.strip(), _target(target.strip(), fields))
    return Meant(said)


def _target(word: str, fields: Fields) -> FieldSpec | RowPart:
    parts: dict[str, RowPart] = {"": "nothing", "name": "name", "source": "source"}
    if word in parts:
        return parts[word]
    if (spec := fields.called(word)) is None:
        known = ["source", "name", *(spec.name for spec in fields.all)]
        raise BadList(f"--column: unknown field {word!r}{did_you_mean(word, known)}; there are {', '.join(known)}")
    return spec


def _key(heading: str) -> str:
    """What a heading is compared by, even one that is a single sign (#)."""
    return letters(heading) or heading.strip()


def columns_of(head: Sequence[Leaf], fields: Fields, meant: Meant) -> list[ListColumn]:
    """What each heading of a table means."""
    own = _own(head, fields)
    return [ListColumn(heading, _part(heading.text, fields, meant, own)) for heading in head]


def _part(
    heading: str, fields: Fields, meant: Meant, own: Callable[[str], FieldSpec | RowPart | None]
) -> FieldSpec | RowPart:
    key = letters(heading)
    if said := meant.said.get(_key(heading)):
        return said[1]
    if (of_export := own(heading)) is not None:
        return of_export
    if spec := fields.called(heading):
        return spec
    return "source" if key in SOURCES else "name" if key in NAMES else "unknown"


def _own(head: Sequence[Leaf], fields: Fields) -> Callable[[str], FieldSpec | RowPart | None]:
    """What the columns are of a table that ``export`` or ``query`` wrote: those beside the fields come from elsewhere.

    Of a number the printed form is the value.
    """
    headings = {leaf.text for leaf in head}
    if not headings >= _EXPORTED:
        return lambda _: None
    numbers = [spec for spec in fields if spec.type == "number" and f"{spec.name}_printed" in headings]
    known: dict[str, FieldSpec | RowPart] = dict.fromkeys(RESERVED, "nothing")
    for spec in numbers:
        known |= {spec.name: "nothing", f"{spec.name}_printed": spec}
        known |= {f"{spec.name}_{part}": "nothing" for part in _OF_NUMBER}
    known |= {"title": TITLE, "name": "name", "url": "source"}
    return known.get


def faults(columns: Sequence[ListColumn], fields: Fields) -> Iterator[Unreadable]:
    """Columns that nobody knows, and fields that two columns claim."""
    for column in columns:
        text, line = column.heading.text, column.heading.line
        if column.part == "unknown":
            yield Unreadable(line, _unknown(text, fields))
    seen: dict[str, str] = {}
    for column in columns:
        name = column.part.name if isinstance(column.part, FieldSpec) else "name" if column.part == "name" else None
        if name in seen:
            yield Unreadable(column.heading.line, f"the headings {seen[name]!r} and {column.heading.text!r} both mean {name}")  # fmt: skip
        elif name is not None:
            seen[name] = column.heading.text


def _unknown(heading: str, fields: Fields) -> str:
    if not heading:
        return "a column with words in it has no heading: give it one"
    near = did_you_mean(heading, [word for spec in fields.all for word in (spec.heading, spec.name)])
    option = f'--column "{heading}='
    return (
        f"the heading {heading!r} is none of this survey's fields{near}; "
        f'{option}FIELD" says which (or name, or source), {option}" leaves it out'
    )
