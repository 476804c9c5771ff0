"""Straight lines drawn on a page of a PDF: what rules tables and parts the pieces of a newspaper."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from ingest.readers.columns import Rule

_THIN = 2.0  # points: a rectangle no thicker than this is a line
_LONG = 10.0  # points: shorter ones are underlines of a character, dashes, parts of drawings
_MOST = 5_000  # paths: a page with more of them is a drawing

Point = tuple[float, float]


def rules_of(page: Any, height: float) -> list[Rule]:
    """The horizontal lines of a page of this height as (top, left, right) in points, measured from its top.

    None where there are so many paths that it is a drawing.
    """
    found: list[Rule] = []
    for count, thing in enumerate(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=2)):
        if count == _MOST:
            return []
        left, bottom, right, top = thing.get_bounds()
        if right - left < _LONG:
            continue
        if top - bottom <= _THIN:
            found.append((height - (top + bottom) / 2, left, right))
            continue
        for (x, y), (other_x, other_y) in _segments(thing):
            if abs(y - other_y) <= _THIN / 2 and abs(x - other_x) >= _LONG:
                found.append((height - y, min(x, other_x), max(x, other_x)))
    return found


def _segments(path: Any) -> Iterator[tuple[Point, Point]]:
    """The straight parts of a path, where its matrix puts them."""
    matrix = path.get_matrix()
    points: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if kind != pdfium.FPDF_SEGMENT_LINETO:
            yield from pairwise(points)
            points = []
        points.append(matrix.on_point(x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment) and points:
            points.append(points[0])
    yield from pairwise(points)
