"""Records that must not be kept, taken out of the original before it is stored."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ingest.pipeline.report import FileReport
from ingest.pipeline.sources import Source


@contextmanager
def without_secrets(source: Source, report: FileReport) -> Iterator[Source]:
    """The file as it may be kept: without the lines of records that are state secrets."""
    if not report.refused:
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder, source.file.name)
        copy.write_bytes(_without(source.file.read_bytes(), report.refused))
        yield replace(source, file=copy)


def _without(data: bytes, lines: Sequence[int]) -> bytes:
    """The bytes of a file of records without some of its lines (from 1)."""
    wide = data[:2] in (
        codecs.BOM_UTF16_LE,
        codecs.BOM_UTF16_BE,
    )  # in all other encodings, no character holds a line feed
    end = ("\n".encode("utf-16-le") if data[:2] == codecs.BOM_UTF16_LE else "\n".encode("utf-16-be")) if wide else b"\n"
    return end.join(one for number, one in enumerate(_split(data, end), 1) if number not in lines)


def _split(data: bytes, end: bytes) -> list[bytes]:
    """The lines; in UTF-16 a line feed begins at an even byte."""
    if len(end) == 1:
        return data.split(end)
    found, start = [], 0
    at = data.find(end)
    while at >= 0:
        if at % 2 == 0:
            found.append(data[start:at])
            start = at + 2
        at = data.find(end, at + 1)
    return [*found, data[start:]]
