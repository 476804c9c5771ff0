"""What an import did, file by file: articles, the account of characters, issues, seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from archive.model.errors import WenshiError
from archive.model.records import Article, Issue
from ingest.text.account import COUNT_OF_READER, Difference, UnaccountedError
from ingest.text.characters import stored_characters

EXIT_PARTLY = 3
_LISTED = 20  # issues of one code shown in the text form; JSON has all


class Outcome(StrEnum):
    """What became of a file."""

    ADDED = "added"
    ALREADY = "already"
    SAME = "same"
    DECLINED = "declined"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(slots=True)
class FileReport:
    """One file. `characters_in` = `stored` + the characters of `issues`, all without white space.

    `seconds` per step: read, split, count, compare, store. `error` is set where the outcome is FAILED. `ids` are those
    of the articles in the library, in order; none where nothing was stored. `refused` are lines (from 1) of the file
    that are not to be kept in its original either.
    """

    file: str
    collection: str = ""
    outcome: Outcome = Outcome.FAILED
    articles: int = 0
    characters_in: int = 0
    stored: int = 0
    issues: tuple[Issue, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    error: WenshiError | None = None
    ids: tuple[str, ...] = ()
    refused: tuple[int, ...] = ()

    @property
    def accounted(self) -> int:
        """Characters left out of the stored text, each by an issue that says so."""
        return sum(issue.characters for issue in self.issues if issue.code.type.drops)

    def as_json(self) -> dict[str, object]:
        """The report as plain values."""
        values: dict[str, object] = {
            "file": self.file,
            "collection": self.collection,
            "outcome": self.outcome.value,
            "articles": self.articles,
            "characters": {"in": self.characters_in, "stored": self.stored, "accounted": self.accounted},
            "issues": [
                {"code": i.code.value, "place": i.place, "message": i.message, "characters": i.characters}
                for i in self.issues
            ],
            "seconds": {step: round(seconds, 3) for step, seconds in self.seconds.items()},
        }
        if self.error is not None:
            values["error"] = {"code": self.error.code, "message": self.error.message, "hint": self.error.hint}
        if isinstance(self.error, UnaccountedError):
            values["differences"] = [difference.as_json() for difference in self.error.differences]
        return values

    def as_text(self) -> str:
        """The report as people read it."""
        if self.error is not None:
            return f"✗ {self.file}：没有收入（{self.error.message}）"
        match self.outcome:
            case Outcome.ALREADY:
                return f"＝ {self.file}：以前已经收入（{self.articles} 篇），没有新内容"
            case Outcome.SAME:
                return f"＝ {self.file}：馆藏里都有文字完全相同的，按您的选择没有再收"
            case Outcome.DECLINED:
                return f"－ {self.file}：按您的选择没有收入"
            case Outcome.SKIPPED:
                return f"－ {self.file}：不是文稿，跳过"
        took = "，".join(f"{_STEPS.get(step, step)} {seconds:.2f} 秒" for step, seconds in self.seconds.items())
        lines = [
            f"✓ {self.file} → {self.collection}：{self.articles} 篇（{took}）",
            f"    字数（不计空白）：读到 {self.characters_in} = 收入 {self.stored} + 说明 {self.accounted}",
        ]
        counts = Counter(issue.code for issue in self.issues)
        shown: Counter[str] = Counter()
        for issue in self.issues:
            shown[issue.code] += 1
            if shown[issue.code] <= _LISTED:
                lines.append(f"    · {issue.place}：{issue.message}")
            elif shown[issue.code] == _LISTED + 1:
                lines.append(
                    f"    · 同类情况（{issue.code.type.title}）还有 {counts[issue.code] - _LISTED} 处，用 --json 看全部"
                )
        return "\n".join(lines)


_STEPS = {"read": "读取", "split": "分篇", "count": "清点", "compare": "查重", "store": "入库", "index": "索引"}


@dataclass(slots=True)
class Report:
    """All files of one import; `index_seconds` is spent once, at the end, for all of them."""

    files: list[FileReport] = field(default_factory=list)
    index_seconds: float = 0.0

    @property
    def failed(self) -> list[FileReport]:
        """The files that could not be taken in."""
        return [file for file in self.files if file.outcome is Outcome.FAILED]

    @property
    def exit_code(self) -> int:
        """0 where nothing failed, EXIT_PARTLY where something did, the first error's own code where everything did."""
        failed = self.failed
        if not failed:
            return 0
        tried = [file for file in self.files if file.outcome is not Outcome.SKIPPED]
        if len(failed) == len(tried) and failed[0].error is not None:
            return failed[0].error.exit_code
        return EXIT_PARTLY

    def as_json(self) -> dict[str, object]:
        """The whole report as plain values."""
        added = [file for file in self.files if file.outcome is Outcome.ADDED]
        return {
            "files": [file.as_json() for file in self.files],
            "articles": sum(file.articles for file in added),
            "failed": len(self.failed),
            "seconds": {"index": round(self.index_seconds, 3)},
        }

    def as_text(self) -> str:
        """The whole report as people read it."""
        added = [file for file in self.files if file.outcome is Outcome.ADDED]
        lines = [file.as_text() for file in self.files]
        total = f"合计：{len(self.files)} 个文件，新收 {sum(file.articles for file in added)} 篇"
        if self.failed:
            total += f"，{len(self.failed)} 个文件没有收入"
        if added:
            total += f"；索引 {self.index_seconds:.2f} 秒"
        return "\n".join([*lines, total])


def reconcile(report: FileReport, articles: Sequence[Article]) -> Difference | None:
    """Fills in the account of characters; how far it does not come out, None where it does."""
    report.articles = len(articles)
    report.stored = stored_characters(block for article in articles for block in article.blocks)
    if report.characters_in == report.stored + report.accounted:
        return None
    return Difference(COUNT_OF_READER, "字", report.characters_in, report.stored, report.accounted)
