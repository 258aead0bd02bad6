"""A type and plain data, as JSON and TOML give them, go in; the record that they are comes out, or what about them does not fit.

A record is a frozen dataclass, and its annotations say all that is wanted of
it. A value must be of its very type: no text becomes a number, and no number
true or false. Only a whole number may stand for one with a fraction, and a
list for a tuple. What a type cannot say stands in its ``Annotated``, as
functions that are given the value, and raise ``Misshapen`` or return it.

This reads what people wrote into settings and fields.toml, and the archive as
long as it is small. pydantic reads the replies of models and long archives: it
is quicker at that, and to load it and make its models takes a quarter of a
night on which nothing changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from survey_extract.core.meant import did_you_mean

T = TypeVar("T")
Make = Callable[[Any], Any]
"""Makes of plain data what is wanted.

Raises:
    Misshapen: it is not that.
"""


class Misshapen(ValueError):
    """What does not fit. ``where`` are the names and places that lead to it, from the outside in."""

    def __init__(self, why: str, *where: str, unknown: bool = False) -> None:
        super().__init__(why)
        self.why, self.where, self.is_unknown = why, where, unknown

    def __str__(self) -> str:
        return ": ".join((".".join(self.where), self.why)) if self.where else self.why


def shaped(kind: type[T], data: object, *, others: bool = False) -> T:
    """A record of that kind. ``others`` lets a table have entries that the record has not: they are left out.

    Raises:
        Misshapen: the data are none.
    """
    made: T = _record(kind, others)(data)  # type: ignore[arg-type]  # classes can be hashed
    return made


# --- what Annotated may say ---------------------------------------------------------------------------


def at_least(least: float, most: float = math.inf) -> Make:
    """Numbers from ``least`` to ``most``, both of them allowed; none is not a number."""

    def checked(value: Any) -> Any:
        if least <= value <= most:
            return value
        raise Misshapen(f"must be {least:,g} or more" if most == math.inf else f"must be from {least:,g} to {most:,g}")

    return checked


def above(bound: float, most: float = math.inf) -> Make:
    """Numbers above ``bound``, up to ``most``."""

    def checked(value: Any) -> Any:
        if bound < value <= most:
            return value
        upper = "" if most == math.inf else f" and at most {most:,g}"
        raise Misshapen(f"must be more than {bound:,g}{upper}")

    return checked


def finite(value: Any) -> Any:
    """Numbers that are not beyond all."""
    if math.isfinite(value):
        return value
    raise Misshapen("must be a finite number")


def long(least: int, most: int) -> Make:
    """Texts of so many characters."""

    def checked(value: Any) -> Any:
        if least <= len(value) <= most:
            return value
        raise Misshapen("must not be empty" if len(value) < least else f"must have at most {most:,} characters")

    return checked


def few(most: int) -> Make:
    """Lists and tables of so many entries."""

    def checked(value: Any) -> Any:
        if len(value) <= most:
            return value
        raise Misshapen(f"it has more than {most} entries; keep those that matter")

    return checked


# --- how each type is made ----------------------------------------------------------------------------

_SAID: Mapping[type, str] = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}


@cache
def _record(kind: type[Any], others: bool) -> Make:
    """What makes a record; its parts are looked through once."""
    hints = get_type_hints(kind, include_extras=True)
    parts = [_Part.of(field.name, hints[field.name], others) for field in fields(kind)]
    wanted = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    known = {part.name for part in parts}

    def made(data: Any) -> Any:
        if type(data) is not dict:
            raise Misshapen("must be a table")
        values: dict[str, Any] = {}
        for name, plain, make in parts:
            if name in data:
                value = data[name]
                values[name] = value if type(value) in plain else _within(name, make, value)
        if len(values) < len(data) and not others:
            raise Misshapen("is unknown", next(name for name in data if name not in known), unknown=True)
        if not wanted <= values.keys():
            raise Misshapen("is missing", next(name for name in hints if name in wanted - values.keys()))
        return kind(**values)

    return made


class _Part(NamedTuple):
    """A field of a record: values of the types ``plain`` are taken as they are, what others become is ``made``."""

    name: str
    plain: frozenset[type]
    make: Make

    @classmethod
    def of(cls, name: str, hint: Any, others: bool) -> _Part:
        return cls(name, _plain(hint), _maker(hint, others))


def _within(name: str, make: Make, value: Any) -> Any:
    try:
        return make(value)
    except Misshapen as misfit:
        misfit.where = (name, *misfit.where)
        raise


def _plain(hint: Any) -> frozenset[type]:
    """The types whose values need no look."""
    options = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return frozenset(option for option in options if option in (str, bool, int, float, NoneType))


def _maker(hint: Any, others: bool) -> Make:
    if made := _MAKERS.get(get_origin(hint)):
        return made(get_args(hint), others)
    return _record(hint, others) if is_dataclass(hint) else _value(hint)  # type: ignore[arg-type]  # a class, not a record


def _value(kind: type) -> Make:
    def made(value: Any) -> Any:
        if type(value) is kind:
            return value
        if kind is float and type(value) is int:
            return _as_float(value)
        raise Misshapen(f"must be {_SAID.get(kind, f'a {kind.__name__}')}")

    return made


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise Misshapen("is too large a number") from None


def _judged(inner: tuple[Any, ...], others: bool) -> Make:
    make, rules = _maker(inner[0], others), [rule for rule in inner[1:] if callable(rule)]

    def made(value: Any) -> Any:
        value = make(value)
        for rule in rules:
            value = rule(value)
        return value

    return made


def _one_of(options: tuple[Any, ...], others: bool) -> Make:
    known = frozenset(options)

    def made(value: Any) -> Any:
        if type(value) is str and value in known:
            return value
        raise Misshapen(f"{value!r} is unknown{did_you_mean(str(value), options)}; known are {', '.join(options)}")

    return made


def _either(hints: tuple[Any, ...], others: bool) -> Make:
    """One of several types, of which at most one is more than a plain value."""
    plain = frozenset(hint for hint in hints if hint in (str, bool, int, NoneType))
    rest = [hint for hint in hints if hint not in plain]
    if len(rest) > 1:
        raise TypeError(f"it cannot be told which of {rest} is meant")
    make = _maker(rest[0] if rest else next(hint for hint in hints if hint is not NoneType), others)
    return lambda value: value if type(value) in plain else make(value)


def _tuple(inner: tuple[Any, ...], others: bool) -> Make:
    return _list(inner[0], others) if inner[-1] is Ellipsis else _row(inner, others)


def _list(hint: Any, others: bool) -> Make:
    part = _Part.of("", hint, others)

    def made(value: Any) -> Any:
        if type(value) is not list:
            raise Misshapen("must be a list")
        return tuple([item if type(item) in part.plain else make(at, item) for at, item in enumerate(value)])

    def make(at: int, item: Any) -> Any:
        return _within(str(at), part.make, item)

    return made


def _row(hints: tuple[Any, ...], others: bool) -> Make:
    makes = [_maker(hint, others) for hint in hints]

    def made(value: Any) -> Any:
        if type(value) is not list or len(value) != len(makes):
            raise Misshapen(f"must be a list of {len(makes)}")
        return tuple([_within(str(at), make, item) for at, (make, item) in enumerate(zip(makes, value, strict=True))])

    return made


def _table(inner: tuple[Any, ...], others: bool) -> Make:
    named, make = (_maker(hint, others) for hint in inner)

    def made(value: Any) -> Any:
        if type(value) is not dict:
            raise Misshapen("must be a table")
        return {_within(name, named, name): _within(name, make, item) for name, item in value.items()}

    return made


_MAKERS: Mapping[Any, Callable[[tuple[Any, ...], bool], Make]] = {
    Annotated: _judged, Literal: _one_of, Union: _either, UnionType: _either, tuple: _tuple, Mapping: _table,
}  # fmt: skip
"""By what a type is made with, what makes its values."""
