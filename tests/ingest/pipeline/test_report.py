"""The report of one file: its account of characters, and its text form."""

from archive.model.issues import IssueCode
from archive.model.records import Issue
from ingest.pipeline.report import FileReport, Outcome


def test_only_codes_that_drop_text_account_for_characters() -> None:
    issues = (Issue(IssueCode.HIDDEN, "第 1 段", "未收入", 3), Issue(IssueCode.COLUMNS, "第 1 页", "请核对", 5))
    assert FileReport("稿.docx", issues=issues).accounted == 3


def test_many_issues_of_a_code_are_summed_up_by_its_title() -> None:
    issues = tuple(Issue(IssueCode.OCR_DOUBTFUL, f"第 {number} 行", "请核对") for number in range(1, 31))
    report = FileReport("稿.pdf", outcome=Outcome.ADDED, issues=issues)
    assert "同类情况（机器没有把握的行）还有 10 处" in report.as_text()
    assert {issue["code"] for issue in report.as_json()["issues"]} == {"ocr-doubtful"}  # type: ignore[attr-defined]
