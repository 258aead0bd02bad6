"""A page of a PDF goes in, the places of what is pinned to it come out: notes, highlights, stamps and fields."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, each_of, handle
from survey_extract.adapters.pdf.objects import EVERYWHERE, NOWHERE, Box, Painted, Sheet

_NOT_DRAWN = frozenset({raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_POPUP})
_STAMP = (ctypes.c_ushort * 6)(*b"Stamp", 0)


def pinned_to(page: pdfium.PdfPage) -> np.ndarray[Any, np.dtype[Any]]:
    """What is pinned to the page, above all that is painted on it: all but links that draw nothing.

    Fields of forms and notes that pop up become stamps: pdfium does not draw all of them, as other readers do.
    What holds texts that may paint beyond their place may be anywhere.
    """
    place, found, holder = raw.FS_RECTF(), list[Box](), handle(page.raw)
    for index in range(call.FPDFPage_GetAnnotCount(holder)):
        note = call.FPDFPage_GetAnnot(holder, index)
        kind, drawn = call.FPDFAnnot_GetSubtype(note), call.FPDFAnnot_HasKey(note, b"AP")
        if kind in _NOT_DRAWN and drawn:
            call.FPDFAnnot_SetStringValue(note, b"Subtype", _STAMP)
        if (drawn or kind != raw.FPDF_ANNOT_LINK) and call.FPDFAnnot_GetRect(note, place):
            is_tame = not drawn or _stays_within(note)
            found.append((place.left, place.bottom, place.right, place.top) if is_tame else EVERYWHERE)
        call.FPDFPage_CloseAnnot(note)
    return np.array(found).reshape(-1, 4)


def _stays_within(note: int) -> bool:
    """Whether the face of what is pinned to a page holds no texts that may paint beyond their place."""
    items = [call.FPDFAnnot_GetObject(note, index) for index in range(call.FPDFAnnot_GetObjectCount(note))]
    kinds = each_of("FPDFPageObj_GetType", items)
    return Sheet.among([Painted(*one, NOWHERE) for one in zip(items, kinds, strict=True)]).is_tame()
