"""The name of one of pdfium's functions goes in, the function comes out that takes and gives objects by their addresses.

A page has thousands of objects and letters, and each is asked for a dozen
things: half of the time of such a call goes into making pointers of Python,
which nobody needs who has the address.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from pypdfium2 import raw


class _Calls:
    """pdfium's functions, each made when it is first used."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(raw, name)
        place = ctypes.cast(function, ctypes.c_void_p).value
        made = ctypes.CFUNCTYPE(_plain(function.restype), *map(_plain, function.argtypes))(place)  # type: ignore[arg-type]
        setattr(self, name, made)
        return made


def _plain(kind: Any) -> Any:
    """A type of an argument, a pointer to what pdfium does not show as a plain address."""
    is_handle = isinstance(kind, type) and issubclass(kind, ctypes._Pointer) and _is_unknown(kind._type_)
    return ctypes.c_void_p if is_handle else kind


def _is_unknown(kind: Any) -> bool:
    return issubclass(kind, ctypes.Structure) and not getattr(kind, "_fields_", ())


call = _Calls()


def handle(pointer: Any) -> int:
    """The address of a page, or of the text of one."""
    return ctypes.addressof(pointer.contents)
