"""Straight lines drawn on a page of a PDF: what rules tables and parts the pieces of a newspaper."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from ingest.readers.columns import Rule

_THIN = 2.0  # points: a rectangle no thicker than this is a line
_LONG = 6.0  # points: shorter ones are dashes and parts of drawings
_MOST = 5_000  # paths: a page with more of them is a drawing
_LONGEST = 1_000  # segments: so is a path with more of them

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rules:
    """The lines of a page in points, measured from its left and top: `level` ones as (top, left, right), `upright` ones
    as (left, top, bottom).
    """

    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)


def rules_of(page: Any, height: float) -> Rules:
    """The lines of a page of this height; none where there are so many paths that it is a drawing."""
    found = Rules()
    for count, thing in enumerate(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=2)):
        if count == _MOST:
            return Rules()
        left, bottom, right, top = thing.get_bounds()
        if min(right - left, top - bottom) <= _THIN:
            _note(found, left, height - top, right, height - bottom)
            continue
        for (x, y), (other_x, other_y) in _segments(thing):
            if min(abs(x - other_x), abs(y - other_y)) <= _THIN / 2:
                down = height - y, height - other_y
                _note(found, min(x, other_x), min(down), max(x, other_x), max(down))
    return found


def _note(found: Rules, left: float, top: float, right: float, bottom: float) -> None:
    """Adds a thin box as the line it is."""
    if right - left >= max(_LONG, bottom - top):
        found.level.append(((top + bottom) / 2, left, right))
    elif bottom - top >= _LONG:
        found.upright.append(((left + right) / 2, top, bottom))


def _segments(path: Any) -> Iterator[tuple[Point, Point]]:
    """The straight parts of a path, where its matrix puts them."""
    matrix = path.get_matrix()
    points: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    count = pdfium.FPDFPath_CountSegments(path)
    for number in range(count if count <= _LONGEST else 0):
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
