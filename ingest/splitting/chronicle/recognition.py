"""Whether a manuscript is a chronicle, told by its years and by how many of its paragraphs begin with a date."""

from __future__ import annotations

import enum
import re

from archive.model.records import Kind, Manuscript
from ingest.splitting.chronicle.chronicle_lines import ChronicleLine, lines_of_chronicle
from ingest.splitting.chronicle.opening import Base, month_line, opening, titled_year, year_line

_LINES = (Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.HEADING, Kind.TITLE)
_TITLE = re.compile(
    r"大事(?:年|编年|系年|月)?[记記表]|大事(?:年表|编年|纪要|摘要|辑要)|编年(?:纪事|记事)|[纪记]年(?:纪事|记事)?|年[谱譜表]|史事?系年"
)
_NAMED = 5  # lines: its title stands so near the beginning
_YEARS, _ENTRIES = 2, 5
_MOST, _HALF, _SOME = 0.75, 0.5, 0.25  # of the paragraphs begin with a date
_MANY_YEARS = 10
_LONG = 12  # characters; shorter paragraphs without a date are headings and captions


class ChronicleLikelihood(enum.Enum):
    """How like a chronicle a manuscript is."""

    NONE = 0
    LIKELY = 1  # worth asking
    SURE = 2


def likeness(manuscript: Manuscript) -> ChronicleLikelihood:
    """Years in order with dated paragraphs below them make a chronicle; a title that says so needs fewer of them."""
    lines = lines_of_chronicle(manuscript.blocks)
    prose = [line for line in lines if line.block.kind in _LINES and line.words.strip()]
    named = any(titled_year(line.words) for line in prose[:_NAMED])
    titled = any(_TITLE.search("".join(line.words.split())) for line in prose[:_NAMED] if len(line.words) < 40)
    years, dated, others = int(named), 0, 0
    below = False  # a line that is only a year
    for line in prose:
        under, below = below, False
        found = None if line.block.kind is Kind.TITLE else opening(line.words)
        if line.block.kind is not Kind.TITLE and year_line(line.words, number=line.block.kind is Kind.HEADING):
            years += 1
            below = True
        elif found is not None and (line.alone or found.base is not Base.LAST):
            dated += 1
            years += found.year is not None
        elif titled and under:  # what happened in a year of which no day is known
            dated += 1
        elif _is_text(line) and not month_line(line.words):
            others += 1
    if years < (1 if titled else _YEARS) or dated < _ENTRIES:
        return ChronicleLikelihood.NONE
    share = dated / (dated + others)
    if share >= _MOST or (titled and share >= _SOME):
        return ChronicleLikelihood.SURE
    likely = share >= _HALF or (years >= _MANY_YEARS and share >= _SOME)
    return ChronicleLikelihood.LIKELY if likely else ChronicleLikelihood.NONE


def _is_text(line: ChronicleLine) -> bool:
    return line.block.kind is not Kind.HEADING and len(line.words.strip()) > _LONG
