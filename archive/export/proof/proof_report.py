"""The report as a file to work through: Excel, CSV or Markdown; and a finding in one line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from archive.export.markdown import escape
from archive.export.proof.findings import Finding, Report
from archive.model.errors import UsageError
from archive.support.files import replacing
from archive.support.sheets import write_csv, write_xlsx

HEADER = ("等级", "检查", "篇名", "段", "字", "原文", "说明", "建议改为", "文章", "代码", "指纹")
DELETED = "（删去）"
SUFFIXES = (".xlsx", ".csv", ".md")


def write_report(report: Report, file: Path) -> None:
    """Write a report, whole or not at all, in the format of the suffix: .xlsx, .csv or .md.

    Raises UsageError for another suffix, StorageError.
    """
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(
            f"校对报告不能写成“{file.suffix}”", hint=f"文件名以 {'、'.join(SUFFIXES)} 结尾", place=str(file)
        )
    rows = [row(report, finding) for finding in report.findings]
    with replacing(file) as temporary:
        if suffix == ".xlsx":
            write_xlsx(temporary, [("校对", HEADER, rows), ("统计", ("检查", "代码", "处数"), _statistics(report))])
        elif suffix == ".csv":
            write_csv(temporary, HEADER, rows)
        else:
            temporary.write_text("\n".join(_markdown(report)) + "\n", encoding="utf-8")


def row(report: Report, finding: Finding) -> tuple[str, ...]:
    """A finding under HEADER; characters are counted from 1, blocks as in permalinks (the title is 0)."""
    return (
        finding.severity.value,
        report.names[finding.code],
        finding.title,
        str(finding.block),
        str(finding.start + 1),
        finding.excerpt,
        finding.message,
        suggested(finding),
        finding.article,
        finding.code,
        finding.fingerprint,
    )


def suggested(finding: Finding) -> str:
    """What the suggestion says in words; empty without one."""
    return DELETED if finding.suggestion == "" else finding.suggestion or ""


def line(finding: Finding) -> str:
    """A finding in one line, for the screen: severity, place, excerpt, message, suggestion."""
    change = f" → {suggested(finding)}" if finding.suggestion is not None else ""
    place = f"《{' '.join(finding.title.split())}》第 {finding.block} 段"
    return "　".join((finding.severity.value, place, finding.excerpt, finding.message + change))


def summary(report: Report) -> str:
    """How much was found, in one sentence."""
    counted = "、".join(f"{severity.value} {count} 处" for severity, count in report.severities.items())
    left_out = f"；另有 {report.ignored} 处已忽略" if report.ignored else ""
    return f"共 {report.characters} 字，{counted}{left_out}。"


def _statistics(report: Report) -> list[tuple[str, str, str]]:
    return [(report.names[code], code, str(count)) for code, count in report.counts.items()]


def _markdown(report: Report) -> Iterator[str]:
    yield f"# 校对：{escape(report.title)}"
    yield f"\n{summary(report)}\n"
    for name, code, count in _statistics(report):
        yield f"- {name} {count} 处（`{code}`）"
    for severity, findings in groupby(report.findings, key=lambda finding: finding.severity):
        yield f"\n## {severity.value}"
        for title, in_text in groupby(findings, key=lambda finding: finding.title):
            yield f"\n### {escape(' '.join(title.split()))}\n"
            for finding in in_text:
                change = f" → {escape(suggested(finding))}" if finding.suggestion is not None else ""
                yield f"- 第 {finding.block} 段：{escape(finding.excerpt)} {escape(finding.message)}{change}"
