"""OLE objects inside a Word file: files that were packed into it, and equations."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PureWindowsPath

import olefile  # type: ignore[import-untyped]

from ingest.readers.ooxml import mtef
from ingest.readers.ooxml.eq_field import eq_runs

# Between the marks of a field, in two bytes a character or in one.
_EQ_FIELD = re.compile(
    rb"\x13\0(?:[ ]\0)*([Ee]\0[Qq]\0(?:[\x16-\xff].|[\0-\x12].){1,2000}?)[\x14\x15]\0"
    rb"|\x13 *([Ee][Qq] [^\x13-\x15\0]{1,2000})",
    re.DOTALL,
)
_PACKED, _EQUATION, _TEXT = "\x01Ole10Native", "Equation Native", "WordDocument"
# olefile has no common base for what damaged files do to it.
_BROKEN = (struct.error, OSError, ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError)


def unwrapped(data: bytes) -> tuple[bytes, str]:
    """The file that an object wraps, and what it was called; other data as they are, without a name."""
    if not data.startswith(olefile.MAGIC):
        return data, ""
    try:
        with olefile.OleFileIO(data) as compound:
            if compound.exists("Package"):
                return bytes(compound.openstream("Package").read()), ""
            if compound.exists(_PACKED):
                return _packed(bytes(compound.openstream(_PACKED).read()))
    except _BROKEN:
        pass
    return data, ""


def _packed(stream: bytes) -> tuple[bytes, str]:
    """The file in a stream of the Object Packager: its size, two names, what it was made of, the data."""
    at = 6
    names = []
    for _ in range(2):
        end = stream.index(0, at)
        names.append(stream[at:end].decode("gb18030", "replace"))
        at = end + 1
    at += 4
    (length,) = struct.unpack_from("<I", stream, at)
    at += 4 + length
    (size,) = struct.unpack_from("<I", stream, at)
    at += 4
    if not 0 < size <= len(stream) - at:
        raise ValueError(size)
    return stream[at : at + size], PureWindowsPath(names[0]).name


def equation_of(data: bytes) -> str:
    """The equation of an object in one line; empty where it holds none that can be read."""
    if not data.startswith(olefile.MAGIC):
        return ""
    try:
        with olefile.OleFileIO(data) as compound:
            return mtef.linear(bytes(compound.openstream(_EQUATION).read())) if compound.exists(_EQUATION) else ""
    except (*_BROKEN, mtef.MtefError):
        return ""


def equations_in(file: Path) -> list[str]:
    """The equations that are objects or EQ fields of an old Word file, in one line each."""
    found: list[str] = []
    try:
        with olefile.OleFileIO(file) as compound:
            if compound.exists(_TEXT):
                found += _eq_fields(bytes(compound.openstream(_TEXT).read()))
            for path in compound.listdir():
                if path[-1] == _EQUATION:
                    with suppress(mtef.MtefError):
                        found.append(mtef.linear(bytes(compound.openstream(path).read())))
    except _BROKEN:
        return found
    return found


def _eq_fields(stream: bytes) -> Iterator[str]:
    """What the EQ fields in the text of an old Word file show."""
    for wide, narrow in _EQ_FIELD.findall(stream):
        instruction = wide.decode("utf-16-le", "replace") if wide else narrow.decode("cp1252", "replace")
        if shown := "".join(run.text for run in eq_runs(instruction)).strip():
            yield shown
