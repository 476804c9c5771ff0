"""Imports whose characters do not add up: held, unless an editor who has seen the counts says otherwise.

A release names the counts it was given for, so that it never covers more than its editor has seen, and is written down
with its reason: as an issue of the import and in the audit log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.model.errors import UsageError
from archive.model.issues import IssueCode
from archive.model.records import Issue
from ingest.pipeline.report import FileReport
from ingest.text.account import COUNT_OF_READER, Difference, UnaccountedError

_CHARACTERS, _PASSAGES = 20, 3  # told in a message; the report as JSON and the page in the browser tell all


@dataclass(frozen=True, slots=True)
class Release:
    """An editor's word that a held file is to go in as it is. `counts` are those of the hold (see `counts_of`)."""

    counts: str
    reason: str
    who: str


def counts_of(differences: Sequence[Difference]) -> str:
    """The two numbers of each difference, as an editor repeats them: `240130/240118`, several with commas."""
    return ",".join(f"{one.found}/{one.stored}" for one in differences)


def settle(report: FileReport, differences: Sequence[Difference], release: Release | None) -> None:
    """Lets a file pass whose counts come out, or which `release` is for: then issues tell what is missing.

    Afterwards the account of the report comes out too. Raises UnaccountedError for a file that is held, UsageError for
    a release without a reason or for a file that need not be released.
    """
    if release is not None and not (release.reason.strip() and release.who.strip()):
        raise UsageError("放行要写明理由和经手人", place=report.file, hint="写下为什么可以不要缺的字、谁决定的")
    if not differences:
        if release is not None:
            raise UsageError("这个文件的字数对得上，不用放行", place=report.file, hint="照平常收入")
        return
    if release is None or release.counts != counts_of(differences):
        raise _held(report.file, differences, release)
    for one in differences:
        lost = max(0, one.missing)
        if one.count == COUNT_OF_READER:
            report.characters_in = max(report.characters_in, report.stored + report.accounted)
        else:
            report.characters_in += lost  # the reader did not meet them, the file has them all the same
        message = f"{one.as_text()}；{release.who}决定仍然收入，理由：{release.reason.strip()}"
        report.issues += (Issue(IssueCode.RELEASED, report.file, message, lost), *_unfound(one))


def _unfound(difference: Difference) -> list[Issue]:
    return [
        Issue(IssueCode.UNFOUND, passage.part or "文件中", f"“{passage.text}”没有原样收入，请与原件核对")
        for passage in difference.passages
    ]


def _held(file: str, differences: Sequence[Difference], release: Release | None) -> UnaccountedError:
    counts = counts_of(differences)
    other = f"放行写的是 {release.counts}，现在是 {counts}；" if release is not None else ""
    message = f"{other}{'；'.join(one.as_text() for one in differences)}，为免丢字没有收入"
    for one in differences:
        if one.characters:
            named = "、".join(f"{character}×{count}" for character, count in one.characters[:_CHARACTERS])
            message += f"\n  少的字：{named}{'……' if len(one.characters) > _CHARACTERS else ''}"
        for passage in one.passages[:_PASSAGES]:
            message += f"\n  没有找到：{passage.part} “{passage.text}”"
    hint = (
        "请把稿件和这条信息交给维护者；急用时可在 Word 中另存为新的 .docx，或另存为纯文本（UTF-8）后导入；"
        f"看过之后确认缺的字可以不要，加上 --release-held {counts} --reason 理由 收入"
    )
    error = UnaccountedError(message, place=file, hint=hint)
    error.differences = tuple(differences)
    return error
