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

import msgspec
from msgspec import Meta

from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.inputs.identifiers import Identity, parse_identity
from survey_extract.core.meant import Mismatch, did_you_mean, misfit, not_json
from survey_extract.core.records import Source, Value
from survey_extract.errors import BadGold, BadSources

_Word = Annotated[str, Meta(min_length=1)]
_Page = Annotated[int, Meta(ge=1)]


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a full answer says, in the reader's words. ``only_in`` is the table or figure that alone shows it."""

    fact: _Word
    page: _Page
    only_in: str | None = None


class GoldName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name of a list. One that is ``optional`` counts neither as hit nor as miss."""

    name: _Word
    aliases: tuple[_Word, ...] = ()
    optional: bool = False
    role: str | None = None
    roles: tuple[str, ...] = ()
    note: str | None = None


class Stretch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence by its first and last words; where it ends on another page, ``ends`` are the words there.

    One that is ``right`` answers the field by itself, or only touches on it ("partly").
    """

    page: _Page
    begins: _Word
    ends: _Word
    right: Literal["yes", "partly"] = "yes"
    ends_page: _Page | None = None


class GoldCell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is right in one cell."""

    paper: _Word
    field: _Word
    reported: bool
    value: str | tuple[_Word, ...] | None = None
    must: tuple[Fact, ...] = ()
    nice: tuple[Fact, ...] = ()
    names: tuple[GoldName, ...] = ()
    not_names: tuple[str, ...] = ()
    sentences: tuple[Stretch, ...] = ()
    more: tuple[Stretch, ...] = ()
    name: str | None = None
    note: str | None = None


_WITHIN: Mapping[str, tuple[str, ...]] = {
    "must": Fact.__struct_fields__,
    "nice": Fact.__struct_fields__,
    "names": GoldName.__struct_fields__,
    "sentences": Stretch.__struct_fields__,
    "more": Stretch.__struct_fields__,
}
"""What may be said within an entry of a cell."""


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
            read = msgspec.convert(item, GoldCell)
        except msgspec.ValidationError as error:
            raise BadGold(f"{place}: {_said(misfit(error))}") from None
        spec = _spec(read.field, fields, place)
        cell = msgspec.structs.replace(read, field=spec.name)
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
    decoder, at, line, counted = json.JSONDecoder(object_pairs_hook=_once), _behind_blanks(text, 0), 1, 0
    if text[at : at + 1] != "[":
        raise BadGold(f"{file}:1: it must be a list of cells, [{{...}}, ...]")
    at = _behind_blanks(text, at + 1)
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        try:
            item, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise BadGold(f"{file}:{error.lineno}: {not_json(error)}") from None
        except ValueError as error:  # an entry told twice, a number of thousands of digits
            raise BadGold(f"{file}:{line}: {error}") from None
        except RecursionError:
            raise BadGold(f"{file}:{line}: it is nested too deeply to be a cell") from None
        yield line, item
        at = _behind_blanks(text, at)
        if text[at : at + 1] == ",":
            at = _behind_blanks(text, at + 1)
        elif text[at : at + 1] != "]":
            raise BadGold(f"{file}:{text.count(chr(10), 0, at) + 1}: a comma or the end of the list is missing")
    if _behind_blanks(text, at + 1) < len(text):
        raise BadGold(f"{file}:{text.count(chr(10), 0, at) + 1}: something stands behind the end of the list")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table of JSON. Of an entry that is told twice, JSON would silently keep the last.

    Raises:
        ValueError: there is one.
    """
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)} is told twice")
    return table


def _behind_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _called(item: object) -> str:
    named = [str(item.get(key)) for key in ("paper", "field") if key in item] if isinstance(item, dict) else []
    return f"[{', '.join(named)}]" if named else "a cell"


def _said(wrong: Mismatch) -> str:
    known = _WITHIN.get(wrong.where[0], ()) if wrong.where else GoldCell.__struct_fields__
    return f"{wrong}{did_you_mean(wrong.unknown, known) if wrong.unknown else ''}"


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
    if spec.type == "choices" and (why := spec.misfit(tuple(name.name for name in cell.names))):
        return why
    wanted = {"names": ("names", cell.names), "claims": ("must", cell.must)}.get(spec.judge.by, ("value", ()))
    return None if wanted[1] else f"{spec.name} is judged by {spec.judge.by}: it needs {wanted[0]}"


def right_value(cell: GoldCell, spec: FieldSpec) -> Value:
    """The one right value of a cell, None where it has none. Options may be given as names, all of which count."""
    if cell.value is None and spec.type == "choices" and not any(name.optional for name in cell.names):
        return tuple(name.name for name in cell.names) or None
    return cell.value


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
