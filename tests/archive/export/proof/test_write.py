"""The report as a file, and in lines."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from archive.export import make_book
from archive.export.proof import Report, line, proof, summary, write_report
from archive.export.proof.proof_report import HEADER
from archive.model.errors import StorageError, UsageError
from archive.model.records import Article, Block, Kind


@pytest.fixture
def report() -> Report:
    texts = ("再接再励,水车。", "黄\u200b河，=1+1,*星*号。")
    blocks = (Block.plain(Kind.TITLE, "水车\n记"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    return proof(make_book([Article(collection="c", id="7", blocks=blocks, source="甲")], title="书"))


def test_excel_has_the_findings_and_the_counts(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path / "校对.xlsx")
    findings, counts = openpyxl.load_workbook(tmp_path / "校对.xlsx")
    rows = list(findings.values)
    assert rows[0] == HEADER
    assert rows[1][:8] == (
        "必改",
        "错别字",
        "水车 记",
        "1",
        "1",
        "▶再接再励◀,水车。",
        "“再接再励”应为“再接再厉”",
        "再接再厉",
    )
    assert ("看不见的字符", "invisible", "1") in list(counts.values)
    deleted = next(row for row in rows if row[9] == "invisible")
    assert deleted[7] == "（删去）"
    assert [entry.name for entry in tmp_path.iterdir()] == ["校对.xlsx"]


def test_csv_opens_in_excel(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path / "校对.csv")
    with (tmp_path / "校对.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["指纹"] for row in rows] == [finding.fingerprint for finding in report.findings]


def test_markdown_can_be_read(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path / "校对.md")
    text = (tmp_path / "校对.md").read_text(encoding="utf-8")
    assert text.startswith("# 校对：书\n\n共 ")
    assert "### 水车 记" in text
    assert "\\*星\\*" in text


def test_other_suffixes_and_places_are_refused(report: Report, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_report(report, tmp_path / "校对.docx")
    with pytest.raises(StorageError):
        write_report(report, tmp_path / "没有" / "校对.xlsx")
    assert not list(tmp_path.iterdir())


def test_lines_for_the_screen(report: Report) -> None:
    assert line(report.findings[0]) == (
        "必改　《水车 记》第 1 段　▶再接再励◀,水车。　“再接再励”应为“再接再厉” → 再接再厉"
    )
    assert summary(report).endswith("必改 1 处、建议 2 处、提示 0 处。")
    ignored = proof_again(report)
    assert summary(ignored).endswith("；另有 1 处已忽略。")


def proof_again(report: Report) -> Report:
    blocks = (Block.plain(Kind.TITLE, "水车\n记"), Block.plain(Kind.PARAGRAPH, "再接再励,水车。"))
    book = make_book([Article(collection="c", id="7", blocks=blocks, source="甲")], title="书")
    return proof(book, ignored=[report.findings[0].fingerprint])
