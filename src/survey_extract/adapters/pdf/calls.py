"""The name of one of pdfium's functions goes in, the function comes out that takes and gives objects by their addresses.

A page has thousands of objects and letters, and each is asked for a dozen
things: most of the time of such a call goes into making pointers of Python,
which nobody needs who has the address. What is asked of every letter is asked
in one go (``each``), and the answers are written side by side: always into the
same memory, to whose places there are pointers that are made once. pdfium is
not for several threads at a time, and neither is this.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import repeat, starmap
from typing import Any, TypeVar

import numpy as np
from pypdfium2 import raw

_WORDS = 16_384
"""Numbers of four bytes that are written at a time."""


class _Calls:
    """pdfium's functions, each made when it is first used."""

    def __init__(self, types: Callable[[Any], Sequence[Any]]) -> None:
        self._types = types

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(raw, name)
        place: Any = ctypes.cast(function, ctypes.c_void_p).value
        # Not CFUNCTYPE: each call would let go of the interpreter's lock and take it back, a fifth of its time.
        made = ctypes.PYFUNCTYPE(*self._types(function))(place)
        setattr(self, name, made)
        return made


def _with_addresses(function: Any) -> list[Any]:
    """The types of the answer and of what is given, pointers to what pdfium does not show as plain addresses."""
    return [ctypes.c_void_p if _is_unknown(kind) else kind for kind in (function.restype, *function.argtypes)]


def _with_places(function: Any) -> list[Any]:
    """The same with all pointers as plain addresses, those to where an answer is written as well; nothing is at 0."""
    return [_answer(function), *(ctypes.c_void_p if _is_pointer(kind) else kind for kind in function.argtypes)]


def _without_types(function: Any) -> list[Any]:
    """The type of the answer alone: pointers that exist and small numbers are taken as they are, at half the cost."""
    return [_answer(function)]


def _answer(function: Any) -> Any:
    return ctypes.c_size_t if _is_pointer(function.restype) else function.restype


def _is_unknown(kind: Any) -> bool:
    is_named = _is_pointer(kind) and issubclass(kind._type_, ctypes.Structure)
    return is_named and not getattr(kind._type_, "_fields_", ())


def _is_pointer(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, ctypes._Pointer)


call, _of_items, _by_number = _Calls(_with_addresses), _Calls(_with_places), _Calls(_without_types)


def each(name: str, holder: int, numbers: Iterable[int]) -> list[Any]:
    """What a function says of some numbered things of one holder, as of the characters of a page."""
    return list(
        starmap(getattr(_by_number, name), zip(repeat(_pointer(holder)), numbers, strict=False))
    )  # faster than a map


def each_of(name: str, items: Iterable[int]) -> list[Any]:
    """What a function says of some things, by their addresses."""
    return list(map(getattr(_of_items, name), items))


def each_set(name: str, items: Iterable[int], value: int) -> None:
    """Sets the same of some things, by their addresses."""
    list(map(getattr(_of_items, name), items, repeat(value)))


def each_written(name: str, items: Sequence[int], rows: _Rows[_Number], places: int) -> list[int]:
    """What a function says of each thing, by its address; it writes into so many places of a row."""
    return _written(getattr(_of_items, name), items, rows, range(places))


def numbers_written(
    name: str, holder: int, numbers: Sequence[int], rows: _Rows[_Number], places: Iterable[int]
) -> list[int]:
    """The same of some numbered things of one holder; it writes into these places of a row, in this order."""
    return _written(getattr(_by_number, name), numbers, rows, places, repeat(_pointer(holder)))


_Number = TypeVar("_Number", np.float32, np.float64, np.uint32)
_Rows = np.ndarray[Any, np.dtype[_Number]]


def _written(
    function: Callable[..., int],
    things: Sequence[int],
    rows: _Rows[_Number],
    places: Iterable[int],
    *before: Iterable[Any],
) -> list[int]:
    (memory, _), words, width = _memory(), rows.itemsize // 4, rows.itemsize * rows.shape[1] // 4
    answers = [_column(at * words, width) for at in places]
    at_a_time, said = _WORDS // width, list[int]()
    for start in range(0, len(things), at_a_time):
        part = things[start : start + at_a_time]
        end = width * len(part)
        memory[:end] = 0
        said += starmap(function, zip(*before, part, *answers, strict=False))
        rows[start : start + len(part)] = memory[:end].view(rows.dtype).reshape(len(part), -1)
    return said


@cache
def _memory() -> tuple[np.ndarray[Any, np.dtype[np.uint32]], list[Any]]:
    """Where answers are written, and pointers to each four bytes of it."""
    memory = np.zeros(_WORDS, dtype=np.uint32)
    first = ctypes.c_char.from_address(memory.ctypes.data)
    return memory, [ctypes.byref(first, 4 * at) for at in range(_WORDS)]


@cache
def _column(first: int, width: int) -> list[Any]:
    """Pointers to one place in each row, where a row has so many numbers of four bytes."""
    _, pointers = _memory()
    return pointers[first::width]


def _pointer(address: int) -> Any:
    return ctypes.byref(ctypes.c_char.from_address(address))


def handle(pointer: Any) -> int:
    """The address of a page, or of the text of one."""
    return ctypes.addressof(pointer.contents)
