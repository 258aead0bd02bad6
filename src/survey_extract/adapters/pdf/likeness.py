"""Pictures of single letters go in; how much each looks like the letter that it stands for, and like any other, comes out.

Each shape is stretched to one size and compared with those of eleven faces that pdfium
brings with it. That tells no font from another, and needs not: a letter of an unusual
face looks like nothing much; one that looks far more like another letter than like itself is
that other letter. Letters that people tell apart by their size or their
neighbours alone, as o, O and 0 are, are taken for one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import cache
from string import ascii_letters, digits
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import handle
from survey_extract.adapters.pdf.specimens import Font, Inks

FACES = (
    "Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique",
    "Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic",
    "Courier", "Courier-Bold", "Courier-Oblique",
)  # fmt: skip
ALIKE = ("il1IjtJr7", "oO0QDCcGea", "sS58", "zZ2", "b6G", "gq9y", "B8R", "uvUVy", "nhmHNM", "fFtEPr", "pPbDq")
"""Letters of which an unusual face may draw one much as the usual ones do another."""
SIDE = 12
"""Cells a side to which each shape is stretched."""
SLIM = 0.45
"""Of its longer side: what is narrower is not stretched to the full width, so that an l remains a stroke."""
SHAPE = 0.35
"""Of its darkest ink: what is fainter is no part of a shape."""
FAINT = 0.1
"""Of one: ink that is nowhere darker makes no shape."""
FULL = 0.85
"""Of its box: what covers as much is a block, and like nothing."""
NEAR = 0.7
"""What is as like as that to itself is compared with no others."""

CODES = tuple(map(ord, ascii_letters + digits))
"""The letters that are compared."""
_Array = np.ndarray[Any, np.dtype[Any]]


class Likeness(NamedTuple):
    """By letter, how like it is to itself and to the likest of others, each to one; not a number where there is no shape."""

    own: _Array
    other: _Array


def likeness(inks: Inks, codes: _Array) -> Likeness:
    """Of pictures of letters that have these codes."""
    vectors, has_shape = _vectors(inks)
    known, at = _known(), _NUMBER[codes]
    own = np.einsum("nk,nfk->nf", vectors, known.own[at]).max(axis=1, initial=-1)
    other = np.full(len(codes), -1.0, dtype=np.float32)
    unlike = np.flatnonzero(has_shape & (own < NEAR))
    if len(unlike):
        each = np.einsum("nk,mk->nm", vectors[unlike], known.all)
        each[known.alike[at[unlike]]] = -1
        other[unlike] = each.max(axis=1)
    return Likeness(np.where(has_shape, own, np.nan), other)


def _vectors(inks: Inks) -> tuple[_Array, _Array]:
    """By picture, its shape stretched to one size, and whether there is any."""
    darkest = inks.max(axis=(1, 2), initial=0)
    is_shape = inks >= np.maximum(SHAPE * darkest, FAINT)[:, None, None]
    top, bottom = _ends(is_shape.any(axis=2))
    left, right = _ends(is_shape.any(axis=1))
    high, wide = bottom - top, right - left
    rows = _edges(top, high, np.maximum(SLIM * wide - high, 0) / 2)
    columns = _edges(left, wide, np.maximum(SLIM * high - wide, 0) / 2)
    sums = np.zeros((len(inks), inks.shape[1] + 1, inks.shape[2] + 1), dtype=np.float32)
    np.cumsum(inks, axis=1, out=sums[:, 1:, 1:])
    np.cumsum(sums, axis=2, out=sums)
    upto = _between(_between(sums, rows).swapaxes(1, 2), columns).swapaxes(1, 2)
    cells = np.diff(np.diff(upto, axis=1), axis=2)
    cells /= np.maximum((np.diff(rows)[:, :1] * np.diff(columns)[:, :1]), 1e-6)[..., None]
    found = _blurred(cells).reshape(len(inks), -1)
    mean = found.mean(axis=1, keepdims=True)
    is_block = mean[:, 0] >= FULL * darkest
    found -= mean
    found /= np.maximum(np.sqrt((found * found).sum(axis=1, keepdims=True)), 1e-6)
    found[is_block] = 0
    return found, darkest >= FAINT


def _ends(which: _Array) -> tuple[_Array, _Array]:
    """By row, the place of the first that is one of these, and behind the last."""
    return which.argmax(axis=1), which.shape[1] - which[:, ::-1].argmax(axis=1)


def _edges(start: _Array, size: _Array, room: _Array) -> _Array:
    """By shape, the edges of its cells along one side."""
    parts = np.linspace(0, 1, SIDE + 1, dtype=np.float32)
    edges: _Array = (start - room)[:, None] + (size + 2 * room)[:, None] * parts
    return edges


def _between(sums: _Array, at: _Array) -> _Array:
    """The sums up to some places between rows."""
    at = np.clip(at, 0, sums.shape[1] - 1)
    below = np.minimum(at.astype(int), sums.shape[1] - 2)
    share = (at - below).astype(np.float32)[..., None]
    each = np.arange(len(sums))[:, None]
    found: _Array = sums[each, below] * (1 - share) + sums[each, below + 1] * share
    return found


def _blurred(cells: _Array) -> _Array:
    """Strokes that lie beside one another by half a cell are the same stroke."""
    wide = np.pad(cells, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
    found: _Array = (rows[..., :-2] + 2 * rows[..., 1:-1] + rows[..., 2:]) / 16
    return found


# --- the letters of the usual faces ---------------------------------------------------------------

_NUMBER = np.zeros(128, dtype=int)
_NUMBER[np.array(CODES)] = range(len(CODES))


class _Known(NamedTuple):
    """The shapes of all letters in all faces, those of each letter and its capital, and which are alike to each letter."""

    all: _Array
    own: _Array
    alike: _Array


@cache
def _known() -> _Known:
    """Drawn once in a process."""
    document = pdfium.PdfDocument.new()
    shapes = np.stack([_vectors(inks)[0] for inks in _faces(document)])
    document.close()
    letters = [chr(code) for code in CODES]
    own = np.stack([shapes[:, [letters.index(c) for c in _cases(letter)]] for letter in letters])
    alike = np.array([[other in _alike(letter) for other in letters] for letter in letters])
    flat = shapes.reshape(-1, shapes.shape[-1])
    return _Known(flat, own.reshape(len(letters), -1, shapes.shape[-1]), np.tile(alike, len(FACES)))


def _faces(document: pdfium.PdfDocument) -> Iterator[Inks]:
    for name in FACES:
        font = raw.FPDFText_LoadStandardFont(document.raw, name.encode())
        with closing(Font(document, handle(font))) as face:
            inks = face.drawn(CODES)
        raw.FPDFFont_Close(font)
        if inks is not None:
            yield inks


def _cases(letter: str) -> tuple[str, str]:
    return letter.lower(), letter.upper()


def _alike(letter: str) -> frozenset[str]:
    """A letter, its capital, and what either is taken for."""
    cases = _cases(letter)
    found = {*cases, *(c for group in ALIKE if not set(group).isdisjoint(cases) for c in group)}
    return frozenset(c for each in found for c in _cases(each))
