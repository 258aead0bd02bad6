"""The text of a gold file goes in, what is right in each of its cells comes out; what is wrong is named with line and cell.

A gold file is a list of cells that a reader filled before any output of this
tool was seen: facts, names with their aliases, and the sentences that answer
the field, by page and by their first and last words, so that it contains no
document's text. ``value`` is for fields with one right value: an option, a
number, a date, an address. Whatever else a cell says is for people.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.inputs.identifiers import Identity, parse_identity
from survey_extract.core.meant import did_you_mean
from survey_extract.core.records import Source
from survey_extract.errors import BadGold, BadSources

_Word = Annotated[str, Field(min_length=1)]


class _Entry(BaseModel):
    """A table of the file: strict in what is said, so that no slip of the pen is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Fact(_Entry):
    """What a full answer says, in the reader's words. ``only_in`` is the table or figure that alone shows it."""

    fact: _Word
    page: Annotated[int, Field(ge=1)]
    only_in: str | None = None


class GoldName(_Entry):
    """A name of a list. One that is ``optional`` counts neither as hit nor as miss."""

    name: _Word
    aliases: Annotated[tuple[_Word, ...], Field(strict=False)] = ()
    optional: bool = False
    role: str | None = None
    roles: Annotated[tuple[str, ...], Field(strict=False)] = ()
    note: str | None = None


class Stretch(_Entry):
    """A sentence by its first and last words; where it ends on another page, ``ends`` are the words there.

    One that is ``right`` answers the field by itself, or only touches on it ("partly").
    """

    page: Annotated[int, Field(ge=1)]
    begins: _Word
    ends: _Word
    right: Literal["yes", "partly"] = "yes"
    ends_page: int | None = None


class GoldCell(_Entry):
    """What is right in one cell."""

    paper: _Word
    field: _Word
    reported: bool
    value: str | Annotated[tuple[_Word, ...], Field(strict=False)] | None = None
    must: Annotated[tuple[Fact, ...], Field(strict=False)] = ()
    nice: Annotated[tuple[Fact, ...], Field(strict=False)] = ()
    names: Annotated[tuple[GoldName, ...], Field(strict=False)] = ()
    not_names: Annotated[tuple[str, ...], Field(strict=False)] = ()
    sentences: Annotated[tuple[Stretch, ...], Field(strict=False)] = ()
    more: Annotated[tuple[Stretch, ...], Field(strict=False)] = ()
    name: str | None = None
    note: str | None = None


def parse_gold(text: str, file: str, fields: Fields) -> tuple[GoldCell, ...]:
    """Read a gold file for these fields; former names of fields count.

    Raises:
        BadGold: no JSON, an unknown or missing entry, an unknown field, a cell told twice, or one without what its
            field is compared by.
    """
    cells: dict[tuple[str, str], GoldCell] = {}
    for line, item in _items(text, file):
        place = f"{file}:{line}: {_called(item)}"
        try:
            read = GoldCell.model_validate(item)
        except ValidationError as error:
            raise BadGold(f"{place}: {_misfit(error)}") from None
        spec = _spec(read.field, fields, place)
        cell = read.model_copy(update={"field": spec.name})
        if why := _lack(cell, spec):
            raise BadGold(f"{place}: {why}")
        if (cell.paper, cell.field) in cells:
            raise BadGold(f"{place}: this cell is in the file twice")
        cells[cell.paper, cell.field] = cell
    if not cells:
        raise BadGold(f"{file}: it has no cells")
    return tuple(cells.values())


def _items(text: str, file: str) -> Iterator[tuple[int, Any]]:
    """The items of a JSON list, each with its line."""
    decoder, at, line, counted = json.JSONDecoder(), _behind_blanks(text, 0), 1, 0
    if text[at : at + 1] != "[":
        raise BadGold(f"{file}:1: it must be a list of cells, [{{...}}, ...]")
    at = _behind_blanks(text, at + 1)
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        try:
            item, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise BadGold(f"{file}:{error.lineno}: {error.msg}: this is not JSON") from None
        except ValueError as error:  # a number of thousands of digits
            raise BadGold(f"{file}:{line}: {error}") from None
        except RecursionError:
            raise BadGold(f"{file}:{line}: it is nested too deeply to be a cell") from None
        yield line, item
        at = _behind_blanks(text, at)
        if text[at : at + 1] == ",":
            at = _behind_blanks(text, at + 1)
        elif text[at : at + 1] != "]":
            raise BadGold(f"{file}:{text.count(chr(10), 0, at) + 1}: a comma or the end of the list is missing")


def _behind_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _called(item: object) -> str:
    named = [str(item.get(key)) for key in ("paper", "field") if key in item] if isinstance(item, dict) else []
    return f"[{', '.join(named)}]" if named else "a cell"


def _misfit(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "it"
    if first["type"] == "extra_forbidden":
        return f"{where} is unknown{did_you_mean(where, GoldCell.model_fields)}"
    return f"{where}: {first['msg'][:1].lower()}{first['msg'][1:]}"


def _spec(name: str, fields: Fields, place: str) -> FieldSpec:
    known = [spec.name for spec in fields]
    today = fields.renamed.get(name, name)
    if today not in known:
        raise BadGold(
            f"{place}: {name!r} is not a field of this survey{did_you_mean(name, known)}; there are {', '.join(known)}"
        )
    return fields.named(today)


def _lack(cell: GoldCell, spec: FieldSpec) -> str | None:
    """What the cell would have to say to be compared; None when it says that."""
    if not cell.reported:
        return (
            "a cell that is not reported has no value, names or necessary facts"
            if cell.value or cell.names or cell.must
            else None
        )
    if cell.value is not None:
        return spec.misfit(cell.value)
    wanted = {"names": ("names", cell.names), "claims": ("must", cell.must)}.get(spec.judge.by, ("value", ()))
    return None if wanted[1] else f"{spec.name} is judged by {spec.judge.by}: it needs {wanted[0]}"


# --- whose cells they are ---------------------------------------------------------------------------

Placed = Mapping[tuple[str, str], GoldCell]
"""Gold cells by the key of their source and their field."""


def placed(gold: Sequence[GoldCell], sources: Sequence[Source]) -> Placed:
    """Gold cells by key and field: a paper is named by its key, or as in sources.csv, whatever version is pinned there.

    Raises:
        BadGold: one source is named in two ways, and a cell of it told twice.
    """
    keys: dict[str | Identity, str] = {source.key: source.key for source in sources}
    keys |= {_unpinned(Identity(source.kind, source.location)): source.key for source in sources}
    found: dict[tuple[str, str], GoldCell] = {}
    for cell in gold:
        key = keys.get(cell.paper) or keys.get(_named(cell.paper) or cell.paper)
        if key is not None and found.setdefault((key, cell.field), cell) is not cell:
            other = found[key, cell.field].paper
            raise BadGold(f"the gold file has {cell.field} of {key} twice: for {other!r} and for {cell.paper!r}")
    return found


def _named(paper: str) -> Identity | None:
    try:
        return _unpinned(parse_identity(paper))
    except BadSources:
        return None


def _unpinned(identity: Identity) -> Identity:
    """What is the same for all spellings of a source."""
    return Identity(identity.kind, identity.address)


def absent(gold: Sequence[GoldCell], by_place: Placed) -> tuple[str, ...]:
    """The papers that are no source of the survey, each once."""
    present = {cell.paper for cell in by_place.values()}
    return tuple(dict.fromkeys(cell.paper for cell in gold if cell.paper not in present))
