"""`wenshi proof`: a file proof-read without a library."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import click

from archive.export.proof import Finding, Report, line, summary, write_report
from archive.model.errors import ReadError, UsageError
from archive.support.files import replacing
from archive.support.isolation.isolated_process import ProcessLost, borrowed
from ingest.pipeline.file_proof import FileProof

_PROOFED = "ingest.pipeline.file_proofing:proofed"
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="校对一个文件，不用资料库。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-o", "--output", type=_FILE, default=None, metavar="FILE", help="报告写成 .xlsx、.csv 或 .md 文件。")
@click.option("--comments", type=_FILE, default=None, metavar="FILE.docx", help="另写一份加了批注的 Word 文件。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
def proof(file: Path, output: Path | None, comments: Path | None, as_json: bool) -> None:
    """校对一个 Word、文本等文件，列出值得再看一眼的地方。文件本身不改动，也不用资料库。"""
    _require_copies(file, output, comments)
    done = _proofed(file, comments)
    report = done.report
    if output is not None:
        write_report(report, output)
    if as_json:
        click.echo(json.dumps([_values(report, each) for each in report.findings], ensure_ascii=False, indent=2))
    elif output is None:
        for each in report.findings:
            click.echo(line(each))
    click.echo(summary(report), err=True)
    if comments is not None:
        lost = f"，{done.unplaced} 处在注文、文本框里，加不上批注，见报告" if done.unplaced else ""
        click.echo(f"批注写在 {comments}{lost}。", err=True)


def _require_copies(file: Path, output: Path | None, comments: Path | None) -> None:
    """Raises UsageError where something would be written over the file, or comments into what holds none."""
    for other in filter(None, (output, comments)):
        if other.exists() and other.samefile(file):
            raise UsageError("不能写在原文件上", place=str(other), hint="换一个文件名")
    if comments is not None and comments.suffix.lower() != ".docx":
        raise UsageError("批注只能写成 .docx 文件", place=str(comments), hint="文件名以 .docx 结尾")


def _proofed(file: Path, comments: Path | None) -> FileProof:
    with ExitStack() as open_things:
        copy = open_things.enter_context(replacing(comments)) if comments is not None else None
        process = open_things.enter_context(borrowed())
        try:
            done: FileProof = process.call(
                "ingest.pipeline.file_proofing:proofed", file, file.name, copy, returns=FileProof
            )
        except ProcessLost as error:
            raise ReadError("文件太大或者有毛病，没有校对完", place=file.name, hint="拆成几个文件再试") from error
    return done


def _values(report: Report, finding: Finding) -> dict[str, object]:
    return {
        "block": finding.block,
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "context": finding.excerpt,
        "code": finding.code,
        "check": report.names[finding.code],
        "severity": finding.severity.value,
        "reason": finding.message,
        "suggestion": finding.suggestion,
        "more": finding.others,
    }
