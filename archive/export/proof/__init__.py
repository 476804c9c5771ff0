"""Reading proofs (校对) before a book is printed: places worth an editor's look. Nothing is ever changed."""

from archive.export.proof.checks import CHECKS, Check, proof
from archive.export.proof.findings import Finding, Report, Severity
from archive.export.proof.passages import UsageRule
from archive.export.proof.proof_report import line, suggested, summary, write_report

__all__ = [
    "CHECKS",
    "Check",
    "Finding",
    "Report",
    "Severity",
    "UsageRule",
    "line",
    "proof",
    "suggested",
    "summary",
    "write_report",
]
