"""The name of one of pdfium's functions goes in, the function comes out that takes and gives objects by their addresses.

A page has thousands of objects and letters, and each is asked for a dozen
things: half of the time of such a call goes into making pointers of Python,
which nobody needs who has the address. What is asked of every letter is asked
in one go (``each``), and the answers are written side by side.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, TypeVar

import numpy as np
from pypdfium2 import raw


class _Calls:
    """pdfium's functions, each made when it is first used; ``all_plain`` ones take all answers' places as addresses, too."""

    def __init__(self, *, all_plain: bool = False) -> None:
        self._all_plain = all_plain

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(raw, name)
        place = ctypes.cast(function, ctypes.c_void_p).value
        # Not CFUNCTYPE: each call would let go of the interpreter's lock and take it back, a fifth of its time.
        result = self._plain(function.restype)
        # Without a thing, its address is 0 among many, which go into columns, and None for one alone.
        result = ctypes.c_size_t if self._all_plain and result is ctypes.c_void_p else result
        made = ctypes.PYFUNCTYPE(result, *map(self._plain, function.argtypes))(place)  # type: ignore[arg-type]
        setattr(self, name, made)
        return made

    def _plain(self, kind: Any) -> Any:
        """A type of an argument, a pointer to what pdfium does not show as a plain address."""
        is_pointer = isinstance(kind, type) and issubclass(kind, ctypes._Pointer)
        return ctypes.c_void_p if is_pointer and (self._all_plain or _is_unknown(kind._type_)) else kind


def _is_unknown(kind: Any) -> bool:
    return issubclass(kind, ctypes.Structure) and not getattr(kind, "_fields_", ())


call = _Calls()
_bulk = _Calls(all_plain=True)


def each(name: str, holder: int, numbers: Iterable[int]) -> list[Any]:
    """What a function says of some numbered things of one holder, as of the characters of a page."""
    return list(map(getattr(_bulk, name), repeat(holder), numbers))


def each_of(name: str, items: Iterable[int]) -> list[Any]:
    """What a function says of some things, by their addresses."""
    return list(map(getattr(_bulk, name), items))


def each_written(name: str, asked: Sequence[Iterable[int]], rows: _Rows[_Number], places: int) -> list[int]:
    """What a function says of each, whose numbers or addresses are ``asked``; it writes into so many places of a row."""
    start, row = rows.ctypes.data, rows.itemsize * rows.shape[1]
    outs = (range(at, at + len(rows) * row, row) for at in range(start, start + places * rows.itemsize, rows.itemsize))
    return list(map(getattr(_bulk, name), *asked, *outs))


_Number = TypeVar("_Number", np.float32, np.float64, np.uint32)
_Rows = np.ndarray[Any, np.dtype[_Number]]


def handle(pointer: Any) -> int:
    """The address of a page, or of the text of one."""
    return ctypes.addressof(pointer.contents)
