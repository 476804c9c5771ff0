"""What was written onto a page afterwards: values of form fields, typed notes, and comments beside the text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

_HIDDEN = 2  # bit of the flags of an annotation
_COMMENTS = frozenset(
    {
        *(pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_UNDERLINE),
        *(pdfium.FPDF_ANNOT_SQUIGGLY, pdfium.FPDF_ANNOT_STRIKEOUT, pdfium.FPDF_ANNOT_CARET),
    }
)
_VALUES = frozenset({pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX})
_BOXES = {pdfium.FPDF_FORMFIELD_CHECKBOX: "☐☒", pdfium.FPDF_FORMFIELD_RADIOBUTTON: "○●"}
_LARGEST = 12.0  # points, of typed text: its box may be much higher
_MOST = 20_000  # annotations of a page; more are malice


@dataclass(frozen=True, slots=True)
class Typed:
    """A line of text typed onto the page, with its box in points from the left and the bottom of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Annotations:
    """Of one page: what is printed with it, and comments that only programs show."""

    typed: tuple[Typed, ...] = ()
    comments: tuple[str, ...] = ()


def prepare(document: Any) -> None:
    """Makes the values of form fields readable; to be called before pages are opened."""
    if document.get_formtype() != pdfium.FORMTYPE_NONE:
        try:
            document.init_forms()
        except pypdfium2.PdfiumError:
            return  # a form that cannot be read is printed as it stands


def annotations_of(document: Any, page: Any) -> Annotations:
    """What stands on an opened page beside its own text."""
    typed: list[Typed] = []
    comments: list[str] = []
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            if pdfium.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                continue
            if kind == pdfium.FPDF_ANNOT_WIDGET:
                typed += _placed(_value(document, annotation), annotation)
            elif kind == pdfium.FPDF_ANNOT_FREETEXT:
                typed += _placed(_contents(annotation), annotation)
            elif kind in _COMMENTS and (words := _contents(annotation).strip()):
                comments.append(words)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return Annotations(tuple(typed), tuple(comments))


def _value(document: Any, annotation: Any) -> str:
    if document.formenv is None:
        return ""
    kind = pdfium.FPDFAnnot_GetFormFieldType(document.formenv, annotation)
    if kind in _BOXES:
        return _BOXES[kind][bool(pdfium.FPDFAnnot_IsChecked(document.formenv, annotation))]
    if kind not in _VALUES:
        return ""
    return _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(document.formenv, annotation, buffer, size))


def _contents(annotation: Any) -> str:
    return _string(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))


def _string(ask: Any) -> str:
    """A text PDFium gives in UTF-16, after it has been asked for its size."""
    size = ask(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le", "replace").partition("\0")[0]


def _placed(words: str, annotation: Any) -> Iterator[Typed]:
    """The lines of a text one below the other in the box of its annotation."""
    lines = [line.strip() for line in words.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    box = pdfium.FS_RECTF()
    if not lines or not pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(box)):
        return
    height = abs(box.top - box.bottom) / len(lines)
    size = max(1.0, min(_LARGEST, height))
    for number, line in enumerate(lines):
        middle = max(box.top, box.bottom) - height * (number + 0.5)
        left, right = sorted((box.left, box.right))
        yield Typed(line, left, max(right, left + 1), middle + size / 2, middle - size / 2)
