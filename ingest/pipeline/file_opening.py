"""What an isolated process does before files are read: archives opened, passwords applied, old formats converted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from archive.model.errors import ReadError, StorageError
from ingest.pipeline.sources import Source, beside
from ingest.pipeline.staging import Ready
from ingest.readers import containers, mime, protected, registry
from ingest.readers import converted as by_libreoffice
from ingest.readers.faults import faults


def opened(source: Source, folder: Path, password: str) -> list[Ready]:
    """The source itself with what is attached to it, or the members of an archive."""
    return list(_members(source, folder, password))


def _members(source: Source, folder: Path, password: str) -> Iterator[Ready]:
    one = _recognised(source, folder, password)
    if one.form != "archive":
        yield one
        if one.form == "mime" and not source.alone:
            yield from _attached(one, folder, password)
        return
    try:
        with faults(source.name):
            members = list(containers.unpack(one.reading, source.name, Path(tempfile.mkdtemp(dir=folder)), password))
            if not members:
                raise ReadError("压缩包里没有文件", place=source.name, hint="请确认压缩包，重新取得文件")
    except (ReadError, StorageError) as fault:
        yield replace(one, fault=fault)
        return
    lesser = beside([member.name for member in members])
    for member in members:
        inner = replace(source, file=member.file, name=member.name, skipped=member.name in lesser)
        if member.fault:
            yield Ready(inner, member.file, fault=member.fault)
        else:
            yield from _members(inner, folder, password)


def _attached(mail: Ready, folder: Path, password: str) -> Iterator[Ready]:
    """The attachments of a mail that are manuscripts, each a file of its own, with what is attached to it."""
    source = mail.source
    try:
        with faults(source.name):
            members = list(mime.attached(mail.reading, source.name, Path(tempfile.mkdtemp(dir=folder))))
    except (ReadError, StorageError):
        return  # the reader of the mail says what is wrong with it
    for member in members:
        yield from _members(replace(source, file=member.file, name=member.name), folder, password)


def _recognised(source: Source, folder: Path, password: str) -> Ready:
    """The source with its format; a locked file is read from an unlocked copy."""
    one = Ready(source, source.file)
    if source.skipped:
        return one
    try:
        with faults(source.name):
            head = registry.head_of(source.file, source.name)
            if protected.is_protected(head, source.file):
                one.reading = Path(tempfile.mkdtemp(dir=folder), f"0{source.file.suffix}")
                protected.unlock(source.file, source.name, password, one.reading)
            form = registry.recognise(one.reading, source.name)
            one.form, one.office = form.name, form.office
    except (ReadError, StorageError) as fault:
        one.fault = fault
    return one


def converted(waiting: Sequence[Ready], folder: Path) -> list[Ready]:
    """The same, to be read from the copies that LibreOffice made of them; or with the fault of those it did not."""
    made = by_libreoffice.convert([(one.reading, one.office) for one in waiting], folder)
    return [_from_copy(one, made[one.reading]) for one in waiting]


def _from_copy(one: Ready, copy: Path | ReadError) -> Ready:
    if isinstance(copy, ReadError):
        return replace(one, fault=ReadError(copy.message, place=one.source.name, hint=copy.hint))
    left = by_libreoffice.left_behind(one.office, one.reading)
    return replace(one, reading=copy, form=registry.DOCX.name, issues=left, before=(one.office, one.reading))
