"""A place in Python's count of a text's characters goes in, the place in pdfium's comes out: that counts UTF-16 units."""

from __future__ import annotations


class Units:
    """The two counts differ beyond the basic plane alone."""

    def __init__(self, text: str) -> None:
        self._offsets: list[int] | None = None
        if any(ord(char) > 0xFFFF for char in text):
            self._offsets, at = [], 0
            for char in text:
                self._offsets.append(at)
                at += 2 if ord(char) > 0xFFFF else 1

    def at(self, place: int) -> int:
        return place if self._offsets is None else self._offsets[place]
